"""Linked sources, and apart from them how the watch stands with each."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from typing_extensions import override

from claims.access import sources_visible_to
from claims.api import filters
from claims.api.answers import sources as answers
from claims.api.answers.envelopes import page_of
from claims.api.answers.fields import names_of
from claims.api.description import CURSOR, FIELDS, LIMIT, described, parameter
from claims.api.door import Given
from claims.api.lists import Listing, Single
from claims.api.shapes.sources import source_shape, watch_shape
from claims.models import Source, Watch
from claims.queries.statements import Slot
from claims.states import LinkState, SourceKind
from claims.types import Actor


@described(
    "list_sources",
    page_of(answers.Source),
    parameter("kind", "Only this kind.", enum=SourceKind),
    parameter("link_state", "Only sources that answer so.", enum=LinkState),
    FIELDS,
    LIMIT,
    CURSOR,
)
class SourceList(Listing):
    """Every linked source its reader may know of, newest first."""

    model = Source
    rows = sources_visible_to
    shape = source_shape
    field_names = names_of(answers.Source)
    filters = {
        "kind": filters.word("kind", SourceKind),
        "link_state": filters.word("link_state", LinkState),
    }


@described("read_source", answers.Source, FIELDS)
class OneSource(Single):
    """One linked source."""

    prefix = "SO"
    noun = "source"
    rows = sources_visible_to
    shape = source_shape
    field_names = names_of(answers.Source)


def watches_visible_to(actor: Actor) -> QuerySet[Watch]:
    """Return the watches of the sources `actor` may know of."""
    return Watch.objects.filter(source__in=sources_visible_to(actor))


@described("read_watch", answers.Watch)
class OneWatch(Single):
    """How the watch stands with one source: it moves with every look, so the tag is of the text."""

    prefix = "SO"
    noun = "watched source"
    rows = watches_visible_to
    shape = watch_shape

    @override
    def named(self) -> QuerySet[Any]:
        return watches_visible_to(self.actor).filter(source__reference=Slot("reference"))

    @override
    def state(self, **names: str) -> str:
        self._text = super().body({}, **names)
        return hashlib.sha256(self._text.encode()).hexdigest()

    @override
    def body(self, given: Given, **names: str) -> str:
        return self._text
