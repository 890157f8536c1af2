"""JSON built by PostgreSQL: a list costs one query and no objects in between."""

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from django.db.models import (
    F,
    Func,
    JSONField,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf

from claims.queries.statements import Slot

BASE = "base"
"""The slot for the door's own address, with a slash at its end."""

Part = str | Combinable | Subquery


class JsonObject(Func):
    """`json_build_object`: unlike jsonb it keeps the fields in the order given."""

    function = "json_build_object"

    def __init__(self, **fields: Part) -> None:
        pairs = chain.from_iterable((Value(name), value) for name, value in fields.items())
        super().__init__(*pairs, output_field=JSONField())
        self.fields: Mapping[str, Part] = fields

    def only(self, names: Collection[str]) -> "JsonObject":
        """Return the same with these fields alone, in their own order."""
        return JsonObject(**{name: part for name, part in self.fields.items() if name in names})

    def also(self, **fields: Part) -> "JsonObject":
        """Return the same with more fields at its end."""
        return JsonObject(**self.fields, **fields)


class JsonList(Subquery):
    """The rows of a queryset of one column `item`, in its order, as a list; never null."""

    template = "(SELECT coalesce(json_agg(rows.item), '[]'::json) FROM (%(subquery)s) AS rows)"
    output_field = JSONField()


class Moment(Func):
    """A datetime as RFC 3339 in UTC with six digits of a second and Z."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = TextField()


class Number(Func):
    """A decimal as text, exactly, without idle zeros."""

    template = "trim_scale(%(expressions)s)::text"
    output_field = TextField()


class Joined(Func):
    """Texts one after the other; null where one is."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class Counted(Subquery):
    """How many rows a queryset has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS rows)"
    output_field = JSONField()


def items(rows: QuerySet[Any], shape: JsonObject) -> JsonList:
    """Return the rows, each in a shape, as one JSON list."""
    return JsonList(rows.values(item=shape))


def or_null(column: str) -> NullIf:
    """Return a text column with null for empty."""
    return NullIf(F(column), Value(""))


def address(path: str, column: str, *, then: str = "/") -> Joined:
    """Return an address below the door's own: `path`, the reference in `column`, what follows."""
    return Joined(Slot(BASE), Value(path), F(column), Value(then))


def as_text(shape: JsonObject) -> Cast:
    """Return a shape as the text that goes out."""
    return Cast(shape, TextField())
