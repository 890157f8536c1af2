"""Parts that several objects share."""

from dataclasses import dataclass

from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from claims.api.sql_json import JsonList, JsonObject, Number, items
from claims.models import Figure, Origin
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


def named(asked: Asked) -> Q:
    """Return the condition under which an origin may be named: not confidential, or our own."""
    return Q(is_confidential=False) | Q(desk__slug__in=asked.desks)


def origin(column: str, *, asked: Asked) -> Subquery:
    """Return an origin; a confidential one is unnamed outside its desk, none at all is null.

    Looked up by its key for each row: joined, the planner reads all origins for a page of rows.
    """
    told = JsonObject(
        reference="reference",
        name="name",
        kind="kind",
        reliability="reliability",
        is_confidential="is_confidential",
    )
    untold = JsonObject(
        reference=Value(None),
        name=Value(CONFIDENTIAL),
        kind=Value(None),
        reliability=Value(None),
        is_confidential=Value(value=True),
    )
    rows = Origin.objects.filter(pk=OuterRef(f"{column}_id"))
    return Subquery(rows.values(item=Case(When(named(asked), then=told), default=untold)))


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
