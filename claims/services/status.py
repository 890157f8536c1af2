"""The only way a status changes: decide at once, or propose and sign off by another person.

Each function locks the claim, compares the revision its caller saw, asks the table and the rules,
and writes claim and entries in one transaction (docs/architecture.md, invariants 1 and 2).
"""

from collections.abc import Mapping
from datetime import timedelta

from claims.access import may, require
from claims.errors import NotAllowed, NotFound, ProposalVoid, RuleRefused, TransitionRefused
from claims.models import Claim, Evidence, Proposal, SignOff
from claims.queries.opinion import opinion_on
from claims.queries.version import version_of
from claims.rules import procedure, why_not_corroborated, why_not_disputed
from claims.services.edits import apply_edit
from claims.services.ledger import Plain, Recorder, Text, recording
from claims.services.reviews import answer_flags, apply_stands
from claims.services.rounds import end_review, required
from claims.services.settle import end_proposal, lock_claim, settle
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

UNDO_WITHIN = timedelta(minutes=15)


def decide(
    actor: Actor, claim_id: int, *, to: ClaimStatus, ground: Ground, rationale: str, seen: int
) -> Claim:
    """Change a status that one person may change at once, ending the open review.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: which claim.
        to: reported (from corroborated) or disputed.
        ground: one of the grounds of `to`. *Shown false* takes two: the claim is disputed at once
            on conflicting accounts, and the ground is proposed.
        rationale: why, in words; kept for good.
        seen: the revision the caller saw.

    Raises:
        TransitionRefused: not a move of the table, or it takes a second person.
        RuleRefused: the evidence does not allow it, in words.
        InvalidInput, NotFound, NotAllowed, RevisionMoved: as everywhere.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen)
        why = required(rationale)
        if procedure(ClaimStatus(claim.status), to, ground=ground) is Procedure.SIGN_OFF:
            raise TransitionRefused(
                f"From {claim.status} to {to} takes a second person: propose it for sign-off."
            )
        if to is ClaimStatus.DISPUTED:
            is_editor = may(actor, Verb.OVERRIDE, claim)
            refusal = why_not_disputed(opinion_on(claim.pk), is_editor=is_editor)
            if refusal:
                raise RuleRefused(refusal)
        _void_open(claim, record=record)
        takes_two = ground is Ground.SHOWN_FALSE
        now = Ground.CONFLICTING_ACCOUNTS if takes_two else ground
        _set_status(claim, to=to, ground=now, rationale=why, record=record)
        is_dispute = to is ClaimStatus.DISPUTED
        _finish(claim, is_dispute=is_dispute, rationale=why, record=record)
        settle(claim, record=record)
        if takes_two:
            _open_proposal(
                claim,
                kind=ProposalKind.GROUND,
                to=to,
                ground=ground,
                rationale=why,
                record=record,
            )
        return claim


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
        proposal = _open_proposal(
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
        proposal = _open_proposal(
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
        proposal = _open_proposal(
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


def withdraw_proposal(actor: Actor, reference: str, *, reason: str) -> Claim:
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


def undo(actor: Actor, claim_id: int, *, seen: int) -> Claim:
    """Undo one's own lowering or dispute of a corroborated claim within 15 minutes.

    Only to the very version that was signed off: a slip of the hand needs no second sign-off, a
    second thought does. A new entry, never an erasure.

    Raises:
        RuleRefused: not one's own, too late, or the claim is no longer what was signed off.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen)
        slip = claim.last_slip
        if not slip or slip["by"] != actor.user_id:
            raise RuleRefused("Only the person who lowered a corroborated claim may undo it.")
        if record.at - claim.status_since_at > UNDO_WITHIN:
            raise RuleRefused("A slip can be undone for 15 minutes; propose it instead.")
        if version_of(claim) != claim.signed_off_version:
            raise RuleRefused("The claim is no longer what was signed off; propose it instead.")
        ground = Ground(slip["ground"])
        _set_status(
            claim,
            to=ClaimStatus.CORROBORATED,
            ground=ground,
            rationale="Undone: a slip of the hand.",
            record=record,
            is_undo=True,
        )
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


def _open_proposal(
    claim: Claim,
    *,
    kind: ProposalKind,
    to: ClaimStatus,
    ground: Ground,
    rationale: str,
    record: Recorder,
    payload: Mapping[str, object] | None = None,
) -> Proposal:
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
            }
        },
    )
    return proposal


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
            _set_status(claim, to=to, ground=ground, rationale=proposal.rationale, record=record)
            answer_flags(claim, answer=FlagAnswer.PROPOSED, record=record)


def _void_open(claim: Claim, *, record: Recorder) -> None:
    """Void the open proposal: what it proposes was overtaken by a decision."""
    proposal = Proposal.objects.filter(claim=claim, state=ProposalState.OPEN).first()
    if proposal is not None:
        reason = "The status was decided meanwhile."
        end_proposal(proposal, claim, state=ProposalState.VOID, reason=reason, record=record)


def _set_status(
    claim: Claim,
    *,
    to: ClaimStatus,
    ground: Ground,
    rationale: str,
    record: Recorder,
    is_undo: bool = False,
) -> None:
    """Write status and ground with the entry that freezes the evidence as it stands."""
    was, was_ground = ClaimStatus(claim.status), Ground(claim.ground)
    fell = was is ClaimStatus.CORROBORATED and to is not was
    by = record.actor.user_id
    claim.last_slip = {"by": by, "ground": was_ground.value} if fell else {}
    claim.status, claim.ground = to, ground
    if was is not to:
        claim.status_since_at = record.at
    claim.decided_at = claim.decided_at or record.at
    kind = EntryKind.GROUND_CHANGED if was is to else EntryKind.STATUS_CHANGED
    record.add(
        kind,
        claim=claim.reference,
        sets={
            claim.reference: {
                "status": to,
                "ground": ground,
                "status_since_at": claim.status_since_at,
            }
        },
        was=was,
        rationale=Text(rationale),
        evidence=_frozen(claim),
        is_undo=is_undo,
    )


def _frozen(claim: Claim) -> list[Plain]:
    """Return the live evidence as it stands: what a status entry rests on."""
    rows = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True).order_by("pk")
    return [
        {
            "evidence": row.reference,
            "source": row.source.reference,
            "url": Text(row.source.url or ""),
            "snapshot": row.quote_snapshot.sha256 if row.quote_snapshot else None,
            "quote": Text(row.quote),
            "quote_state": row.quote_state,
            "stance": row.stance,
            "origin": row.origin.reference if row.origin else None,
            "reliability": row.origin.reliability if row.origin else None,
            "credibility": row.credibility,
            "is_primary_record": row.is_primary_record,
        }
        for row in rows.select_related("source", "quote_snapshot", "origin")
    ]


def _finish(claim: Claim, *, is_dispute: bool, rationale: str, record: Recorder) -> None:
    """End the review a decision answers, and all its flags with it."""
    answer = FlagAnswer.DISPUTED if is_dispute else FlagAnswer.LOWERED
    outcome = ReviewOutcome.DISPUTED if is_dispute else ReviewOutcome.LOWERED
    answer_flags(claim, answer=answer, record=record)
    end_review(claim, outcome=outcome, rationale=rationale, record=record)
