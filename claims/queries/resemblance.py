"""Which other pages of a claim say the same: a copy adds no origin, so the desk is told of it."""

from dataclasses import dataclass

from claims.access import evidence_visible_to
from claims.models import Claim, Evidence, Snapshot, Source
from claims.text.shingles import share_in, shingles_of
from claims.types import Actor

MOST_COMPARED = 20
MOST_SIGNS = 60_000
"""Code points read of each page; two pages that agree so far are told apart by people."""
TELLING = 0.3
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How much of a page stands in the page of other evidence; `is_older`: that one came first."""

    evidence: Evidence
    share_0_1: float
    is_older: bool | None

    @property
    def percent(self) -> int:
        """The share in words people use."""
        return round(self.share_0_1 * 100)


def resembling(actor: Actor, claim: Claim, source: Source) -> tuple[Resemblance, ...]:
    """Compare what a source said last with the other pages linked to a claim; two queries.

    Args:
        actor: sees the evidence that is told of.
        claim: its newest twenty pieces of evidence are compared.
        source: with its snapshot.

    Returns:
        At most three pages that hold at least 30 % of its text, likest first.
    """
    if source.snapshot is None:
        return ()
    rows = evidence_visible_to(actor).filter(claim=claim, withdrawn_at__isnull=True)
    rows = rows.exclude(source=source).filter(source__snapshot__isnull=False)
    others = list(rows.select_related("source").order_by("-pk")[:MOST_COMPARED])
    wanted = {row.source.snapshot_id for row in others}
    texts = Snapshot.objects.defer("hops").in_bulk([pk for pk in wanted if pk is not None])
    own = shingles_of(source.snapshot.text[:MOST_SIGNS])
    told = [
        _compared(row, source.snapshot, texts[row.source.snapshot_id or 0], own) for row in others
    ]
    likest = sorted(told, key=lambda item: -item.share_0_1)
    once = {item.evidence.source_id: item for item in reversed(likest)}
    kept = [item for item in likest if once[item.evidence.source_id] is item]
    return tuple(item for item in kept if item.share_0_1 >= TELLING)[:MOST_TOLD]


def _compared(
    row: Evidence, own: Snapshot, other: Snapshot, shingles: frozenset[int]
) -> Resemblance:
    share = share_in(shingles, shingles_of(other.text[:MOST_SIGNS]))
    dates = (own.published_at, other.published_at)
    is_older = None if dates[0] is None or dates[1] is None else dates[1] <= dates[0]
    return Resemblance(row, share, is_older)
