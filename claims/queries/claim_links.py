"""How one claim stands to others, as its reader may see it."""

from claims.access import visible_to
from claims.models import Claim, ClaimLink
from claims.types import Actor


def links_of(actor: Actor, claim: Claim) -> tuple[list[ClaimLink], list[ClaimLink]]:
    """Return the links a claim has to others, and those others have to it."""
    seen = visible_to(actor)
    ours = claim.links.filter(other__in=seen).select_related("other").order_by("pk")
    theirs = claim.linked_from.filter(claim__in=seen).select_related("claim").order_by("pk")
    return list(ours), list(theirs)
