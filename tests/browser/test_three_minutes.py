"""README's first three minutes, played as a newcomer plays them."""

import json
import urllib.request
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from claims.models import Claim, Flag, Review, Source
from claims.states import FlagKind
from tests.until import until

ABOUT_1500 = "About 1,500 North Korean soldiers have reached Russia."
COMMITTEE = "A House of Representatives intelligence committee has requested"


@pytest.fixture
def control(demonstration, chromium):
    """The demonstration's control page: a button per event."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{demonstration.site_url}control/")
    yield page
    context.close()


def press(control, name: str) -> None:
    control.get_by_role("button", name=name, exact=True).click()


def all_read() -> bool:
    return not Source.objects.filter(snapshot=None).exists()


def entries(demonstration) -> list[dict]:
    """Follow the change feed to its end with the token of the table, as curl would."""
    followed, after = [], 0
    while True:
        request = urllib.request.Request(
            f"{demonstration.url}api/v1/changes/?after={after}&limit=200",
            headers={"Authorization": f"Bearer {demonstration.sign_ins['token']}"},
        )
        with urllib.request.urlopen(request) as answer:
            page = json.load(answer)
        followed += page["entries"]
        after = page["next_after"]
        if page["caught_up"]:
            return followed


def test_the_article_shows_its_claims_marked_by_status(sign_in):
    ravi = sign_in("ravi")
    ravi.go("/articles/")
    ravi.page.get_by_role("link", name="North Korean troops in Russia").click()
    for status in ("Reported", "Corroborated", "Disputed"):
        ravi.sees(status)
    marks = ravi.page.locator("mark")
    expect(marks.first).to_be_visible()
    assert marks.count() >= 14
    ravi.sees("Demonstration data")


def test_four_pages_of_one_origin_are_refused_in_words(sign_in, demonstration):
    until(all_read)
    claim = Claim.objects.get(statement=ABOUT_1500)
    mira = sign_in("mira")
    mira.go(f"/admin/claims/claim/{claim.reference}/")
    mira.sees("4 pages, 1 origin: all repeat the NIS.")
    mira.sees("It needs 1 more independent origin.")
    expect(mira.page.locator("svg text").get_by_text("the NIS").first).to_be_visible()
    assert mira.page.get_by_role("button", name="Propose corroborated").count() == 0


def test_an_edited_figure_is_one_review_and_other_advertisements_are_none(
    sign_in, demonstration, control
):
    until(all_read)
    press(control, "Edit the figure")
    press(control, "Change only the advertisements and menus")
    tomas = sign_in("tomas")
    tomas.go("/admin/queue/")
    line = tomas.page.locator(".badge-word", has_text="Figure altered")
    tomas.waits_for(line)
    until(lambda: Source.objects.filter(watch__looks__gte=3).count() == Source.objects.count())
    assert Review.objects.filter(ended_at=None).count() == 1

    tomas.page.get_by_role("link", name=ABOUT_1500).first.click()
    before, after = tomas.page.locator("table.diff tr.changed").first.locator("td").all()
    expect(before).to_contain_text("1,500")
    expect(after).to_contain_text("3,000")
    tomas.sees("The page gives no notice of the change.")


def test_a_withdrawn_report_flags_its_copies(sign_in, demonstration, control):
    until(all_read)
    press(control, "The agency withdraws its report")
    mira = sign_in("mira")
    mira.go("/admin/queue/")
    mira.waits_for(mira.page.locator(".badge-word", has_text="Relayed source retracted"))
    copies = Flag.objects.filter(kind=FlagKind.RELAYED_RETRACTED)
    assert copies.values("evidence__source").distinct().count() >= 2
    claim = Claim.objects.get(statement=ABOUT_1500)
    mira.go(f"/claims/{claim.reference}/")
    mira.sees("Basis in question")


def test_a_second_person_signs_off_what_the_proposer_cannot(sign_in, demonstration):
    until(all_read)
    claim = Claim.objects.get(statement__startswith=COMMITTEE)
    page = f"/admin/claims/claim/{claim.reference}/"
    mira = sign_in("mira")
    mira.go(page)
    mira.sees("another person signs")
    assert mira.page.get_by_role("button", name="Sign off").count() == 0

    tomas = sign_in("tomas")
    tomas.go(page)
    tomas.page.get_by_role("link", name="Read and sign off").click()
    tomas.sees("tick what you have seen")
    for tick in tomas.page.locator(".seen-tick input").all():
        tick.check()
    tomas.press("Sign off")
    expect(tomas.page.locator(".claim-head .s-corroborated")).to_be_visible()

    told = entries(demonstration)
    assert [entry["seq"] for entry in told] == list(range(1, len(told) + 1))
    assert "signed_off" in {entry["kind"] for entry in told}
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("whole: ")


@pytest.mark.parametrize("width", [pytest.param(1440, marks=pytest.mark.long), 390])
def test_no_page_scrolls_sideways(sign_in, demonstration, width):
    claim = Claim.objects.get(statement=ABOUT_1500)
    edith = sign_in("edith", viewport={"width": width, "height": 900})
    source = Source.objects.first()
    for path in (
        "/",
        "/articles/",
        f"/claims/{claim.reference}/",
        "/admin/queue/",
        "/admin/claims/claim/",
        "/admin/claims/claim/new/",
        f"/admin/claims/claim/{claim.reference}/",
        f"/admin/claims/source/{source.reference}/",
    ):
        edith.go(path)
        edith.is_not_scrolled_sideways()
