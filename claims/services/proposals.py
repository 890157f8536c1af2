"""What takes two people: proposed by one, signed off by another, or taken back.

A proposal is bound to the exact version of claim and evidence its maker saw (invariant 2); every
function locks the claim first and writes in one transaction.
"""

from collections.abc import Mapping

from claims.access import require
from claims.errors import NotAllowed, NotFound, ProposalVoid, RuleRefused, TransitionRefused
from claims.models import Claim, Evidence, Proposal, SignOff
from claims.queries.opinion import opinion_on
from claims.queries.version import version_of
from claims.rules import procedure, why_not_corroborated
from claims.services.edits import apply_edit
from claims.services.ledger import Recorder, recording
from claims.services.proposal_rows import end_proposal, open_proposal
from claims.services.reviews import answer_flags, apply_stands
from claims.services.rounds import end_review, required
from claims.services.settle import lock_claim, settle
from claims.services.status import set_status
from claims.states import (
    ActorKind,
    ClaimStatus,
    EntryKind,
    FlagAnswer,
    Ground,
    Procedure,
    ProposalKind,
    ProposalState,
    ReviewOutcome,
    Stance,
    Verb,
)
from claims.types import Actor


def propose(
    actor: Actor, claim_id: int, *, to: ClaimStatus, ground: Ground, rationale: str, seen: int
) -> Proposal:
    """Propose a status that needs sign-off by another person.

    Bound to the exact version of claim and evidence on record now; ends the open review as
    *proposed*. Flags stay open until the sign-off.

    Raises:
        TransitionRefused: not a move of the table, or one that takes one person only.
        RuleRefused: the evidence does not allow it (in words: "4 pages, 1 origin: all repeat the
            NIS ..."), or a proposal is open already.
        NotAllowed: an override by somebody who is not an editor.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.PROPOSE, seen=seen)
        why = required(rationale)
        kind = ProposalKind.STATUS
        if claim.status == to == ClaimStatus.DISPUTED and ground is Ground.SHOWN_FALSE:
            kind = ProposalKind.GROUND
        elif procedure(ClaimStatus(claim.status), to, ground=ground) is Procedure.AT_ONCE:
            raise TransitionRefused(
                f"From {claim.status} to {to} takes one person: decide it, no proposal is needed."
            )
        if to is ClaimStatus.CORROBORATED:
            _require_corroborable(actor, claim, ground=ground, rationale=why)
        proposal = open_proposal(
            claim, kind=kind, to=to, ground=ground, rationale=why, record=record
        )
        end_review(claim, outcome=ReviewOutcome.PROPOSED, rationale=why, record=record)
        settle(claim, record=record)
        return proposal


def propose_stands(actor: Actor, claim_id: int, *, rationale: str, seen: int) -> Proposal:
    """Propose that a corroborated claim stands although it was flagged."""
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.PROPOSE, seen=seen)
        why = required(rationale)
        if claim.status != ClaimStatus.CORROBORATED:
            raise RuleRefused("That a claim stands takes a second person only when corroborated.")
        proposal = open_proposal(
            claim,
            kind=ProposalKind.STANDS,
            to=ClaimStatus(claim.status),
            ground=Ground(claim.ground),
            rationale=why,
            record=record,
        )
        end_review(claim, outcome=ReviewOutcome.PROPOSED, rationale=why, record=record)
        settle(claim, record=record)
        return proposal


def propose_edit(
    actor: Actor, claim_id: int, *, payload: Mapping[str, object], rationale: str, seen: int
) -> Proposal:
    """Propose a change of a corroborated claim's wording, kind, figures or counted evidence.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: which claim.
        payload: what changes, in the form `services.edits.apply_edit` takes.
        rationale: why.
        seen: the revision the caller saw.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.PROPOSE, seen=seen)
        proposal = open_proposal(
            claim,
            kind=ProposalKind.EDIT,
            to=ClaimStatus(claim.status),
            ground=Ground(claim.ground),
            rationale=required(rationale),
            record=record,
            payload=payload,
        )
        settle(claim, record=record)
        return proposal


