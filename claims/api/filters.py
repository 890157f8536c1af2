"""The filters of lists: each names a known parameter; what it names must exist for its reader."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet

from claims.access import articles_visible_to, sources_visible_to, visible_to
from claims.api import parameters
from claims.errors import InvalidInput
from claims.models import Appearance, Desk, Evidence, Source
from claims.queries.statements import Slot
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class Filter:
    """One parameter of a list.

    `read` turns its text into a value, or raises InvalidInput; `means` is the condition of the rows
    it asks for, with a slot of the kind `of` where the value will stand.
    """

    read: Callable[[Actor, str], str | int]
    means: Callable[[Slot], Q]
    of: type[str] | type[int] = str

    def condition(self, name: str) -> Q:
        """Return the condition, its slot called by the parameter's name."""
        return self.means(Slot(name, of=self.of))


def word(name: str, enum: type[StrEnum]) -> Filter:
    """Return a filter by a member of a closed list."""
    return Filter(
        lambda _, text: parameters.member(name, text, enum).value, lambda slot: Q(**{name: slot})
    )


def slug(name: str) -> Filter:
    """Return a filter by a word people make, in its own spelling; one nobody used finds nothing."""
    return Filter(lambda _, text: parameters.slug(name, text), lambda slot: Q(**{name: slot}))


def desk(column: str) -> Filter:
    """Return a filter by a desk's slug."""
    return Filter(_desk_named, lambda slot: Q(**{column: slot}), of=int)


def _desk_named(_actor: Actor, text: str) -> int:
    found = Desk.objects.filter(slug=text).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("desk", "is no desk's slug.")
    return found


def _named(name: str, prefix: str, rows: Callable[[Actor], QuerySet[Model]]) -> Filter:
    """Return a filter by what `name` names: an object that exists for its reader."""

    def read(actor: Actor, text: str) -> int:
        reference = parameters.reference(name, text, prefix=prefix)
        found = rows(actor).filter(reference=reference).values_list("pk", flat=True)[:1]
        if not found:
            raise InvalidInput(name, f"names no {name}.")
        return int(found[0])

    return Filter(read, lambda slot: Q(**{f"{name}_id": slot}), of=int)


class Among(Func):
    """Whether the first is one of the words, between commas, of the second."""

    template = "%(expressions)s, ','))"
    arg_joiner = " = ANY(string_to_array("
    output_field = BooleanField()


def references(prefix: str) -> Filter:
    """Return a filter by references between commas; one that names nothing finds nothing."""

    def read(_actor: Actor, text: str) -> str:
        return ",".join(sorted(parameters.references("references", text, prefix=prefix)))

    return Filter(read, lambda slot: Q(Among(F("reference"), slot)))


AS_GIVEN = "url_as_given"
"""The slot for an address as it was sent, beside its normalised form: articles keep theirs so."""


def _at_url(slot: Slot) -> Q:
    linked = Q(source__url=slot) | Q(source__in=_merged_from(slot))
    resting = Evidence.objects.filter(linked, withdrawn_at__isnull=True).values("claim_id")
    at = Q(article__url=slot) | Q(article__url=Slot(AS_GIVEN))
    return Q(pk__in=resting.union(Appearance.objects.filter(at).values("claim_id")))


def _merged_from(slot: Slot) -> QuerySet[Source, Any]:
    """Return the sources kept in place of the one that had this address."""
    return Source.objects.filter(url=slot, merged_into__isnull=False).values("merged_into")


AT_URL = Filter(lambda _, text: text, _at_url)
OF_CLAIM = _named("claim", "ST", visible_to)
OF_SOURCE = _named("source", "SO", sources_visible_to)
IN_ARTICLE = Filter(
    _named("article", "AR", articles_visible_to).read,
    lambda slot: Q(pk__in=Appearance.objects.filter(article_id=slot).values("claim_id")),
    of=int,
)
OF_PUBLISHER = Filter(lambda _, text: text, lambda slot: Q(external_id=slot))
"""Articles a publishing system knows under this id."""
