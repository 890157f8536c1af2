"""The only way a status changes: decided at once here, or signed off through `proposals`.

Each function locks the claim, compares the revision its caller saw, asks the table and the rules,
and writes claim and entries in one transaction (docs/architecture.md, invariants 1 and 2).
"""

from datetime import timedelta

from claims.access import may
from claims.errors import RuleRefused, TransitionRefused
from claims.models import Claim, Evidence
from claims.queries.opinion import opinion_on
from claims.queries.version import version_of
from claims.rules import procedure, why_not_disputed
from claims.services.ledger import Plain, Recorder, Text, recording
from claims.services.proposal_rows import open_proposal, void_open
from claims.services.reviews import answer_flags
from claims.services.rounds import end_review, required
from claims.services.settle import lock_claim, settle
from claims.states import (
    ClaimStatus,
    EntryKind,
    FlagAnswer,
    Ground,
    Procedure,
    ProposalKind,
    ReviewOutcome,
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
        void_open(claim, record=record)
        takes_two = ground is Ground.SHOWN_FALSE
        now = Ground.CONFLICTING_ACCOUNTS if takes_two else ground
        set_status(claim, to=to, ground=now, rationale=why, record=record)
        is_dispute = to is ClaimStatus.DISPUTED
        _finish(claim, is_dispute=is_dispute, rationale=why, record=record)
        settle(claim, record=record)
        if takes_two:
            open_proposal(
                claim,
                kind=ProposalKind.GROUND,
                to=to,
                ground=ground,
                rationale=why,
                record=record,
            )
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
        set_status(
            claim,
            to=ClaimStatus.CORROBORATED,
            ground=ground,
            rationale="Undone: a slip of the hand.",
            record=record,
            is_undo=True,
        )
        settle(claim, record=record)
        return claim


def set_status(
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
                "decided_at": claim.decided_at,
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
