"""People are told what concerns them, once, in the transaction that makes it so."""

import pytest

from claims.errors import InvalidInput, NotAllowed, ProposalVoid
from claims.models import Claim, Membership, Notification, Proposal, Review, User
from claims.queries.notifications import told_to, unread_of, who_decided
from claims.services import claims, proposals, reviews, status, work
from claims.services.ledger import clock, recording
from claims.services.notifications import mark_all_read, mark_read, tell
from claims.services.proposal_rows import MOST_TOLD
from claims.states import ClaimStatus, FlagKind, Ground, NotificationKind, Role, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


@pytest.fixture
def claim(cast) -> Claim:
    claim = make_claim(cast)
    for name in ("Agency one", "Agency two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


def propose(cast, claim) -> Proposal:
    return proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )


@pytest.fixture
def proposal(cast, claim) -> Proposal:
    return propose(cast, claim)


@pytest.fixture
def corroborated(cast, proposal) -> Claim:
    claim = proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    Notification.objects.update(read_at=clock())
    return claim


def told(actor) -> list[tuple[str, str]]:
    return [(row.kind, row.about) for row in told_to(actor, only_unread=True).rows]


def object_to(cast, claim):
    detail = "We counted fewer."
    reviews.ask_for_review(cast.omar, claim.pk, kind=FlagKind.OBJECTION, detail=detail)


def test_the_proposer_is_told_of_the_sign_off(cast, proposal):
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    assert told(cast.ada) == [("signed_off", proposal.reference)]
    assert told(cast.ben) == []


def test_the_proposer_is_told_that_it_was_sent_back(cast, proposal):
    proposals.send_back(cast.ben, proposal.reference, note="Name the second agency.")
    assert told(cast.ada) == [("sent_back", proposal.reference)]


def test_the_proposer_is_told_that_anothers_edit_voided_it(cast, claim, proposal):
    claims.edit_claim(
        cast.ben, claim.pk, payload={"claim": {"statement": "1,600."}}, seen=fresh(claim).revision
    )
    assert told(cast.ada) == [("proposal_void", proposal.reference)]


def test_nobody_is_told_of_what_they_did_themselves(cast, claim, proposal):
    claims.edit_claim(
        cast.ada, claim.pk, payload={"claim": {"statement": "1,600."}}, seen=fresh(claim).revision
    )
    assert Proposal.objects.get().state == "void"
    assert told(cast.ada) == []


def test_who_is_given_a_review_is_told(cast, claim):
    reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    review = Review.objects.get()
    work.assign(cast.ada, review.reference, to=cast.ben.reference)
    work.assign(cast.ada, review.reference, to="")
    assert told(cast.ben) == [("assigned", review.reference)]


def test_who_takes_a_review_over_is_not_told_of_it(cast, claim):
    reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look.")
    work.assign(cast.ben, Review.objects.get().reference, to=cast.ben.reference)
    assert told(cast.ben) == []


def test_both_people_of_a_sign_off_are_told_when_the_claim_is_flagged(cast, corroborated):
    object_to(cast, corroborated)
    assert told(cast.ada) == told(cast.ben) == [("claim_flagged", "")]
    assert told(cast.dora) == []


def test_who_decided_alone_is_told_when_the_claim_is_flagged(cast, claim):
    reviews.stands(cast.ada, claim.pk, rationale="One origin.", seen=claim.revision)
    object_to(cast, claim)
    assert told(cast.ada) == [("claim_flagged", "")]


def test_a_claim_nobody_decided_on_tells_nobody_that_it_is_flagged(cast, claim):
    assert who_decided([claim]) == {}
    reviews.ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Look.")
    assert not Notification.objects.exists()


def test_an_objection_is_told_to_the_desks_editors(cast, claim):
    object_to(cast, claim)
    assert told(cast.cleo) == [("objection_raised", "")]
    assert told(cast.ada) == []


def test_a_tip_is_not_told_as_an_objection(cast, claim):
    reviews.ask_for_review(cast.omar, claim.pk, kind=FlagKind.TIP, detail="Look.")
    assert told(cast.cleo) == []


def test_whoever_raised_a_flag_is_told_of_its_answer(cast, claim):
    object_to(cast, claim)
    reviews.stands(cast.ada, claim.pk, rationale="Counted again.", seen=fresh(claim).revision)
    assert told(cast.omar) == [("flag_answered", "")]


@pytest.mark.parametrize("who", ["ada", "dora", "admin"])
def test_an_objection_is_refused_to(cast, claim, who):
    with pytest.raises(InvalidInput, match="another desk"):
        reviews.ask_for_review(
            getattr(cast, who), claim.pk, kind=FlagKind.OBJECTION, detail="Fewer."
        )


def test_the_same_unread_thing_is_told_once(cast, corroborated):
    object_to(cast, corroborated)
    object_to(cast, corroborated)
    assert told(cast.ada) == [("claim_flagged", "")]


def test_after_it_was_read_the_same_thing_is_told_again(cast, corroborated):
    object_to(cast, corroborated)
    mark_read(cast.ada, kind=NotificationKind.CLAIM_FLAGGED, claim=corroborated.reference, about="")
    assert told(cast.ada) == []
    object_to(cast, corroborated)
    assert told(cast.ada) == [("claim_flagged", "")]


def test_what_happened_in_a_transaction_that_failed_is_told_to_nobody(cast, proposal):
    with pytest.raises(ProposalVoid):
        proposals.sign_off(cast.ben, proposal.reference, version="0" * 64)
    assert told(cast.ada) == []
    assert told(cast.ben) == [("awaits_sign_off", proposal.reference)]


