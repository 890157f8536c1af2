"""The board in a real browser: it follows the record, disturbs nobody, and prints on one page."""

import re

import pytest
from playwright.sync_api import expect

from claims.access import actor_of
from claims.models import Claim, User
from claims.services import reviews
from claims.services.status import decide
from claims.states import ClaimStatus, FlagKind, Ground
from tests.browser.test_accessibility import faults_of

PAGES = re.compile(rb"/Type\s*/Page\b")
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def processes() -> tuple[str, ...]:
    return ("web",)


def dispute_elsewhere() -> Claim:
    """An editor disputes a reported claim, in another process than the web's."""
    editor = actor_of(User.objects.filter(memberships__role="editor").order_by("pk")[0])
    claim = Claim.objects.filter(status=ClaimStatus.REPORTED, closed_at=None).order_by("-pk")[0]
    decide(
        editor,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=Ground.CONFLICTING_ACCOUNTS,
        rationale="Two counts that cannot both be so.",
        seen=claim.revision,
    )
    return claim


def test_the_board_follows_a_change_made_elsewhere_but_not_under_ones_hands(sign_in):
    mira = sign_in("mira", viewport=WIDE)
    mira.go("/")
    page = mira.page
    page.locator("#backlog-defined summary").click()
    page.locator("#late a.big").focus()
    before = page.locator("#late").inner_text()
    claim = dispute_elsewhere()
    expect(page.locator("#disputed")).to_contain_text(claim.statement)
    expect(page.get_by_role("status").first).to_contain_text("The board changed: ")
    expect(page.locator("#backlog-defined")).to_have_attribute("open", "")
    assert page.locator("#late").inner_text() == before
    assert page.evaluate("document.activeElement.closest('.panel').id") == "late"


def test_the_board_has_no_fault_wide_or_narrow_and_prints_on_one_page(sign_in):
    mira = sign_in("mira", viewport=WIDE)
    claim = dispute_elsewhere()
    reviews.ask_for_review(
        actor_of(User.objects.get(username="mira")), claim.pk, kind=FlagKind.TIP, detail="Look."
    )
    mira.go("/")
    assert len(PAGES.findall(mira.page.pdf(prefer_css_page_size=True))) == 1
    for viewport in (WIDE, PHONE):
        mira.page.set_viewport_size(viewport)
        mira.is_not_scrolled_sideways()
    mira.go("/claims/?work=open")
    mira.is_not_scrolled_sideways()
    mira.go("/")
    assert mira.complaints == []
    assert faults_of(mira.page) == []
    mira.complaints.clear()  # of axe's own style sheet
