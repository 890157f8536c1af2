"""What takes two people: proposed by one, signed off by another, or taken back.

A proposal is bound to the exact version of claim and evidence its maker saw (invariant 2); every
function locks the claim first and writes in one transaction.
"""

from collections.abc import Mapping

from claims.access import require, visible_to
from claims.errors import (
    NotAllowed,
    NotFound,
    ProposalVoid,
    RevisionMoved,
    RuleRefused,
    TransitionRefused,
)
from claims.models import Claim, Evidence, Proposal, Review, SignOff, User
from claims.queries.desk import colleagues_at
from claims.queries.opinion import opinion_on
from claims.queries.version import version_of
from claims.rules import procedure, why_not_corroborated
from claims.services import fields
from claims.services.edits import apply_edit
from claims.services.ledger import Recorder, recording
from claims.services.notifications import tell
from claims.services.proposal_rows import end_proposal, open_proposal, stop_waiting
from claims.services.reviews import answer_flags, apply_stands
from claims.services.rounds import end_review, required
from claims.services.settle import lock_claim, settle
from claims.services.status import set_status
from claims.services.work import give
from claims.states import (
    ActorKind,
    ClaimStatus,
    EntryKind,
    FlagAnswer,
    Ground,
    NotificationKind,
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


def sign_off(actor: Actor, reference: str, *, version: str, seen: int | None = None) -> Claim:
    """Approve a proposal as another person, in a signed-in session; no role is above this.

    Args:
        actor: any fact-checker or editor of the desk who is not the proposer.
        reference: of the proposal (PR-...).
        version: `queries.version.version_of` of what the signer saw.
        seen: the claim's revision the signer saw: a flag raised since is not answered unseen.

    Raises:
        NotAllowed: the proposer themself, a token, an import, or nobody of this desk.
        ProposalVoid: it ended, or claim or evidence changed since.
        RevisionMoved: something else about the claim changed since.
        RuleRefused: the rules no longer allow it.
    """
    with recording(actor) as record:
        proposal, claim = _lock_proposal(actor, reference)
        signer_id = _require_signer(actor, claim, proposal)
        _require_open(proposal)
        if not proposal.version == version == version_of(claim):
            raise ProposalVoid("The claim or its evidence changed after the proposal.")
        if seen is not None and claim.revision != seen:
            raise RevisionMoved(seen=seen, now=claim.revision)
        _approve(proposal, claim, signer_id=signer_id, record=record)
        _apply(proposal, claim, record=record)
        settle(claim, record=record)
        if proposal.kind != ProposalKind.GROUND and claim.status == ClaimStatus.CORROBORATED:
            claim.signed_off_version = version_of(claim)
            claim.save(update_fields=["signed_off_version"])
        return claim


def send_back(actor: Actor, reference: str, *, note: str) -> Claim:
    """Ask the proposer for changes: the proposal ends, and its claim is theirs to work on again.

    Args:
        actor: anybody who could sign it off.
        reference: of the proposal (PR-...).
        note: what should change, at most `fields.MOST_NOTE` code points; kept for good.

    Raises:
        InvalidInput: field `note`: empty, too long, or with control characters.
        NotAllowed: whoever may not sign it off; its proposer withdraws it.
        ProposalVoid: it ended meanwhile.
    """
    said = fields.text_of("note", note, most=fields.MOST_NOTE, is_required=True)
    with recording(actor) as record:
        proposal, claim = _lock_proposal(actor, reference)
        _require_signer(actor, claim, proposal)
        _require_open(proposal)
        end_proposal(proposal, claim, state=ProposalState.SENT_BACK, reason=said, record=record)
        _return_to_proposer(proposal, claim, record=record)
        settle(claim, record=record)
        return claim


def _return_to_proposer(proposal: Proposal, claim: Claim, *, record: Recorder) -> None:
    """Make the open review its proposer's, if they decide here still and it is nobody's."""
    review = Review.objects.get(claim=claim, ended_at__isnull=True)
    proposer = colleagues_at(claim).filter(pk=proposal.proposed_by_id).first()
    if proposer is not None and review.assignee_id is None:
        give(review, claim, to=proposer, record=record)


def withdraw(actor: Actor, reference: str, *, reason: str) -> Claim:
    """Take a proposal back: its proposer, or an editor of the desk."""
    why = fields.text_of("reason", required(reason, "reason"), most=fields.MOST_NOTE)
    with recording(actor) as record:
        proposal, claim = _lock_proposal(actor, reference)
        if proposal.proposed_by_id != actor.user_id:
            require(actor, Verb.OVERRIDE, claim.desk)
        _require_open(proposal)
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


def _require_open(proposal: Proposal) -> None:
    match ProposalState(proposal.state):
        case ProposalState.OPEN:
            return
        case ProposalState.SIGNED_OFF:
            signer = User.objects.get(sign_offs__proposal=proposal)
            raise ProposalVoid(f"This proposal is signed off already, by {signer}.")
        case ended:
            words = ended.replace("_", " ")
            raise ProposalVoid(f"This proposal is {words}: {proposal.void_reason}")


def _lock_proposal(actor: Actor, reference: str) -> tuple[Proposal, Claim]:
    """Lock the claim first, then its proposal: the order every writer keeps."""
    rows = Proposal.objects.filter(reference=reference, claim__in=visible_to(actor))
    found = rows.values_list("claim_id", flat=True).first()
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
        sets={proposal.reference: {"state": ProposalState.SIGNED_OFF, "ended_at": record.at}},
        version=proposal.version,
        proposer=proposal.proposed_by.reference,
    )
    stop_waiting(proposal, claim, record=record)
    to, about = [proposal.proposed_by_id], proposal.reference
    tell(NotificationKind.SIGNED_OFF, claim=claim, to=to, record=record, about=about)


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
