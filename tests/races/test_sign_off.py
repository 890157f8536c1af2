"""Two people are two people however many press at once, and sign what they saw or nothing."""

import pytest

from claims.access import actor_of
from claims.errors import NotAllowed, ProposalVoid, RevisionMoved
from claims.models import Claim, LedgerEntry, Notification, Proposal, Review, SignOff
from claims.queries.ledger import verify
from claims.services import proposals
from claims.services.claims import edit_claim
from claims.states import ClaimStatus, Ground, ProposalState, Role
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence, make_origin, person
from tests.races.test_writers import at_once


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def claim(cast):
    claim = make_claim(cast)
    for name in ("one", "two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


def propose(actor, claim):
    return proposals.propose(
        actor,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )


def sign(actor, proposal):
    return proposals.sign_off(actor, proposal.reference, version=proposal.version)


def test_the_proposer_in_two_sessions_signs_in_neither(cast, claim):
    proposal = propose(cast.ada, claim)
    sessions = [actor_of(cast.users["ada"]) for _ in range(4)]
    results = at_once(lambda n: sign(sessions[n], proposal), 4)
    assert [type(result) for result in results] == [NotAllowed] * 4
    assert not SignOff.objects.exists()
    assert fresh(claim).status == ClaimStatus.REPORTED


def test_a_superuser_signs_anothers_proposal_once_and_never_their_own(cast, claim):
    cast.users["root"] = person("root", Role.EDITOR, cast.desk, is_superuser=True)
    own = propose(cast.root, claim)
    root = cast.root
    assert {type(got) for got in at_once(lambda _: sign(root, own), 4)} == {NotAllowed}
    proposals.withdraw(root, own.reference, reason="Ada proposes it.")
    others = propose(cast.ada, claim)
    results = at_once(lambda _: sign(root, others), 4)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert SignOff.objects.get().signed_by_id == root.user_id


def test_of_twenty_signers_at_once_one_signs(cast, claim):
    signers = []
    for number in range(20):
        name = f"signer{number}"
        cast.users[name] = person(name, Role.FACT_CHECKER, cast.desk)
        signers.append(getattr(cast, name))
    proposal = propose(cast.ada, claim)
    results = at_once(lambda n: sign(signers[n], proposal), 20)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, ProposalVoid) for result in results) == 19
    assert SignOff.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="signed_off").count() == 1
    assert Notification.objects.filter(kind="signed_off").count() == 1
    verify(LedgerEntry.objects.order_by("seq"))


@pytest.mark.catalogue(149)
@pytest.mark.parametrize("turn", range(4))
def test_an_edit_racing_a_sign_off_voids_it_or_comes_after_it(cast, claim, turn):
    proposal = propose(cast.ada, claim)
    seen = fresh(claim).revision
    ben, cleo = cast.ben, cast.cleo

    def act(number: int):
        if number == turn % 2:
            return sign(ben, proposal)
        payload = {"claim": {"statement": "1,600 soldiers have arrived."}}
        return edit_claim(cleo, claim.pk, payload=payload, seen=seen)

    results = at_once(act, 2)
    now, row = fresh(claim), Proposal.objects.get()
    assert sum(isinstance(result, Claim) for result in results) == 1
    if row.state == ProposalState.SIGNED_OFF:
        assert now.statement == claim.statement
        assert now.status == ClaimStatus.CORROBORATED
        assert any(isinstance(result, RevisionMoved) for result in results)
    else:
        assert row.state == ProposalState.VOID
        assert now.statement != claim.statement
        assert now.status == ClaimStatus.REPORTED
        assert not SignOff.objects.exists()


def test_of_a_sign_off_and_a_sending_back_one_happens(cast, claim):
    proposal = propose(cast.ada, claim)
    ben, cleo = cast.ben, cast.cleo

    def act(number: int):
        if number % 2:
            return sign(ben, proposal)
        return proposals.send_back(cleo, proposal.reference, note="Name the agencies.")

    results = at_once(act, 8)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, ProposalVoid) for result in results) == 7
    is_signed = Proposal.objects.get().state == ProposalState.SIGNED_OFF
    assert SignOff.objects.count() == int(is_signed)
    assert Review.objects.filter(ended_at=None).count() == int(not is_signed)
