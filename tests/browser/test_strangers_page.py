"""A page nobody wrote for the demonstration, put in through the desk, is flagged as rightly."""

import pytest
from playwright.sync_api import expect

from claims.models import Evidence, Flag
from claims.states import FlagKind, QuoteState
from tests.site import QUOTE
from tests.until import until

STATEMENT = "At least 240 houses in the valley were under water."


@pytest.fixture
def stranger(strangers_site):
    strangers_site.begin_anew()
    return strangers_site


def put_in(mira, stranger) -> Evidence:
    """Open a claim and link the page, through the forms alone."""
    page = mira.page
    mira.go("/admin/claims/claim/new/")
    page.get_by_label("Statement").fill(STATEMENT)
    mira.press("Put on record")
    mira.sees(STATEMENT)
    page.get_by_text("Write it by hand").click()
    form = page.locator("#add-evidence")
    form.get_by_label("Address of the page").fill(f"http://{stranger.place}/flood")
    form.get_by_label("Quote", exact=True).fill(QUOTE)
    mira.press("Add the evidence")
    mira.sees(QUOTE)
    return Evidence.objects.get(quote=QUOTE)


def stands(row: Evidence) -> bool:
    row.refresh_from_db()
    return row.quote_state == QuoteState.STANDING


def test_an_edited_figure_of_a_strangers_page_comes_back_to_the_desk(sign_in, stranger):
    mira = sign_in("mira")
    row = put_in(mira, stranger)
    until(lambda: stands(row), within_s=25)

    stranger.menu = "Weather Traffic and a large advertisement"
    until(lambda: row.source.snapshots.count() > 0, within_s=25)
    stranger.quote = QUOTE.replace("240", "410")
    until(lambda: Flag.objects.filter(claim=row.claim).exists(), within_s=25)

    assert [flag.kind for flag in Flag.objects.filter(claim=row.claim)] == [FlagKind.FIGURE_ALTERED]
    mira.go(f"/admin/claims/claim/{row.claim.reference}/")
    changed = mira.page.locator("table.diff tr.changed").first
    expect(changed).to_contain_text("240")
    expect(changed).to_contain_text("410")


def test_a_bad_address_is_refused_with_its_reason_and_nothing_is_lost(sign_in, stranger):
    mira = sign_in("mira")
    mira.go("/admin/claims/claim/")
    mira.page.get_by_role("link", name="About 1,500 North Korean").first.click()
    mira.page.get_by_role("link", name="Add evidence").click()
    mira.page.get_by_text("Write it by hand").click()
    form = mira.page.locator("#add-evidence")
    form.get_by_label("Address of the page").fill("http://user:secret@example.org/")
    form.get_by_label("Quote", exact=True).fill("Words I would not like to type again.")
    mira.press("Add the evidence")
    expect(mira.page.locator("main")).to_contain_text("credentials")
    expect(form.get_by_label("Quote", exact=True)).to_have_value(
        "Words I would not like to type again."
    )
