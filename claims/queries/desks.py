"""Read where a reader belongs, and when it is there."""

from collections.abc import Iterable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func

from claims.models import Desk
from claims.types import Actor


def desks_of(actor: Actor) -> frozenset[str]:
    """Return the slugs of the desks an actor holds a role at."""
    return frozenset(desk for desk, _ in actor.roles)


class AtDesks(Func):
    """Whether a row is at one of some desks, asked in a way an index answers in its own order."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, slugs: Iterable[str], *, column: str = "desk_id") -> None:
        ids = Desk.objects.filter(slug__in=list(slugs)).values("pk")
        super().__init__(F(column), ArraySubquery(ids))


def zone_of(actor: Actor) -> ZoneInfo:
    """Return the zone of the actor's desk, the first by slug; UTC where there is none."""
    zones = Desk.objects.filter(slug__in=desks_of(actor)).order_by("slug")
    name = zones.values_list("time_zone", flat=True).first()
    return ZoneInfo(name if name in _known_zones() else "UTC")


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