def sign_off(actor: Actor, reference: str, *, version: str) -> Claim:
    """Approve a proposal as another person, in a signed-in session; no role is above this.

    Args:
        actor: any fact-checker or editor of the desk who is not the proposer.
        reference: of the proposal (PR-...).
        version: `queries.version.version_of` of what the signer saw.

    Raises:
        NotAllowed: the proposer themself, a token, an import, or nobody of this desk.
        ProposalVoid: it ended, or claim or evidence changed since.
        RuleRefused: the rules no longer allow it.
    """
    with recording(actor) as record:
        proposal, claim = _lock_proposal(actor, reference)
        signer_id = _require_signer(actor, claim, proposal)
        if proposal.state != ProposalState.OPEN:
            raise ProposalVoid(f"This proposal is {proposal.state}. {proposal.void_reason}".strip())
        if not proposal.version == version == version_of(claim):
            raise ProposalVoid("The claim or its evidence changed after the proposal.")
        _approve(proposal, claim, signer_id=signer_id, record=record)
        _apply(proposal, claim, record=record)
        settle(claim, record=record)
        if proposal.kind != ProposalKind.GROUND and claim.status == ClaimStatus.CORROBORATED:
            claim.signed_off_version = version_of(claim)
            claim.save(update_fields=["signed_off_version"])
        return claim


def withdraw(actor: Actor, reference: str, *, reason: str) -> Claim:
    """Take a proposal back: its proposer, or an editor of the desk."""
    with recording(actor) as record:
        proposal, claim = _lock_proposal(actor, reference)
        if proposal.proposed_by_id != actor.user_id:
            require(actor, Verb.OVERRIDE, claim.desk)
        if proposal.state != ProposalState.OPEN:
            raise ProposalVoid(f"This proposal is {proposal.state} already.")
        why = required(reason, "reason")
        end_proposal(proposal, claim, state=ProposalState.WITHDRAWN, reason=why, record=record)
        settle(claim, record=record)
        return claim


def _require_corroborable(actor: Actor, claim: Claim, *, ground: Ground, rationale: str) -> None:
    if ground is Ground.EDITOR_OVERRIDE:
        require(actor, Verb.OVERRIDE, claim.desk)
    opinion = opinion_on(claim.pk)
    names = _names(claim)
    refusal = why_not_corroborated(opinion, ground=ground, rationale=rationale, names=names)
    if refusal:
        raise RuleRefused(refusal)


def _names(claim: Claim) -> dict[str, str]:
    """Return the word by which a rationale names each disputing evidence: its reference."""
    rows = Evidence.objects.filter(claim=claim, stance=Stance.DISPUTES)
    return {row.reference: row.reference for row in rows}


def _require_signer(actor: Actor, claim: Claim, proposal: Proposal) -> int:
    if actor.kind is not ActorKind.PERSON or not actor.signed_in or actor.user_id is None:
        raise NotAllowed("Only a signed-in person signs off.")
    require(actor, Verb.SIGN_OFF, claim.desk)
    if proposal.proposed_by_id == actor.user_id:
        raise NotAllowed("You proposed this; another person must sign it off.")
    return actor.user_id


def _lock_proposal(actor: Actor, reference: str) -> tuple[Proposal, Claim]:
    """Lock the claim first, then its proposal: the order every writer keeps."""
    found = Proposal.objects.filter(reference=reference).values_list("claim_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such proposal.")
    claim = lock_claim(actor, found, verb=Verb.SEE)
    return Proposal.objects.select_for_update(no_key=True).get(reference=reference), claim


def _approve(proposal: Proposal, claim: Claim, *, signer_id: int, record: Recorder) -> None:
    proposal.state = ProposalState.SIGNED_OFF
    proposal.ended_at = record.at
    proposal.save(update_fields=["state", "ended_at"])
    SignOff.objects.create(
        proposal=proposal,
        proposed_by_id=proposal.proposed_by_id,
        signed_by_id=signer_id,
        signed_at=record.at,
        version=proposal.version,
    )
    record.add(
        EntryKind.SIGNED_OFF,
        claim=claim.reference,
        sets={proposal.reference: {"state": ProposalState.SIGNED_OFF}},
        version=proposal.version,
        proposer=proposal.proposed_by.reference,
    )


def _apply(proposal: Proposal, claim: Claim, *, record: Recorder) -> None:
    """Carry out an approved proposal, by its kind."""
    to, ground = ClaimStatus(proposal.to_status), Ground(proposal.ground)
    match ProposalKind(proposal.kind):
        case ProposalKind.EDIT:
            apply_edit(claim, proposal.payload, record=record)
        case ProposalKind.STANDS:
            apply_stands(claim, rationale=proposal.rationale, record=record)
        case ProposalKind.STATUS | ProposalKind.GROUND:
            if to is ClaimStatus.CORROBORATED:
                refusal = why_not_corroborated(
                    opinion_on(claim.pk),
                    ground=ground,
                    rationale=proposal.rationale,
                    names=_names(claim),
                )
                if refusal:
                    raise RuleRefused(refusal)
            set_status(claim, to=to, ground=ground, rationale=proposal.rationale, record=record)
            answer_flags(claim, answer=FlagAnswer.PROPOSED, record=record)
