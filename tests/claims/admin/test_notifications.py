"""What a person was told: counted beside their name, read on one page, leading to its reason."""

import re

import pytest

from claims.models import Notification, Review
from claims.queries.notifications import MOST_ON_A_PAGE
from claims.services import claims, proposals, reviews, work
from claims.services.ledger import recording
from claims.services.notifications import tell
from claims.states import FlagKind, NotificationKind, Visibility
from tests.claims.cast import fresh, make_claim


def told_mark(page: str) -> str:
    """The number beside the person's name."""
    return re.search(
        r'class="who-told[^"]*"[^>]*>(?:<span[^>]*>[^<]*</span>)?(?:<[^>]*>)?([^<]*)', page
    )[1]


def sent_back(cast, proposal):
    proposals.send_back(cast.ben, proposal.reference, note="Name the second agency.")


def opened(who, **values):
    return who.post("claims_notification_open", **values)


def test_the_number_stands_beside_the_name_on_every_page(door, cast, proposal):
    assert told_mark(door("ada").text("claims_queue")) == "0"
    sent_back(cast, proposal)
    assert told_mark(door("ada").text("claims_queue")) == "1"
    board = door("ada").client.get("/").content.decode()
    assert told_mark(board) == "1"
    assert told_mark(door("ben").text("claims_queue")) == "0"


def test_more_than_ninety_nine_are_not_counted_out(door, cast, claim):
    with recording(cast.ben) as record:
        for number in range(101):
            about = f"RE-{number:06d}"
            people = [cast.ada.user_id]
            tell(NotificationKind.ASSIGNED, claim=claim, to=people, record=record, about=about)
    assert told_mark(door("ada").text("claims_queue")) == "99+"


def test_the_page_says_what_and_who_and_why(door, cast, proposal, claim):
    sent_back(cast, proposal)
    page = door("ada").text("claims_notifications")
    assert "Your proposal was sent back" in page
    assert "Ben" in page
    assert "Name the second agency." in page
    assert claim.statement in page


def test_opening_one_marks_it_read_and_leads_to_its_reason(door, cast, proposal, claim):
    sent_back(cast, proposal)
    answer = opened(door("ada"), claim=claim.reference, kind="sent_back", about=proposal.reference)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/sign-off/"
    assert told_mark(door("ada").text("claims_queue")) == "0"
    assert "Your proposal was sent back" in door("ada").text("claims_notifications")


def test_an_assignment_leads_to_the_review(door, cast, claim):
    reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    review = Review.objects.get()
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    answer = opened(door("ben"), claim=claim.reference, kind="assigned", about=review.reference)
    assert answer.url == f"/admin/queue/review/{review.reference}/"
    assert told_mark(door("ben").text("claims_queue")) == "0"


def test_what_names_no_review_leads_to_the_claim(door, claim):
    answer = opened(door("ben"), claim=claim.reference, kind="assigned", about="zz")
    assert answer.url == f"/admin/claims/claim/{claim.reference}/"


def test_a_proposal_waits_for_a_colleague_on_its_sign_off_page(door, claim, proposal):
    assert told_mark(door("ben").text("claims_queue")) == "1"
    told = {"kind": "awaits_sign_off", "about": proposal.reference}
    answer = opened(door("ben"), claim=claim.reference, **told)
    assert answer.url == f"/admin/claims/claim/{claim.reference}/sign-off/"
    assert told_mark(door("ben").text("claims_queue")) == "0"


def test_all_that_stood_on_the_page_is_marked_read_and_no_more(door, cast, proposal, claim):
    sent_back(cast, proposal)
    page = door("ada").text("claims_notifications")
    until = re.search(r'name="until" value="(\d+)"', page)[1]
    with recording(cast.ben) as record:
        people = [cast.ada.user_id]
        tell(NotificationKind.COMMENTED, claim=claim, to=people, record=record)
    door("ada").post("claims_notifications_read", until=until)
    assert told_mark(door("ada").text("claims_queue")) == "1"


@pytest.mark.parametrize("until", ["", "x", "9" * 40, "-1", "\u0663"])
def test_a_time_that_is_none_marks_nothing(door, cast, proposal, until):
    sent_back(cast, proposal)
    assert door("ada").post("claims_notifications_read", until=until).status_code == 302
    assert Notification.objects.filter(read_at=None).count() == 1


def test_nobody_reads_anothers(door, cast, proposal, claim):
    sent_back(cast, proposal)
    page = door("cleo").text("claims_notifications")
    assert "Your proposal was sent back" not in page
    assert "Nobody told you anything yet." in door("omar").text("claims_notifications")
    opened(door("cleo"), claim=claim.reference, kind="sent_back", about=proposal.reference)
    assert Notification.objects.filter(read_at=None).count() == 1


def test_a_claim_that_was_hidden_is_named_to_nobody_elsewhere(door, cast, claim):
    reviews.ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail="Fewer.")
    reviews.stands(cast.ada, claim.pk, rationale="Counted.", seen=fresh(claim).revision)
    assert told_mark(door("omar").text("claims_queue")) == "1"
    claims.set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    page = door("omar").text("claims_notifications")
    assert claim.statement not in page
    assert claim.reference not in page
    assert told_mark(page) == "0"
    values = {"claim": claim.reference, "kind": "flag_answered", "about": ""}
    assert opened(door("omar"), **values).status_code == 404


def test_older_ones_are_on_further_pages_in_a_bounded_number_of_queries(
    door, cast, django_assert_max_num_queries
):
    with recording(cast.omar) as record:
        for number in range(MOST_ON_A_PAGE + 1):
            claim = make_claim(cast, f"Claim {number}.")
            people = [cast.ada.user_id]
            tell(NotificationKind.COMMENTED, claim=claim, to=people, record=record)
    door("ada").text("claims_queue")
    with django_assert_max_num_queries(12):
        page = door("ada").text("claims_notifications")
    assert "Claim 30." in page
    assert ">Claim 0.<" not in page
    older = door("ada").get("claims_notifications", query="?page=2").content.decode()
    assert ">Claim 0.<" in older


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=x", "?page=99999", "?page=200"])
def test_a_page_there_is_not_is_answered_all_the_same(door, cast, query):
    assert door("ada").get("claims_notifications", query=query).status_code == 200


def test_a_proposal_that_was_withdrawn_is_not_told_as_the_readers_own(door, cast, proposal):
    proposals.withdraw(cast.ada, proposal.reference, reason="Too early.")
    page = door("ben").text("claims_notifications")
    assert "A proposal waits for another person" in page
    assert "Too early." in page
    assert "your proposal" not in page.lower()
