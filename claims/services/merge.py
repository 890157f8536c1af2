"""Two claims that say the same become one: the other is closed and answers with it for ever."""

from collections.abc import Sequence

from claims.access import may
from claims.errors import NotAllowed
from claims.models import Claim, ClaimLink
from claims.services.claims import put_link
from claims.services.closing import lock_both, seen_claim, shut
from claims.services.copies import chosen_evidence, copy_evidence, copy_places
from claims.services.ledger import recording
from claims.services.rounds import required
from claims.services.settle import settle
from claims.states import ClaimLinkKind, CloseReason, Verb
from claims.types import Actor


def merge(
    actor: Actor,
    claim_id: int,
    *,
    into: str,
    note: str,
    seen: int,
    evidence: Sequence[str] = (),
) -> Claim:
    """Close a claim as a duplicate of another, which may take its evidence; return the other.

    The status of the one that stays is not touched: a merge never raises a status. Where it takes
    evidence, its open proposal is void, as after any change of its evidence.

    Args:
        actor: a fact-checker or editor of the duplicate's desk, and of the other's where it is to
            take evidence.
        claim_id: the duplicate.
        into: reference of the claim that stays.
        note: why they are the same; kept for good.
        seen: the revision of the duplicate the caller saw.
        evidence: references of the duplicate's evidence that the other takes.

    Raises:
        InvalidInput: field `into`: no such claim, the claim itself, closed or replaced; field
            `evidence`: not the duplicate's, or not to be shown to the readers of the other.
        NotAllowed, RevisionMoved, RuleRefused: as everywhere.
    """
    with recording(actor) as record:
        other = seen_claim(actor, into, field="into")
        claim, kept = lock_both(actor, claim_id, other=other, seen=seen, field="into")
        if evidence and not may(actor, Verb.WRITE, kept):
            raise NotAllowed(f"You may not add evidence to {kept.reference}: it is another desk's.")
        rows = chosen_evidence(claim, evidence)
        why = required(note, "note")
        shut(claim, reason=CloseReason.DUPLICATE, why=why, record=record, replaced_by=kept)
        kind = ClaimLinkKind.DUPLICATES
        known = ClaimLink.objects.filter(claim=claim, other=kept, kind=kind, ended_at=None)
        if not known.exists():
            put_link(claim, kind=kind, other=kept, record=record)
        if may(actor, Verb.WRITE, kept):
            copy_places(claim, onto=kept, record=record)
            copy_evidence(rows, onto=kept, record=record)
            settle(kept, record=record)
        settle(claim, record=record)
        return kept
