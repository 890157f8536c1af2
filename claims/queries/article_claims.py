"""Read what the claims of one article rest on, all in one query."""

from collections.abc import Mapping, Sequence

from claims.access import evidence_visible_to
from claims.models import Appearance, Evidence
from claims.types import Actor


def evidence_in(
    actor: Actor, appearances: Sequence[Appearance]
) -> Mapping[str, Sequence[Evidence]]:
    """Return the live evidence of the claims that appear, by claim reference, oldest first.

    Each comes with its source, that one's watch and publisher, its origins, and one step of what
    it repeats.
    """
    references = {row.claim_id: row.claim.reference for row in appearances}
    rows = (
        evidence_visible_to(actor)
        .filter(claim__in=references, withdrawn_at__isnull=True)
        .select_related(
            "source__watch",
            "source__publisher__desk",
            "origin__desk",
            "relays_origin__desk",
            "relays_evidence__origin__desk",
            "relays_evidence__relays_origin__desk",
        )
        .order_by("pk")
    )
    found: dict[str, list[Evidence]] = {}
    for row in rows:
        found.setdefault(references[row.claim_id], []).append(row)
    return found
