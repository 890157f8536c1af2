"""Claims and sources by the words a person typed, at a cost that does not grow with the record."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, Value

from claims.models import Claim, Source
from claims.models.search import SOURCE_NAME
from claims.queries.words import Says, SoughtWord, cut_words, may_begin
from claims.text.page import folded
from claims.text.words import find_words

MOST_FOUND = 500
MOST_SHOWN = 200
MOST_TYPED = 300


def search(rows: QuerySet[Claim], text: str) -> QuerySet[Claim]:
    """Return those of `rows` that have every word of a text, the likest first; at most 200.

    Endings do not matter, and the last word may be unfinished. Where more than 500 answer, any 500
    are compared: one more word finds the others.

    Args:
        rows: those the reader may see; their order is replaced.
        text: as typed; 300 characters count.
    """
    query = _query(text[:MOST_TYPED])
    if not query:
        return rows.none()
    found = rows.order_by().filter(Says("statement", query))
    said = list(found.values_list("pk", "statement")[:MOST_FOUND])
    wanted = folded(text[:MOST_TYPED]).strip()
    order = sorted(said, key=lambda row: (_tier(row[1], wanted), -row[0]))
    ids = [pk for pk, _ in order[:MOST_SHOWN]]
    return rows.filter(pk__in=ids).order_by(_place_in(ids))


def search_sources(rows: QuerySet[Source], text: str) -> QuerySet[Source]:
    """Return those of `rows` that have every word of a text in title or address; at most 200.

    Where more answer, any 200: one more word finds the others.

    Args:
        rows: those the reader may see.
        text: as typed, or an address as it was copied; 300 characters count.
    """
    query = _query(text[:MOST_TYPED])
    if not query:
        return rows.none()
    found = rows.order_by().filter(Says(SOURCE_NAME, query))
    return rows.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST_SHOWN]))


def _query(text: str) -> str:
    """Ask for all words at once; the last may go on."""
    _, _, last = text.rstrip().rpartition(" ")
    words, unfinished = cut_words(text, last)
    sought = [
        SoughtWord(word, is_beginning=may_begin(word) or word in unfinished) for word in words
    ]
    return " & ".join(word.term for word in sought)


def _tier(statement: str, wanted: str) -> int:
    """Rank a statement: the very words in a row, all of them somewhere, their beginnings alone."""
    said = folded(statement)
    if wanted in said:
        return 0
    whole = {word.text for word in find_words(said)}
    return 1 if all(word.text in whole for word in find_words(wanted)) else 2


def _place_in(ids: list[int]) -> Func:
    listed = Value(ids, output_field=ArrayField(BigIntegerField()))
    return Func(listed, F("pk"), function="array_position")
