"""Read the figures kept beside the record, summed over what a reader may see."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q, QuerySet, Sum

from claims.access import figures_seen_by
from claims.models import Counted, Desk, Tally
from claims.models.tally import TallyName
from claims.queries.desks import zone_of
from claims.queries.panels import BoardFilters
from claims.types import Actor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def counted_for(actor: Actor, *, filters: BoardFilters, prefix: str = "") -> Q:
    """Return the condition on tallies, or counted claims, under which they count for a reader."""
    seen = figures_seen_by(actor, prefix=prefix)
    if filters.desk:
        seen &= Q(**{f"{prefix}desk__in": Desk.objects.filter(slug=filters.desk).values("pk")})
    if filters.topic:
        seen &= Q(**{f"{prefix}topic": filters.topic})
    return seen


def tallies_of(
    actor: Actor, *, filters: BoardFilters, names: Iterable[TallyName]
) -> QuerySet[Tally]:
    """Return the tallies of some names that count for a reader, at any time."""
    seen = counted_for(actor, filters=filters)
    return Tally.objects.filter(seen, name__in=[name.value for name in names])


def standing_now(
    actor: Actor, *, filters: BoardFilters, names: Iterable[TallyName]
) -> Mapping[TallyName, int]:
    """Return how many claims stand so now, by name; one query."""
    asked = list(names)
    rows = tallies_of(actor, filters=filters, names=asked).filter(at=EPOCH)
    found = dict(rows.values_list("name").annotate(Sum("value")))
    return {name: found.get(name.value, 0) for name in asked}


def counted_claims(actor: Actor, *, filters: BoardFilters) -> QuerySet[Counted]:
    """Return the claims that count for a reader, as they are counted."""
    return Counted.objects.filter(counted_for(actor, filters=filters))


def hour_of(at: datetime) -> datetime:
    """Return when the hour of a moment began."""
    return at - (at - EPOCH) % HOUR


def next_hour(at: datetime) -> datetime:
    """Return the first full hour that is not before a moment."""
    return at + (EPOCH - at) % HOUR


def board_zone(actor: Actor, *, filters: BoardFilters) -> ZoneInfo:
    """Return the zone a board's days are cut by: the chosen desk's, else the reader's, else UTC."""
    if not filters.desk:
        return zone_of(actor)
    name = Desk.objects.filter(slug=filters.desk).values_list("time_zone", flat=True).first()
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
