"""The queue and the page of one change, worked by keyboard in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.access import actor_of
from claims.models import Claim, Flag, LedgerEntry, Review, User
from claims.services import reviews, work
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import EntryKind, FlagKind
from claims.types import MACHINE
from tests.claims.cast import fresh

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone: what was seen is put on record by hand."""
    return ("web",)


@pytest.fixture
def touched(demonstration):
    """Three claims of the demonstration, flagged by one change of one page."""
    claims = list(Claim.objects.filter(closed_at=None, decided_at=None).order_by("pk")[:3])
    source = claims[0].evidence.first().source
    cause = Cause(source=source, is_stealth=True)
    with recording(MACHINE) as record:
        for claim in claims:
            row = claim.evidence.first()
            raise_flag(claim, FlagKind.FIGURE_ALTERED, record=record, cause=cause, evidence=row)
            settle(claim, record=record)
    return [fresh(claim) for claim in claims]


def keys(person, *pressed):
    person.strike(*pressed)


def test_from_queue_to_three_answers_by_keyboard_alone(sign_in, touched):
    mira = sign_in("mira", viewport=WIDE)
    mira.go("/admin/queue/")
    keys(mira, "n")
    expect(mira.page.get_by_role("heading", level=1)).to_have_text("One change, 3 claims to answer")
    mira.sees("Yours until")
    keys(mira, "j", "s", "j", "s", "j", "x", "w")
    mira.page.keyboard.type("The wire says the same; n is no key while one types.")
    keys(mira, "Control+Enter")
    mira.sees("2 claims answered:")
    expect(mira.page.get_by_role("heading", level=1)).to_have_text("One change, 1 claim to answer")
    stood = LedgerEntry.objects.filter(kind=EntryKind.REVIEW_STANDS)
    named = set(stood.values_list("claim_ref", flat=True))
    assert [claim.reference in named for claim in touched] == [True, True, False]
    keys(mira, "u")
    expect(mira.page).to_have_url(f"{mira.stack.url}admin/queue/")


def test_two_people_who_press_at_once_get_different_work(sign_in, touched):
    other = Claim.objects.filter(closed_at=None, open_flags=0).first()
    tomas = actor_of(User.objects.get(username="tomas"))
    reviews.ask_for_review(tomas, other.pk, kind=FlagKind.TIP, detail="Look.")
    people = [sign_in(name, viewport=WIDE) for name in ("mira", "tomas")]
    for person in people:
        person.go("/admin/queue/")
    for person in people:
        keys(person, "n")
    for person in people:
        person.sees("Yours until")
    assert people[0].page.url != people[1].page.url
    people[1].go("/admin/queue/")
    people[1].sees("taken by Mira")


@pytest.mark.long
def test_lines_are_walked_by_keys_that_are_told_and_can_be_switched_off(sign_in, touched):
    mira = sign_in("mira", viewport=WIDE)
    mira.go("/admin/queue/")
    lines = mira.page.locator("[data-row]")
    keys(mira, "j", "j")
    expect(lines.nth(1)).to_have_class("work-item is-current")
    keys(mira, "k")
    expect(lines.nth(0)).to_have_class("work-item is-current")
    keys(mira, "?")
    told = mira.page.get_by_role("dialog", name="Keyboard")
    expect(told).to_be_visible()
    told.get_by_label("Single keys work").uncheck()
    keys(mira, "Escape")
    expect(told).to_be_hidden()
    keys(mira, "n")
    mira.page.reload()
    keys(mira, "n")
    expect(mira.page).to_have_url(f"{mira.stack.url}admin/queue/")
    assert not Review.objects.filter(taken_by__isnull=False).exists()


@pytest.mark.long
def test_no_page_of_the_queue_scrolls_sideways_or_breaks_its_policy(sign_in, touched):
    mira = sign_in("mira", viewport=WIDE)
    review = Review.objects.filter(ended_at=None).first()
    actor = actor_of(User.objects.get(username="mira"))
    work.set_due(actor, review.reference, due_at=timezone.now() + timedelta(days=1))
    cause = Flag.objects.filter(claim=touched[0]).first().cause
    for path in (
        "/admin/queue/",
        "/admin/queue/?part=sign-off",
        "/admin/queue/?part=new",
        "/admin/queue/?whose=mine",
        f"/admin/queue/review/{review.reference}/",
        f"/admin/cause/{cause}/",
    ):
        mira.go(path)
        for viewport in (WIDE, NARROW):
            mira.page.set_viewport_size(viewport)
            mira.is_not_scrolled_sideways()
