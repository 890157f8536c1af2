"""A proposal waits and ends: the row and its entry, whoever proposes and whatever ends it."""

import json
from collections.abc import Mapping

from claims.errors import NotAllowed, RuleRefused
from claims.models import Claim, Proposal
from claims.queries.desk import colleagues_at
from claims.queries.version import version_of
from claims.services.ledger import Recorder, Text
from claims.services.notifications import take_back, tell
from claims.services.rounds import return_to_work
from claims.states import (
    ClaimStatus,
    EntryKind,
    Ground,
    NotificationKind,
    ProposalKind,
    ProposalState,
)

MOST_REASON = 300
"""Code points of why a review opened; the whole text stands in the proposal and its entry."""
MOST_TOLD = 50
"""People told of one proposal."""

_ENDS = {
    ProposalState.VOID: (EntryKind.PROPOSAL_VOIDED, NotificationKind.PROPOSAL_VOID),
    ProposalState.WITHDRAWN: (EntryKind.PROPOSAL_WITHDRAWN, NotificationKind.PROPOSAL_VOID),
    ProposalState.SENT_BACK: (EntryKind.PROPOSAL_SENT_BACK, NotificationKind.SENT_BACK),
}


def open_proposal(
    claim: Claim,
    *,
    kind: ProposalKind,
    to: ClaimStatus,
    ground: Ground,
    rationale: str,
    record: Recorder,
    payload: Mapping[str, object] | None = None,
) -> Proposal:
    """Bind a proposal to the claim's version as it stands now; the caller holds its lock.

    Raises:
        NotAllowed: the actor is no person and acts for none.
        RuleRefused: another proposal waits.
    """
    if record.actor.user_id is None:
        raise NotAllowed("Only a person proposes.")
    if Proposal.objects.filter(claim=claim, state=ProposalState.OPEN).exists():
        raise RuleRefused("A proposal is open already: sign it off or withdraw it first.")
    proposal = Proposal.objects.create(
        claim=claim,
        kind=kind,
        to_status=to,
        ground=ground,
        rationale=rationale,
        payload=dict(payload or {}),
        version=version_of(claim),
        proposed_by_id=record.actor.user_id,
        proposed_at=record.at,
    )
    record.add(
        EntryKind.PROPOSED,
        claim=claim.reference,
        sets={
            proposal.reference: {
                "state": ProposalState.OPEN,
                "kind": kind,
                "to": to,
                "ground": ground,
                "version": proposal.version,
                "rationale": Text(rationale),
                "payload": Text(json.dumps(payload, default=str) if payload else ""),
                "proposed_at": record.at,
            }
        },
    )
    _tell_signers(proposal, claim, record=record)
    return proposal


def _tell_signers(proposal: Proposal, claim: Claim, *, record: Recorder) -> None:
    """Tell those who may sign it; their list of what waits names it to all beyond so many."""
    signers = colleagues_at(claim).exclude(pk=proposal.proposed_by_id)
    people = [person.pk for person in signers[:MOST_TOLD]]
    kind = NotificationKind.AWAITS_SIGN_OFF
    tell(kind, claim=claim, to=people, record=record, about=proposal.reference)


def stop_waiting(proposal: Proposal, claim: Claim, *, record: Recorder) -> None:
    """Take back what was told to those who could have signed a proposal that has ended."""
    kind = NotificationKind.AWAITS_SIGN_OFF
    take_back(kind, claim=claim, about=proposal.reference, record=record)


def void_open(claim: Claim, *, record: Recorder) -> None:
    """Void the open proposal: what it proposes was overtaken by a decision."""
    proposal = Proposal.objects.filter(claim=claim, state=ProposalState.OPEN).first()
    if proposal is not None:
        reason = "The status was decided meanwhile."
        end_proposal(proposal, claim, state=ProposalState.VOID, reason=reason, record=record)


def end_proposal(
    proposal: Proposal, claim: Claim, *, state: ProposalState, reason: str, record: Recorder
) -> None:
    """End an open proposal without approval; its reason is kept for both people."""
    entry, told = _ENDS[state]
    proposal.state = state
    proposal.void_reason = reason
    proposal.ended_at = record.at
    proposal.save(update_fields=["state", "void_reason", "ended_at"])
    record.add(
        entry,
        claim=claim.reference,
        sets={proposal.reference: {"state": state, "reason": Text(reason), "ended_at": record.at}},
    )
    stop_waiting(proposal, claim, record=record)
    people = [proposal.proposed_by_id]
    tell(told, claim=claim, to=people, record=record, about=proposal.reference)
    return_to_work(claim, reason=_cut(reason), record=record)


def _cut(reason: str) -> str:
    return reason if len(reason) <= MOST_REASON else f"{reason[: MOST_REASON - 1]}…"
