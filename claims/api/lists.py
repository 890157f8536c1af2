"""Lists page by page, newest first, and single objects by their reference."""

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet, Subquery
from typing_extensions import override

from claims.api import parameters
from claims.api.cursors import cursor_after, read_cursor
from claims.api.door import Given, Resource
from claims.api.filters import Filter
from claims.api.parameters import MOST_ROWS
from claims.api.shapes.parts import Asked
from claims.api.sql_json import BASE, JsonList, JsonObject, as_text
from claims.errors import NotFound
from claims.models.fields import read_reference
from claims.queries.statements import Slot, Statement, Statements, statement_of
from claims.types import Actor

ROWS = 50

STATEMENTS = Statements()

Values = Mapping[str, str | int]
"""What stands in the slots of a statement."""

Expansion = Callable[[Asked], JsonList]
"""What `expand` puts into an object beside its fields."""


def rights_shape(actor: Actor) -> tuple[object, ...]:
    """Return all of an actor that a statement of what they see is made of."""
    return (actor.kind, actor.roles, actor.is_administrator, actor.scopes)


class Shaped(Resource):
    """Objects of one kind, in whole or as `fields` and `expand` ask for them."""

    rows: ClassVar[Callable[[Actor], QuerySet[Any]]]
    shape: ClassVar[Callable[[Asked], JsonObject]]
    expansions: ClassVar[Mapping[str, Expansion]] = {}
    field_names: ClassVar[frozenset[str]] = frozenset()
    """What `fields` may name; empty where an address does not take it."""

    @classmethod
    def choices(cls) -> set[str]:
        """Return the parameters that say how much of an object is told."""
        told = {"fields": cls.field_names, "expand": cls.expansions}
        return {name for name, names in told.items() if names}

    def shaped(self, given: Given) -> tuple[tuple[str, ...], Callable[[], JsonObject]]:
        """Return what the shape asked for differs in, and how it is made."""
        cls = type(self)
        fields = _named("fields", given, known=cls.field_names)
        expand = _named("expand", given, known=cls.expansions.keys())

        def make() -> JsonObject:
            whole = cls.shape(self.asked)
            parts = whole.only(fields) if fields else whole
            return parts.also(**{name: cls.expansions[name](self.asked) for name in expand})

        return (*fields, "+", *expand), make


def _named(name: str, given: Given, *, known: Any) -> tuple[str, ...]:
    """Return the names a comma-separated parameter gives, each once, in one order."""
    return tuple(sorted(parameters.names(name, given[name], known=known))) if name in given else ()


class Listing(Shaped):
    """A list by cursor: no row twice, none left out that was there when the reading began."""

    model: ClassVar[type[Model]]
    filters: ClassVar[Mapping[str, Filter]] = {}
    given_by: ClassVar[frozenset[str]] = frozenset()
    """The parameters that the filters' values come from, where these are not theirs."""

    @override
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.known = {*(cls.given_by or cls.filters), "limit", "cursor", *cls.choices()}

    @override
    def body(self, given: Given, **names: str) -> str:
        usual = str(MOST_ROWS if "references" in given else ROWS)
        limit = parameters.whole("limit", given.get("limit", usual), least=1, most=MOST_ROWS)
        values = dict(self.values(given))
        if "cursor" in given:
            values["cursor"] = read_cursor(given["cursor"], of=self._name)
        statement = self._statement(given, values, rows=limit + 1)
        page = statement.rows(**values, **{BASE: self.asked.base})
        more = cursor_after(page[limit - 1][0], of=self._name) if len(page) > limit else None
        texts = ",\n".join(text for _, text in page[:limit])
        return f'{{"results": [{texts}], "next": {json.dumps(self._next(given, more))}}}'

    def values(self, given: Given) -> Values:
        """Return the values of the filters asked for."""
        filters = type(self).filters
        return {
            name: filters[name].read(self.actor, text)
            for name, text in given.items()
            if name in filters
        }

    def _statement(self, given: Given, values: Mapping[str, object], *, rows: int) -> Statement:
        cls = type(self)
        differs, shape = self.shaped(given)

        def make() -> Statement:
            found = cls.rows(self.actor)
            for name in values.keys() & {*cls.filters, "cursor"}:
                found = found.filter(self._condition(name))
            shaped = found.order_by("-pk").annotate(json=as_text(shape()))
            return statement_of(shaped.values_list("reference", "json")[:rows])

        key = (cls, rights_shape(self.actor), frozenset(values), differs, rows)
        return STATEMENTS.get(key, make)

    def _condition(self, name: str) -> Q:
        cls = type(self)
        if name != "cursor":
            return cls.filters[name].condition(name)
        behind = cls.model._default_manager.filter(reference=Slot("cursor"))  # noqa: SLF001 - Django names it so
        return Q(pk__lt=Subquery(behind.values("pk")))

    @property
    def _name(self) -> str:
        return type(self).model._meta.model_name or ""

    def _next(self, given: Given, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = urlencode({**given, "cursor": cursor})
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")


class Single(Shaped):
    """One object; what its reader may not see does not exist."""

    prefix: ClassVar[str]
    noun: ClassVar[str]
    also_known: ClassVar[frozenset[str]] = frozenset()

    @override
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.known:
            cls.known = cls.choices() | cls.also_known

    @override
    def body(self, given: Given, **names: str) -> str:
        differs, shape = self.shaped(given)

        def make() -> QuerySet[Any, Any]:
            rows = self.named().annotate(json=as_text(shape()))
            told: QuerySet[Any, Any] = rows.values_list("json")
            return told

        return str(self.told("body", names["reference"], make, differs=differs)[0])

    def told(
        self,
        what: str,
        reference: str,
        make: Callable[[], QuerySet[Any, Any]],
        *,
        differs: tuple[str, ...] = (),
    ) -> tuple[Any, ...]:
        """Return one row of values on the object named, by a statement made once.

        Raises:
            NotFound: there is none for this reader.
        """
        key = (type(self), what, rights_shape(self.actor), differs)
        statement = STATEMENTS.get(key, lambda: statement_of(make()))
        named = read_reference(reference, type(self).prefix) or ""
        found = statement.rows(reference=named, **{BASE: self.asked.base})
        if not found:
            raise self.missing()
        return found[0]

    def named(self) -> QuerySet[Any]:
        """Return the queryset of the row a statement's slot `reference` names."""
        rows: QuerySet[Any] = type(self).rows(self.actor)
        return rows.filter(reference=Slot("reference"))

    def row(self, reference: str) -> QuerySet[Any]:
        """Return the queryset of the one row named, or of none."""
        rows = type(self).rows(self.actor)
        return rows.filter(reference=read_reference(reference, self.prefix) or "")

    def missing(self) -> NotFound:
        """Return the one sentence for what is not there and what may not be seen."""
        return NotFound(f"There is no such {self.noun}.")
