"""Parts that several objects share."""

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Q, Value, When

from claims.api.sql_json import JsonList, JsonObject, Number, items
from claims.models import Figure
from claims.types import Actor

CONFIDENTIAL = "a confidential source"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and under which address (with a slash at its end) the door stands."""

    actor: Actor
    base: str

    @property
    def desks(self) -> list[str]:
        """The desks the actor belongs to."""
        return [desk for desk, _ in self.actor.roles]


def named(column: str, *, asked: Asked) -> Q:
    """Return the condition under which an origin may be named: not confidential, or our own."""
    own = Q(**{f"{column}__desk__slug__in": asked.desks})
    return Q(**{f"{column}__is_confidential": False}) | own


def origin(column: str, *, asked: Asked) -> Case:
    """Return an origin; a confidential one is unnamed outside its desk, none at all is null."""
    told = JsonObject(
        reference=f"{column}__reference",
        name=f"{column}__name",
        kind=f"{column}__kind",
        reliability=f"{column}__reliability",
        is_confidential=f"{column}__is_confidential",
    )
    untold = JsonObject(
        reference=Value(None),
        name=Value(CONFIDENTIAL),
        kind=Value(None),
        reliability=Value(None),
        is_confidential=Value(value=True),
    )
    return Case(
        When(named(column, asked=asked), then=told),
        When(Q(**{f"{column}__isnull": False}), then=untold),
    )


def figures(of: str) -> JsonList:
    """Return the figures in force on the row around: `of` is `claim` or `evidence`."""
    rows = Figure.objects.filter(**{of: OuterRef("pk")}, ended_at__isnull=True).order_by("pk")
    shape = JsonObject(
        value=Number("value"),
        value_high=Number("value_high"),
        unit="unit",
        qualifier="qualifier",
        scope="scope",
        as_of_on="as_of_on",
        text="text",
    )
    return items(rows, shape)
