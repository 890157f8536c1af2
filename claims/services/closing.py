"""A claim ends: closed by itself, or because another one stands in its place."""

from collections.abc import Sequence

from claims.access import visible_to
from claims.errors import InvalidInput, RuleRefused
from claims.models import Claim, Proposal
from claims.services import fields
from claims.services.ledger import Recorder, Text
from claims.services.proposal_rows import end_proposal
from claims.services.reviews import answer_flags
from claims.services.rounds import end_review
from claims.services.settle import lock_claim
from claims.states import CloseReason, EntryKind, FlagAnswer, ProposalState, ReviewOutcome, Verb
from claims.types import Actor


def seen_claim(actor: Actor, reference: str, *, field: str = "to") -> Claim:
    """Return the claim of a reference as its reader may see it, not locked.

    Raises:
        InvalidInput: at `field`: there is none.
    """
    name = fields.text_of(field, reference, most=9)
    found = visible_to(actor).select_related("desk").filter(reference=name).first()
    if found is None:
        raise InvalidInput(field, f"there is no claim {reference}.")
    return found


def lock_both(
    actor: Actor, claim_id: int, *, other: Claim, seen: int, field: str = "to"
) -> tuple[Claim, Claim]:
    """Lock a claim that is to be closed and the one that replaces it, in order of their ids.

    The one that replaces it must stand for itself when both are locked: so no two claims can come
    to replace each other, whoever is first.

    Raises:
        InvalidInput: at `field`: the other is the claim itself, closed, or replaced.
    """
    if other.pk == claim_id:
        raise InvalidInput(field, "a claim cannot stand in its own place.")
    locked = {
        pk: lock_claim(actor, pk, verb=Verb.DECIDE, seen=seen)
        if pk == claim_id
        else lock_claim(actor, pk, verb=Verb.SEE)
        for pk in sorted((claim_id, other.pk))
    }
    _require_standing(locked[other.pk], field)
    return locked[claim_id], locked[other.pk]


def _require_standing(other: Claim, field: str) -> None:
    if other.replaced_by is not None:
        to = other.replaced_by.reference
        raise InvalidInput(field, f"{other.reference} was itself replaced, by {to}.")
    if other.closed_at is not None:
        raise InvalidInput(field, f"{other.reference} is closed: reopen it first.")


def shut(
    claim: Claim,
    *,
    reason: CloseReason,
    why: str,
    record: Recorder,
    replaced_by: Claim | None = None,
    split_into: Sequence[str] = (),
) -> None:
    """Close a locked claim: its proposal is void, its flags are answered, its review ends.

    The caller settles it.

    Raises:
        RuleRefused: it is closed already.
    """
    if claim.closed_at is not None:
        raise RuleRefused("This claim is closed already.")
    proposal = Proposal.objects.filter(claim=claim, state=ProposalState.OPEN).first()
    if proposal is not None:
        told = "The claim was closed meanwhile."
        end_proposal(proposal, claim, state=ProposalState.VOID, reason=told, record=record)
    claim.closed_at, claim.close_reason, claim.replaced_by = record.at, reason, replaced_by
    end_review(claim, outcome=ReviewOutcome.CLOSED, rationale=why, record=record)
    record.add(
        EntryKind.CLAIM_CLOSED,
        claim=claim.reference,
        sets={
            claim.reference: {
                "closed_at": record.at,
                "close_reason": reason,
                "replaced_by": replaced_by.reference if replaced_by else None,
            }
        },
        note=Text(why),
        split_into=[*split_into] or None,
    )
    answer_flags(claim, answer=FlagAnswer.CLOSED, record=record)
