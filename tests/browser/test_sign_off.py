"""Two people and one keyboard each: proposed by one, read, ticked and signed off by the other."""

import pytest
from playwright.sync_api import expect

from claims.access import actor_of
from claims.models import Claim, Evidence, Proposal, User
from claims.queries.opinion import opinion_on
from claims.services import proposals
from claims.states import ClaimStatus, Ground, QuoteState
from tests.browser.test_queue import NARROW, WIDE, keys
from tests.claims.cast import fresh


@pytest.fixture
def processes() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def proposed(demonstration):
    """Every claim of the demonstration that could be corroborated, proposed by Tomas."""
    Evidence.objects.update(quote_state=QuoteState.STANDING)  # as if the watch had found them
    tomas = actor_of(User.objects.get(username="tomas"))
    reported = Claim.objects.filter(status=ClaimStatus.REPORTED, closed_at=None).order_by("pk")
    made = []
    for claim in reported.exclude(proposals__state="open"):
        opinion = opinion_on(claim.pk)
        grounds = opinion.grounds[ClaimStatus.CORROBORATED]
        if grounds and claim.desk.slug in dict(tomas.roles):
            why = " ".join(["What counts says the same.", *opinion.disputing])
            row = proposals.propose(
                tomas,
                claim.pk,
                to=ClaimStatus.CORROBORATED,
                ground=Ground(grounds[0]),
                rationale=why,
                seen=claim.revision,
            )
            made.append(row)
    assert made
    return made


def test_a_proposal_is_read_ticked_and_signed_off_by_keyboard_alone(sign_in, proposed):
    claim = proposed[0].claim
    mira = sign_in("mira", viewport=WIDE)
    mira.go(f"/admin/claims/claim/{claim.reference}/")
    keys(mira, "g")
    expect(mira.page).to_have_url(f"{mira.stack.url}admin/claims/claim/{claim.reference}/sign-off/")
    boxes = mira.page.locator("[data-row] input[type=checkbox]")
    expect(boxes.first).to_be_visible()
    number = boxes.count()
    keys(mira, "Control+Enter")
    mira.sees("Not signed off.")
    keys(mira, "g", *["j", "g"] * (number - 1))
    assert boxes.evaluate_all("all => all.every((box) => box.checked)")
    keys(mira, "Control+Enter")
    mira.sees("Signed off: the claim is corroborated.")
    assert fresh(claim).status == ClaimStatus.CORROBORATED
    assert Proposal.objects.get(pk=proposed[0].pk).sign_off.signed_by.username == "mira"


@pytest.mark.long
def test_no_page_of_the_second_person_scrolls_sideways(sign_in, proposed):
    mira, tomas = (sign_in(name, viewport=WIDE) for name in ("mira", "tomas"))
    one = f"/admin/claims/claim/{proposed[0].claim.reference}/sign-off/"
    for person in (mira, tomas):
        for path in (one, "/admin/sign-off/", "/admin/notifications/"):
            person.go(path)
            for viewport in (WIDE, NARROW):
                person.page.set_viewport_size(viewport)
                person.is_not_scrolled_sideways()
