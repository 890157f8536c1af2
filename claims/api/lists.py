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
from claims.api.shapes.parts import Asked
from claims.api.sql_json import JsonObject, as_text
from claims.errors import NotFound
from claims.models.fields import read_reference
from claims.types import Actor

MOST_ROWS = 200
ROWS = 50

Filter = Callable[[Actor, str], Q]
"""Turns one parameter's text into a condition, or raises InvalidInput."""


class Listing(Resource):
    """A list by cursor: no row twice, none left out that was there when the reading began."""

    model: ClassVar[type[Model]]
    rows: ClassVar[Callable[[Actor], QuerySet[Any]]]
    shape: ClassVar[Callable[[Asked], JsonObject]]
    filters: ClassVar[Mapping[str, Filter]] = {}

    @override
    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.known = {*cls.filters, "limit", "cursor"}

    @override
    def body(self, given: Given, **names: str) -> str:
        cls = type(self)
        limit = parameters.whole("limit", given.get("limit", str(ROWS)), least=1, most=MOST_ROWS)
        rows = cls.rows(self.actor)
        for name, text in given.items():
            if name in cls.filters:
                rows = rows.filter(cls.filters[name](self.actor, text))
        if "cursor" in given:
            rows = rows.filter(self._behind(given["cursor"]))
        shaped = rows.order_by("-pk").annotate(json=as_text(cls.shape(self.asked)))
        page = list(shaped.values_list("reference", "json")[: limit + 1])
        more = cursor_after(page[limit - 1][0], of=self._name) if len(page) > limit else None
        texts = ",\n".join(text for _, text in page[:limit])
        return f'{{"results": [{texts}], "next": {json.dumps(self._next(given, more))}}}'

    @property
    def _name(self) -> str:
        return type(self).model._meta.model_name or ""

    def _behind(self, cursor: str) -> Q:
        reference = read_cursor(cursor, of=self._name)
        named = type(self).model._default_manager.filter(reference=reference)  # noqa: SLF001 - as above
        return Q(pk__lt=Subquery(named.values("pk")))

    def _next(self, given: Given, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = urlencode({**given, "cursor": cursor})
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")


class Single(Resource):
    """One object; what its reader may not see does not exist."""

    prefix: ClassVar[str]
    noun: ClassVar[str]
    rows: ClassVar[Callable[[Actor], QuerySet[Any]]]
    shape: ClassVar[Callable[[Asked], JsonObject]]

    @override
    def body(self, given: Given, **names: str) -> str:
        cls = type(self)
        shaped = self.row(names["reference"]).annotate(json=as_text(cls.shape(self.asked)))
        found = shaped.values_list("json", flat=True).first()
        if found is None:
            raise self.missing()
        return str(found)

    def row(self, reference: str) -> QuerySet[Any]:
        """Return the queryset of the one row named, or of none."""
        rows = type(self).rows(self.actor)
        return rows.filter(reference=read_reference(reference, self.prefix) or "")

    def missing(self) -> NotFound:
        """Return the one sentence for what is not there and what may not be seen."""
        return NotFound(f"There is no such {self.noun}.")
