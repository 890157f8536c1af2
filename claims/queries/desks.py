"""Read where a reader belongs, and when it is there."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from claims.models import Desk
from claims.types import Actor


def desks_of(actor: Actor) -> frozenset[str]:
    """Return the slugs of the desks an actor holds a role at."""
    return frozenset(desk for desk, _ in actor.roles)


def zone_of(actor: Actor) -> ZoneInfo:
    """Return the zone of the actor's desk, the first by slug; UTC where there is none."""
    zones = Desk.objects.filter(slug__in=desks_of(actor)).order_by("slug")
    name = zones.values_list("time_zone", flat=True).first()
    return ZoneInfo(name if name in _known_zones() else "UTC")


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
