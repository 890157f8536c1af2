"""How one claim stands to others, as its reader may see it."""

from claims.access import visible_to
from claims.models import Claim, ClaimLink
from claims.types import Actor


def links_of(actor: Actor, claim: Claim) -> tuple[list[ClaimLink], list[ClaimLink]]:
    """Return the links a claim has to others, and those others have to it; none taken back."""
    seen = visible_to(actor)
    ours = claim.links.filter(ended_at=None, other__in=seen).select_related("other")
    theirs = claim.linked_from.filter(ended_at=None, claim__in=seen).select_related("claim")
    return list(ours.order_by("pk")), list(theirs.order_by("pk"))
