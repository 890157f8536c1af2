"""The mark of a proposal that waits, in words: never a badge, for it is no status yet."""

from collections.abc import Mapping

from claims.present.words import label, status_words
from claims.states import ClaimKind, ClaimStatus, Ground, ProposalKind


def pending_words(found: Mapping[str, str] | None, *, kind: ClaimKind) -> str:
    """Say what waits for a second person; empty where nothing does.

    Args:
        found: `kind`, `to` and `ground` of the open proposal (`queries.sign_off.pending_of`).
        kind: of the claim.
    """
    if not found:
        return ""
    match ProposalKind(found["kind"]):
        case ProposalKind.STATUS:
            what = status_words(ClaimStatus(found["to"]), kind=kind)
        case ProposalKind.GROUND:
            what = label(Ground(found["ground"]))
        case other:
            what = label(other)
    return f"proposed: {what}, waits for a second person"


def pending_marks(found: Mapping[str, tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Say what waits on each of some claims, by reference (`queries.sign_off.pending_on`)."""
    return {
        claim: pending_words(proposal, kind=ClaimKind(kind))
        for claim, (kind, proposal) in found.items()
    }
