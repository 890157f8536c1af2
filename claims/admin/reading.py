"""What the form of a new claim is filled with, from words a person chose in a text."""

from dataclasses import dataclass, replace
from datetime import date

from claims.admin.forms.origins import named
from claims.models import Article, Origin
from claims.queries.desk import origins_known_to
from claims.states import ClaimKind
from claims.text.attribution import attribute
from claims.text.dates import find_dates
from claims.text.figures import find_figures
from claims.text.language import guess_language
from claims.text.names import find_names
from claims.types import Actor, FigureValue

MOST_NAMES = 8
MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim as it can be read from some words: to be looked over by a person.

    `fields` are initial values of the form, by name.
    """

    fields: dict[str, object]
    figures: tuple[FigureValue, ...]


def read_words(
    actor: Actor, text: str, *, start: int, end: int, article: Article | None
) -> Reading:
    """Read a claim from a span of a text; nothing is guessed that the words do not give."""
    found = attribute(text, start=start, end=end)
    on = _day(text[start:end])
    as_of_on = on or (article.published_at.date() if article and article.published_at else None)
    figures = [span.value for span in find_figures(found.statement)][:MOST_FIGURES]
    origin = _origin(actor, found.claimant)
    fields: dict[str, object] = {
        "statement": found.statement,
        "kind": (ClaimKind.STATEMENT if found.is_told_ahead else ClaimKind.FACT).value,
        "claimant": named(origin),
        "claimant_text": found.claimant[:300],
        "cue": found.cue[:200],
        "hedges": ", ".join(found.hedges),
        "language": article.language if article else guess_language(text) or "en",
        "as_of_on": as_of_on if on or figures else None,
    }
    return Reading(fields, tuple(replace(value, as_of_on=on) for value in figures))


def _day(words: str) -> date | None:
    """Return the one full date among the words, where there is one."""
    days = {found.on for found in find_dates(words)} - {None}
    return days.pop() if len(days) == 1 else None


def _origin(actor: Actor, claimant: str) -> Origin | None:
    """Return the origin on record that the words name, where they name exactly one."""
    for name in _names(claimant):
        found = list(origins_known_to(actor).filter(name__iexact=name)[:2])
        if len(found) == 1:
            return found[0]
    return None


def _names(claimant: str) -> list[str]:
    """Return what may be the name in the words for a claimant, the whole first."""
    whole = claimant.strip()
    bare = whole[4:] if whole.lower().startswith("the ") else whole
    inner = [whole[start:end] for start, end in find_names(whole)]
    return [name for name in dict.fromkeys((whole, bare, *inner)) if name][:MOST_NAMES]
