"""What is offered while a person fills in where a passage comes from: never taken for granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from claims.admin.forms.origins import named
from claims.models import Claim, Source
from claims.present.evidence import source_words
from claims.queries.desk import origins_known_to
from claims.queries.resemblance import Resemblance, resembling
from claims.text.attributions import Attribution, attributed_near
from claims.text.passages import passage_in
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer: why, what to write into which field; no `value`: it is not on record yet."""

    why: str
    field: str = ""
    value: str = ""
    name: str = ""


def copies(actor: Actor, claim: Claim, source: Source) -> tuple[Suggestion, ...]:
    """Offer the evidence whose page says much the same."""
    return tuple(_copy(found) for found in resembling(actor, claim, source))


def _copy(found: Resemblance) -> Suggestion:
    row, other = found.evidence, found.evidence.source
    order = {True: ", which came first", False: ", which came later", None: ""}[found.is_older]
    where = f"“{source_words(other)}” ({other.reference}){order}"
    why = f"{found.percent} % of its text stands in {where}."
    return Suggestion(why, "relays", f"{row.reference} {source_words(other)}"[:300], row.reference)


def said_by(actor: Actor, source: Source, *, start: int, end: int) -> tuple[Suggestion, ...]:
    """Offer whom the words around a passage name as their source."""
    if source.snapshot is None:
        return ()
    return _known(actor, attributed_near(source.snapshot.text, start, end))


def said_by_quote(actor: Actor, source: Source, quote: str) -> tuple[Suggestion, ...]:
    """Offer the same for a quote that was typed or is on record."""
    text = source.snapshot.text if source.snapshot else ""
    passage = passage_in(text, quote) if text and quote.strip() else None
    return said_by(actor, source, start=passage.start, end=passage.end) if passage else ()


def _known(actor: Actor, found: Iterable[Attribution]) -> tuple[Suggestion, ...]:
    names = [item.name for item in found]
    if not names:
        return ()
    asked = Q()
    for name in names:
        asked |= Q(name__iexact=name) | Q(name__iexact=f"the {name}")
    rows = origins_known_to(actor).filter(asked)[: 4 * len(names)]
    origins = {row.name.lower().removeprefix("the "): row for row in rows}
    return tuple(
        Suggestion(
            f"“{name}” is named beside the passage.",
            "origin",
            named(origins.get(name.lower().removeprefix("the "))),
            name,
        )
        for name in names
    )
