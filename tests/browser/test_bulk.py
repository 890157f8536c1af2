"""Many claims at once in a real browser: chosen, previewed, done; a file taken in and out again."""

import json

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from claims.states import CloseReason

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone."""
    return ("web",)


def test_claims_are_chosen_previewed_and_closed_and_a_file_goes_out_and_in(sign_in, tmp_path):
    mira = sign_in("mira", viewport=WIDE)
    mira.go("/admin/claims/claim/")
    boxes = mira.page.locator('input[name="row"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    mira.sees("2 chosen")
    mira.page.get_by_label("With the chosen claims").select_option("close")
    mira.press("Go on")
    mira.page.get_by_label("Because").select_option("no_longer_followed")
    mira.page.get_by_label("Why").fill("Nobody asks for it any more.")
    mira.strike("Control+Enter")
    mira.sees("Close: what would happen")
    mira.is_not_scrolled_sideways()
    mira.strike("Control+Enter")
    mira.sees("Close: 2 of 2 claims done")
    assert Claim.objects.filter(close_reason=CloseReason.NO_LONGER_FOLLOWED).count() == 2

    mira.go("/admin/claims/claim/?status=corroborated")
    with mira.page.expect_download() as download:
        mira.page.get_by_role("link", name="JSON").click()
    path = tmp_path / "claims.json"
    download.value.save_as(path)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["filter"] == "status=corroborated"
    told["claims"] = [*told["claims"][:1], {"statement": "The ferry was full.", "status": "true"}]
    path.write_text(json.dumps(told), encoding="utf-8")

    mira.go("/admin/claims/claim/import/")
    mira.page.get_by_label("File").set_input_files(path)
    mira.press("Show what would happen")
    mira.sees("1 claim would be opened")
    mira.sees("left alone, on record as")
    mira.page.set_viewport_size(NARROW)
    mira.is_not_scrolled_sideways()
    mira.page.get_by_role("button", name="Open 1 claim").click()
    mira.sees("1 claim opened, all as reported.")
    expect(mira.find("The ferry was full.")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_many_claims_scrolls_sideways_or_breaks_its_policy(sign_in, scheme, tmp_path):
    mira = sign_in("mira", viewport=WIDE, color_scheme=scheme)
    file = tmp_path / "claims.csv"
    file.write_text("statement,kind\nThe ferry was full.,fact\nLong words.,rumour\n")

    def look():
        for viewport in (NARROW, WIDE):
            mira.page.set_viewport_size(viewport)
            mira.is_not_scrolled_sideways()

    for path in ("/admin/claims/claim/", "/admin/queue/", "/admin/claims/claim/import/"):
        mira.go(path)
        look()
    mira.page.get_by_label("File").set_input_files(file)
    mira.press("Show what would happen")
    look()
    mira.go("/admin/claims/claim/")
    for number in range(3):
        mira.page.locator('input[name="row"]').nth(number).check()
    mira.page.get_by_label("With the chosen claims").select_option("corroborate")
    mira.press("Go on")
    look()
    mira.page.get_by_label("Why").fill("Two agree.")
    mira.press("Show what would happen Ctrl ↵")
    look()