def test_what_a_person_may_no_longer_see_is_neither_listed_nor_counted(cast, claim):
    object_to(cast, claim)
    reviews.stands(cast.ada, claim.pk, rationale="Counted again.", seen=fresh(claim).revision)
    assert unread_of(cast.omar) == 1
    claims.set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    assert unread_of(cast.omar) == 0
    assert told(cast.omar) == []


def test_all_is_read_up_to_what_the_reader_saw(cast, claim):
    object_to(cast, claim)
    seen = clock()
    with recording(cast.ada) as record:
        tell(NotificationKind.COMMENTED, claim=claim, to=[cast.cleo.user_id], record=record)
    assert mark_all_read(cast.cleo, until=seen) == 1
    assert told(cast.cleo) == [("commented", "")]


def test_nobody_reads_for_another_person(cast, claim):
    object_to(cast, claim)
    assert mark_all_read(cast.ada, until=clock()) == 0
    assert unread_of(cast.cleo) == 1


def test_reading_queries_do_not_grow_with_what_was_told(cast, django_assert_num_queries):
    for number in range(5):
        object_to(cast, make_claim(cast, f"Claim {number}."))
    cleo = cast.cleo
    with django_assert_num_queries(1):
        rows = told_to(cleo).rows
    assert len(rows) == 5
    with django_assert_num_queries(1):
        assert unread_of(cleo) == 5


def test_the_proposal_sent_back_is_its_proposers_work_again(cast, proposal, claim):
    proposals.send_back(cast.ben, proposal.reference, note="Name the second agency.")
    review = Review.objects.get(claim=claim, ended_at=None)
    assert review.assignee_id == cast.ada.user_id
    assert review.reason == "Name the second agency."
    row = Proposal.objects.get()
    assert (row.state, row.void_reason) == ("sent_back", "Name the second agency.")


def test_a_review_somebody_has_stays_theirs_when_a_proposal_is_sent_back(cast, proposal, claim):
    reviews.ask_for_review(cast.omar, claim.pk, kind=FlagKind.TIP, detail="Look.")
    review = Review.objects.get(ended_at=None)
    work.assign(cast.cleo, review.reference, to=cast.cleo.reference)
    proposals.send_back(cast.ben, proposal.reference, note="Name the second agency.")
    assert Review.objects.get(ended_at=None).assignee_id == cast.cleo.user_id


def test_a_proposer_who_left_the_desk_is_given_nothing(cast, proposal):
    Membership.objects.filter(user=cast.ada.user_id).update(ended_at=clock())
    proposals.send_back(cast.ben, proposal.reference, note="Name the second agency.")
    assert Review.objects.get(ended_at=None).assignee is None


@pytest.mark.parametrize("who", ["ada", "dora", "omar", "admin"])
def test_sending_back_is_refused_to(cast, proposal, who):
    with pytest.raises(NotAllowed):
        proposals.send_back(getattr(cast, who), proposal.reference, note="Change it.")
    assert Proposal.objects.get().state == "open"


@pytest.mark.parametrize("note", ["", "  ", "a\x00b", "x" * 10_001])
def test_a_note_that_cannot_be_kept_is_refused_by_name(cast, proposal, note):
    with pytest.raises(InvalidInput) as refused:
        proposals.send_back(cast.ben, proposal.reference, note=note)
    assert refused.value.field == "note"


def test_a_long_note_is_kept_whole_and_opens_the_review_with_its_start(cast, proposal):
    proposals.send_back(cast.ben, proposal.reference, note="x" * 400)
    assert Proposal.objects.get().void_reason == "x" * 400
    assert Review.objects.get(ended_at=None).reason == "x" * 299 + "…"


def test_what_was_sent_back_is_not_sent_back_twice_nor_signed_off(cast, proposal):
    proposals.send_back(cast.ben, proposal.reference, note="Change it.")
    with pytest.raises(ProposalVoid, match="sent back: Change it"):
        proposals.send_back(cast.ben, proposal.reference, note="Change it.")
    with pytest.raises(ProposalVoid, match="sent back"):
        proposals.sign_off(cast.cleo, proposal.reference, version=proposal.version)


def test_a_lowered_claim_is_told_to_who_had_it_corroborated_only_by_its_flags(cast, corroborated):
    status.decide(
        cast.ben,
        corroborated.pk,
        to=ClaimStatus.REPORTED,
        ground=Ground.SUPPORT_LOST,
        rationale="Gone.",
        seen=fresh(corroborated).revision,
    )
    assert told(cast.ada) == []


def test_who_may_sign_is_told_of_a_proposal_and_nobody_else(cast, proposal):
    waits = [("awaits_sign_off", proposal.reference)]
    assert (told(cast.ben), told(cast.cleo)) == (waits, waits)
    assert [told(who) for who in (cast.ada, cast.dora, cast.omar, cast.admin)] == [[]] * 4


def test_at_most_fifty_people_are_told_of_a_proposal(cast, claim):
    names = [User(username=f"fay{number}") for number in range(MOST_TOLD)]
    for user in names:
        user.save()
        Membership.objects.create(user=user, desk=cast.desk, role=Role.FACT_CHECKER)
    propose(cast, claim)
    assert Notification.objects.filter(kind="awaits_sign_off").count() == MOST_TOLD


def test_a_proposal_that_ended_waits_for_nobody(cast, claim, proposal):
    proposals.withdraw(cast.ada, proposal.reference, reason="Too early.")
    assert (told(cast.ben), told(cast.cleo)) == ([], [])
    second = propose(cast, claim)
    proposals.sign_off(cast.ben, second.reference, version=second.version)
    assert (told(cast.ben), told(cast.cleo)) == ([], [])
