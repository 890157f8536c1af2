"""Take back how one claim was said to stand to another."""

from claims.errors import AlreadyExists, RuleRefused
from claims.models import ClaimLink
from claims.services.closing import seen_claim
from claims.services.ledger import Text, recording
from claims.services.rounds import required
from claims.services.settle import lock_claim, settle
from claims.states import ClaimLinkKind, CloseReason, EntryKind, Verb
from claims.types import Actor


def unlink(actor: Actor, claim_id: int, *, kind: ClaimLinkKind, to: str, note: str) -> None:
    """Take back how one claim was said to stand to another; it may be said again.

    Args:
        actor: who may write on the claim the link is of.
        claim_id: the claim that was said to update, follow, duplicate or be part of the other.
        kind: how.
        to: reference of the other.
        note: why it is taken back; kept for good.

    Raises:
        InvalidInput: field `to`: no such claim for this actor; field `note`: empty.
        AlreadyExists: they are not, or no longer, linked so.
        RuleRefused: a closed claim answers with the other by this link.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.WRITE)
        other, why = seen_claim(actor, to), required(note, "note")
        live = ClaimLink.objects.filter(claim=claim, other=other, kind=kind, ended_at=None).first()
        if live is None:
            said = f"{claim.reference} is not linked to {other.reference} so, or no longer."
            raise AlreadyExists(claim.reference, said)
        _require_spare(live)
        live.ended_at = record.at
        live.save(update_fields=["ended_at"])
        record.add(
            EntryKind.CLAIM_UNLINKED,
            claim=claim.reference,
            link=kind,
            to=other.reference,
            note=Text(why),
        )
        settle(claim, record=record)


def _require_spare(live: ClaimLink) -> None:
    """Refuse where a reference that was merged or split would answer with nothing."""
    if live.claim.replaced_by_id == live.other_id and live.kind == ClaimLinkKind.DUPLICATES:
        raise RuleRefused(
            f"{live.other.reference} stands for {live.claim.reference}: reopen that first."
        )
    if live.is_split_off and live.other.close_reason == CloseReason.SPLIT:
        raise RuleRefused(
            f"{live.other.reference} was split into this claim and others: reopen that first."
        )
