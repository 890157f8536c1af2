"""The queue shows what waits for a person's desks, by cause, oldest first."""

import uuid

import pytest
from django.utils import timezone

from claims.models import Flag, Review
from claims.services import reviews
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import FlagKind, Visibility
from claims.types import MACHINE
from tests.claims.cast import fresh, make_claim, make_evidence


def flagged_together(cast, *statements, kind=FlagKind.FIGURE_ALTERED):
    """Claims that rest on one page which changed."""
    url = "https://one.example.org/story"
    claims = [make_claim(cast, statement) for statement in statements]
    rows = [make_evidence(cast, claim, url=url, quote=f"q{claim.pk}") for claim in claims]
    cause = Cause(source=rows[0].source, is_stealth=True, id=uuid.uuid4())
    with recording(MACHINE) as record:
        for row in rows:
            raise_flag(row.claim, kind, record=record, cause=cause, evidence=row)
            settle(row.claim, record=record)
    return [fresh(claim) for claim in claims]


def test_flags_of_one_cause_stand_in_one_line_with_its_claims(door, cast):
    flagged_together(cast, "The first claim.", "The second claim.")
    page = door("ada").text("claims_queue")
    assert page.count("A quoted figure was altered") == 1
    assert "touches 2 claims" in page
    assert "the page gives no notice" in page
    assert "The first claim." in page
    assert "The second claim." in page


def test_the_gravest_reason_comes_first(door, cast):
    (claim,) = flagged_together(cast, "The first claim.", kind=FlagKind.QUOTE_MISSING)
    flag = Flag.objects.get(claim=claim)
    cause = Cause(source=flag.source, id=flag.cause)
    with recording(MACHINE) as record:
        raise_flag(claim, FlagKind.RETRACTION, record=record, cause=cause)
        settle(claim, record=record)
    page = door("ada").text("claims_queue")
    assert "A linked source was retracted; a quoted passage is no longer there" in page


def test_the_oldest_review_comes_first(door, cast):
    old, new = make_claim(cast, "The older claim."), make_claim(cast, "The newer claim.")
    for claim in (new, old):
        reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    Review.objects.filter(claim=old).update(opened_at="2024-01-01T00:00:00Z")
    page = door("ada").text("claims_queue")
    assert page.index("The older claim.") < page.index("The newer claim.")


def test_ones_own_proposal_waits_for_another_person(door, proposal):
    assert "yours: another person signs" in door("ada").text("claims_queue")
    assert "yours: another person signs" not in door("ben").text("claims_queue")
    assert "Two agree." in door("ben").text("claims_queue")


def test_another_desk_s_work_does_not_wait_here(door, cast, proposal):
    flagged_together(cast, "A claim of the world desk.")
    page = door("omar").text("claims_queue")
    assert "A claim of the world desk." not in page
    assert "No review is open." in page


def test_the_administrator_sees_no_restricted_claim(door, cast):
    make_claim(cast, "A secret claim.", visibility=Visibility.RESTRICTED)
    assert "A secret claim." in door("ada").text("claims_queue")
    assert "A secret claim." not in door("admin").text("claims_queue")
    assert "A secret claim." not in door("admin").text("claims_claim_changelist")


def test_a_claim_nobody_reviewed_waits_until_somebody_decides(door, cast):
    claim = make_claim(cast, "A new claim.")
    assert "A new claim." in door("ada").text("claims_queue")
    reviews.stands(cast.ada, claim.pk, rationale="One page only.", seen=fresh(claim).revision)
    assert "A new claim." not in door("ada").text("claims_queue")


def test_an_empty_queue_says_so_kindly(door):
    assert "No review is open." in door("ada").text("claims_queue")


def test_the_desk_begins_with_the_queue(door):
    answer = door("ada").get("index")
    assert (answer.status_code, answer.url) == (302, "/admin/queue/")


@pytest.mark.parametrize("number", [1, 6])
def test_the_queue_takes_as_many_queries_for_one_as_for_many(
    door, cast, number, django_assert_max_num_queries
):
    flagged_together(cast, *(f"Claim {at}." for at in range(number)))
    ada = door("ada")
    with django_assert_max_num_queries(9):
        ada.get("claims_queue")


def test_times_stand_in_the_desk_s_zone(door, cast):
    cast.desk.time_zone = "Asia/Seoul"
    cast.desk.save()
    claim = make_claim(cast)
    local = timezone.localtime(claim.created_at, timezone=timezone.get_fixed_timezone(540))
    page = door("ada").text("claims_claim_page", claim.reference)
    assert f"{local:%H:%M} KST" in page
