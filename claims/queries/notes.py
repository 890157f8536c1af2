"""Read the notes a desk keeps to itself."""

from claims.models import Claim, Note
from claims.types import Actor


def notes_on(actor: Actor, claim: Claim) -> list[Note]:
    """Return a claim's notes, newest first, to the people of its desk; none to anybody else."""
    if actor.role_at(claim.desk.slug) is None:
        return []
    kept = Note.objects.filter(claim=claim, removed_at__isnull=True)
    return list(kept.select_related("written_by").order_by("-pk"))
