"""The board's panel on linked sources that changed and that nobody has rechecked yet."""

from collections import defaultdict

from claims.models import Flag, Source
from claims.models.tally import TallyName
from claims.queries.panels import BoardFilters, ChangedSource, ChangedSources
from claims.queries.tallies import counted_for, standing_now
from claims.states import FlagKind
from claims.types import Actor

MOST_FLAGS = 500
MOST_LISTED = 10


def sources_changed(actor: Actor, *, filters: BoardFilters) -> ChangedSources:
    """List the linked sources behind open flags, the newest flag first; three queries.

    `count`: sources among the `MOST_FLAGS` newest open flags that name one. `flagged_claims`:
    claims, not closed, with an open flag of any kind. `since_at`: the oldest of the source's flags
    read, since when nobody has answered.
    """
    seen = counted_for(actor, filters=filters, prefix="claim__counted__")
    rows = Flag.objects.filter(seen, answered_at__isnull=True, source__isnull=False)
    rows = (
        rows.order_by("-raised_at", "-pk")
        .select_related("claim")
        .only("kind", "is_stealth", "raised_at", "source", "claim__reference")
    )
    flags = list(rows[: MOST_FLAGS + 1])
    by_source: dict[int, list[Flag]] = defaultdict(list)
    for flag in flags[:MOST_FLAGS]:
        by_source[flag.source_id or 0].append(flag)
    listed = list(by_source)[:MOST_LISTED]
    sources = Source.objects.in_bulk(listed)
    flagged = standing_now(actor, filters=filters, names=[TallyName.FLAGGED])
    return ChangedSources(
        count=len(by_source),
        flagged_claims=flagged[TallyName.FLAGGED],
        is_cut=len(flags) > MOST_FLAGS,
        sources=tuple(_changed(sources[pk], by_source[pk]) for pk in listed),
    )


def _changed(source: Source, flags: list[Flag]) -> ChangedSource:
    return ChangedSource(
        source=source,
        kinds=tuple(dict.fromkeys(FlagKind(flag.kind) for flag in flags)),
        is_stealth=any(flag.is_stealth for flag in flags),
        since_at=min(flag.raised_at for flag in flags),
        claims=tuple(sorted({flag.claim.reference for flag in flags})),
    )
