"""A status changes through the services alone, by the table, the rules and two people."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from claims.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    ProposalVoid,
    RevisionMoved,
    RuleRefused,
    TransitionRefused,
)
from claims.models import Claim, Evidence, LedgerEntry, Proposal, Review, SignOff
from claims.queries.version import version_of
from claims.services import claims, evidence, proposals, reviews, status
from claims.states import (
    Basis,
    ClaimStatus,
    FlagKind,
    Ground,
    ProposalState,
    QuoteState,
    ReviewOutcome,
    Stance,
    Visibility,
)
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

C, D, R = ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED, ClaimStatus.REPORTED


@pytest.fixture
def claim(cast) -> Claim:
    claim = make_claim(cast)
    for name in ("Agency one", "Agency two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


@pytest.fixture
def corroborated(cast, claim) -> Claim:
    proposal = propose(cast.ada, claim)
    return proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)


def propose(actor, claim, *, to=C, ground=Ground.INDEPENDENT_ORIGINS, rationale="Two agree."):
    return proposals.propose(
        actor, claim.pk, to=to, ground=ground, rationale=rationale, seen=fresh(claim).revision
    )


def decide(actor, claim, *, to, ground, rationale="Seen and weighed."):
    return status.decide(
        actor, claim.pk, to=to, ground=ground, rationale=rationale, seen=fresh(claim).revision
    )


def kinds(claim) -> list[str]:
    rows = LedgerEntry.objects.filter(claim_ref=claim.reference).order_by("seq")
    return [row.kind for row in rows]


def test_a_proposal_signed_off_by_another_person_corroborates(cast, claim):
    proposal = propose(cast.ada, claim)
    assert fresh(claim).status == R

    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)

    now = fresh(claim)
    assert (now.status, now.ground, now.basis) == (C, Ground.INDEPENDENT_ORIGINS, Basis.HOLDS)
    assert kinds(claim)[-2:] == ["signed_off", "status_changed"]


def test_the_status_entry_freezes_the_evidence_as_it_stood(cast, corroborated):
    entry = LedgerEntry.objects.filter(kind="status_changed").get()
    frozen = json.loads(entry.body)["evidence"]
    assert [item["quote_state"] for item in frozen] == ["standing", "standing"]
    assert all(item["quote"].startswith("sha256:") for item in frozen)


@pytest.mark.parametrize(
    ("who", "error"),
    [("ada", NotAllowed), ("dora", NotAllowed), ("omar", NotAllowed), ("admin", NotAllowed)],
)
def test_sign_off_is_refused_for(cast, claim, who, error):
    proposal = propose(cast.ada, claim)
    with pytest.raises(error):
        proposals.sign_off(getattr(cast, who), proposal.reference, version=proposal.version)
    assert fresh(claim).status == R


def test_a_superuser_cannot_sign_off_their_own_proposal(cast, claim):
    user = cast.users["ada"]
    user.is_superuser = True
    user.save()
    proposal = propose(cast.ada, claim)
    with pytest.raises(NotAllowed, match="another person"):
        proposals.sign_off(cast.ada, proposal.reference, version=proposal.version)


def test_the_database_refuses_a_sign_off_by_the_proposer(cast, claim):
    proposal = propose(cast.ada, claim)
    proposer, another = cast.users["ada"], cast.users["ben"]
    for signed_by, named in ((proposer, proposer), (proposer, another)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignOff.objects.create(
                proposal=proposal,
                proposed_by=named,
                signed_by=signed_by,
                signed_at=proposal.proposed_at,
                version=proposal.version,
            )


def test_an_edit_after_the_proposal_voids_it_and_reopens_the_work(cast, claim):
    proposal = propose(cast.ada, claim)
    payload = {"claim": {"statement": "1,600 soldiers have arrived."}}
    claims.edit_claim(cast.cleo, claim.pk, payload=payload, seen=fresh(claim).revision)

    with pytest.raises(ProposalVoid):
        proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.VOID
    assert Review.objects.filter(claim=claim, ended_at__isnull=True).exists()


def test_sign_off_of_another_version_than_the_one_seen_is_refused(cast, claim):
    proposal = propose(cast.ada, claim)
    with pytest.raises(ProposalVoid):
        proposals.sign_off(cast.ben, proposal.reference, version="0" * 64)


def test_four_pages_of_one_origin_do_not_corroborate(cast):
    claim = make_claim(cast)
    state = make_origin(cast, "South Korean state")
    nis = make_origin(cast, "the NIS", part_of=state)
    for _ in range(4):
        make_evidence(cast, claim, relays_origin=nis)
    with pytest.raises(RuleRefused, match="4 pages, 1 origin: all repeat the NIS"):
        propose(cast.ada, claim)


def test_standing_disputing_evidence_must_be_answered_by_name(cast, claim):
    against = make_evidence(
        cast, claim, stance=Stance.DISPUTES, dispute_kind="denial", quote="Nobody has arrived."
    )
    with pytest.raises(RuleRefused, match=against.reference):
        propose(cast.ada, claim)
    assert propose(cast.ada, claim, rationale=f"{against.reference} is a bare denial.")


def test_only_an_editor_overrides_and_never_alone(cast):
    claim = make_claim(cast)
    with pytest.raises(NotAllowed):
        propose(cast.ada, claim, ground=Ground.EDITOR_OVERRIDE)
    proposal = propose(cast.cleo, claim, ground=Ground.EDITOR_OVERRIDE)
    with pytest.raises(NotAllowed):
        proposals.sign_off(cast.cleo, proposal.reference, version=proposal.version)
    proposals.sign_off(cast.ada, proposal.reference, version=proposal.version)
    assert fresh(claim).status == C


@pytest.mark.parametrize(
    ("to", "ground"),
    [(C, Ground.SINGLE_ORIGIN), (D, Ground.INDEPENDENT_ORIGINS), (R, Ground.SHOWN_FALSE)],
)
def test_a_ground_of_another_status_is_refused(cast, claim, to, ground):
    with pytest.raises(TransitionRefused, match="is no ground"):
        decide(cast.ada, claim, to=to, ground=ground)


def test_corroborating_alone_is_refused(cast, claim):
    with pytest.raises(TransitionRefused, match="second person"):
        decide(cast.ada, claim, to=C, ground=Ground.INDEPENDENT_ORIGINS)


@pytest.mark.parametrize(
    ("to", "ground"), [(R, Ground.SUPPORT_LOST), (D, Ground.CONFLICTING_ACCOUNTS)]
)
def test_one_person_takes_a_corroboration_back_at_once(cast, corroborated, to, ground):
    make_evidence(cast, corroborated, stance=Stance.DISPUTES, quote="Nobody has arrived.")
    decide(cast.ada, corroborated, to=to, ground=ground)
    now = fresh(corroborated)
    assert (now.status, now.ground) == (to, ground)


def test_dispute_without_disputing_evidence_takes_an_editor(cast, claim):
    with pytest.raises(RuleRefused, match="standing disputing evidence"):
        decide(cast.ada, claim, to=D, ground=Ground.OUT_OF_CONTEXT)
    decide(cast.cleo, claim, to=D, ground=Ground.OUT_OF_CONTEXT)
    assert fresh(claim).status == D


def test_shown_false_disputes_at_once_and_waits_for_a_second_person(cast, claim):
    decide(cast.cleo, claim, to=D, ground=Ground.SHOWN_FALSE)
    now = fresh(claim)
    assert (now.status, now.ground) == (D, Ground.CONFLICTING_ACCOUNTS)

    proposal = Proposal.objects.get(claim=claim, state=ProposalState.OPEN)
    proposals.sign_off(cast.ada, proposal.reference, version=proposal.version)
    assert fresh(claim).ground == Ground.SHOWN_FALSE


def test_from_disputed_to_reported_takes_two(cast, claim):
    decide(cast.cleo, claim, to=D, ground=Ground.OUT_OF_CONTEXT)
    with pytest.raises(TransitionRefused):
        decide(cast.ada, claim, to=R, ground=Ground.CANNOT_BE_VERIFIED)
    proposal = propose(cast.ada, claim, to=R, ground=Ground.CANNOT_BE_VERIFIED)
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    assert fresh(claim).status == R


def test_a_decision_voids_the_open_proposal(cast, claim):
    proposal = propose(cast.ada, claim)
    decide(cast.cleo, claim, to=D, ground=Ground.OUT_OF_CONTEXT)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.VOID
    assert not Review.objects.filter(claim=claim, ended_at__isnull=True).exists()


def test_a_stale_revision_changes_nothing(cast, claim):
    seen = claim.revision
    make_evidence(cast, claim, quote="another passage")
    with pytest.raises(RevisionMoved):
        proposals.propose(
            cast.ada, claim.pk, to=C, ground=Ground.INDEPENDENT_ORIGINS, rationale="x", seen=seen
        )
    assert not Proposal.objects.exists()


def test_an_empty_rationale_is_refused_by_name(cast, claim):
    with pytest.raises(InvalidInput, match="rationale"):
        propose(cast.ada, claim, rationale="  ")


def test_a_restricted_claim_does_not_exist_for_another_desk(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    for who in ("omar", "admin"):
        with pytest.raises(NotFound):
            decide(getattr(cast, who), claim, to=D, ground=Ground.OUT_OF_CONTEXT)


def test_a_second_proposal_waits_for_the_first(cast, claim):
    propose(cast.ada, claim)
    with pytest.raises(RuleRefused, match="open already"):
        propose(cast.ben, claim)


def test_withdrawing_a_proposal_reopens_the_work(cast, claim):
    proposal = propose(cast.ada, claim)
    proposals.withdraw(cast.ada, proposal.reference, reason="Too early.")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert Review.objects.filter(claim=claim, ended_at__isnull=True).exists()


def test_another_fact_checker_cannot_withdraw_a_proposal(cast, claim):
    proposal = propose(cast.ada, claim)
    with pytest.raises(NotAllowed):
        proposals.withdraw(cast.ben, proposal.reference, reason="Not mine.")


def test_losing_an_origin_loses_the_basis_but_not_the_status(cast, corroborated):
    row = Evidence.objects.filter(claim=corroborated).first()
    evidence.withdraw_evidence(cast.ada, row.reference, reason="It was satire.")
    now = fresh(corroborated)
    assert (now.status, now.basis) == (C, Basis.LOST)
    assert now.basis_reason == "only 1 independent origin left"


def test_counted_evidence_of_a_corroborated_claim_changes_by_sign_off_only(cast, corroborated):
    row = Evidence.objects.filter(claim=corroborated).first()
    seen = fresh(corroborated).revision
    with pytest.raises(RuleRefused, match="propose the edit"):
        evidence.edit_evidence(cast.ada, row.reference, values={"credibility": 2}, seen=seen)
    proposal = proposals.propose_edit(
        cast.ada,
        corroborated.pk,
        payload={"evidence": {row.reference: {"credibility": 2}}},
        rationale="Confirmed by phone.",
        seen=seen,
    )
    row.refresh_from_db()
    assert row.credibility == 6
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    row.refresh_from_db()
    assert row.credibility == 2


def test_wording_of_a_corroborated_claim_stays_until_signed_off(cast, corroborated):
    payload = {"claim": {"statement": "About 1,500 soldiers have arrived."}}
    seen = fresh(corroborated).revision
    with pytest.raises(RuleRefused, match="second person"):
        claims.edit_claim(cast.ada, corroborated.pk, payload=payload, seen=seen)
    proposal = proposals.propose_edit(
        cast.ada, corroborated.pk, payload=payload, rationale="As quoted.", seen=seen
    )
    assert fresh(corroborated).statement == "1,500 soldiers have arrived."
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    assert fresh(corroborated).statement == "About 1,500 soldiers have arrived."


def test_a_flagged_corroboration_stands_only_with_a_second_person(cast, corroborated):
    reviews.ask_for_review(
        cast.omar, corroborated.pk, kind=FlagKind.OBJECTION, detail="We counted fewer."
    )
    assert fresh(corroborated).basis == Basis.IN_QUESTION
    seen = fresh(corroborated).revision
    with pytest.raises(RuleRefused, match="second person"):
        reviews.stands(cast.ada, corroborated.pk, rationale="It does.", seen=seen)
    proposal = proposals.propose_stands(
        cast.ada, corroborated.pk, rationale="They counted another day.", seen=seen
    )
    assert fresh(corroborated).basis == Basis.IN_QUESTION
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    now = fresh(corroborated)
    assert (now.status, now.basis, now.open_flags) == (C, Basis.HOLDS, 0)


def test_a_reported_claim_stands_by_one_person(cast, claim):
    reviews.ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    reviews.stands(cast.ben, claim.pk, rationale="Nothing new.", seen=fresh(claim).revision)
    review = Review.objects.get(claim=claim)
    assert (review.outcome, fresh(claim).basis) == (ReviewOutcome.STANDS, Basis.HOLDS)


def test_ones_own_slip_is_undone_to_the_identical_signed_off_state(cast, corroborated):
    decide(cast.ada, corroborated, to=R, ground=Ground.SUPPORT_LOST)
    status.undo(cast.ada, corroborated.pk, seen=fresh(corroborated).revision)
    now = fresh(corroborated)
    assert (now.status, now.ground) == (C, Ground.INDEPENDENT_ORIGINS)
    assert kinds(corroborated).count("status_changed") == 3


def test_undo_is_refused_to_another_person(cast, corroborated):
    decide(cast.ada, corroborated, to=R, ground=Ground.SUPPORT_LOST)
    with pytest.raises(RuleRefused, match="Only the person"):
        status.undo(cast.ben, corroborated.pk, seen=fresh(corroborated).revision)


def test_undo_is_refused_once_the_evidence_moved(cast, corroborated):
    decide(cast.ada, corroborated, to=R, ground=Ground.SUPPORT_LOST)
    make_evidence(cast, corroborated, quote="something new")
    with pytest.raises(RuleRefused, match="no longer what was signed off"):
        status.undo(cast.ada, corroborated.pk, seen=fresh(corroborated).revision)


def test_undo_is_refused_after_a_quarter_of_an_hour(cast, corroborated):
    decide(cast.ada, corroborated, to=R, ground=Ground.SUPPORT_LOST)
    Claim.objects.filter(pk=corroborated.pk).update(
        status_since_at=fresh(corroborated).status_since_at - timedelta(minutes=16)
    )
    with pytest.raises(RuleRefused, match="15 minutes"):
        status.undo(cast.ada, corroborated.pk, seen=fresh(corroborated).revision)


def test_the_version_moves_with_a_quote_state(cast, claim):
    seen = version_of(claim)
    Evidence.objects.filter(claim=claim).update(quote_state=QuoteState.MISSING)
    assert version_of(claim) != seen
