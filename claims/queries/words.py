"""The words claims are found by, and how many claims have each.

How common a word is comes from the planner's statistics of the index, which ANALYZE keeps: a word
they do not name is rare. What is asked of the index can so be chosen to cost the same however many
claims there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, Func, Value
from django.db.models.functions import Cast, Concat

from claims.models.search import FoundBy

SHORTEST_BEGINNING = 4
_WHOLE_FROM = 6
_UNNAMED_SHARE = 0.0001
_WORDS = """
WITH known AS (
    SELECT * FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs)
        AS common (word, share)
    WHERE s.schemaname = current_schema() AND s.tablename = 'claim_words'
), size AS (
    SELECT greatest(reltuples, 0) AS claims FROM pg_class WHERE oid = to_regclass('claims_claim')
)
SELECT asked.word, size.claims * coalesce(
    (SELECT sum(share) FROM known
     WHERE CASE WHEN asked.is_beginning THEN starts_with(known.word, asked.word)
           ELSE known.word = asked.word END),
    (SELECT least(min(share) / 2, %(unnamed)s) FROM known), 0)
FROM size, unnest(%(words)s::text[], %(beginnings)s::boolean[]) AS asked (word, is_beginning)
"""


@dataclass(frozen=True, slots=True)
class SoughtWord:
    """A word as the index keeps it, or the beginning of some, and how many claims have it."""

    text: str
    is_beginning: bool = False
    claims: float = 0.0

    @property
    def term(self) -> str:
        """Its form in a query of the index."""
        return f"'{self.text}':*" if self.is_beginning else f"'{self.text}'"


class Says(Func):
    """Whether a text has the words a query asks for, by the index."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, column: str | Concat, query: str) -> None:
        super().__init__(FoundBy(column), Cast(Value(query), SearchQueryField()))


def cut_words(*texts: str) -> list[list[str]]:
    """Return the words of each text as the index keeps them, none twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(claims_words(text)) FROM unnest(%s::text[])"
            " WITH ORDINALITY AS t (text, n) ORDER BY n",
            [[text.replace("\x00", " ") for text in texts]],
        )
        return [words for (words,) in cursor.fetchall()]


def counted(words: Iterable[SoughtWord]) -> list[SoughtWord]:
    """Return words with the number of claims that have them, rarest first."""
    sought = list(words)
    with connection.cursor() as cursor:
        cursor.execute(
            _WORDS,
            {
                "words": [word.text for word in sought],
                "beginnings": [word.is_beginning for word in sought],
                "unnamed": _UNNAMED_SHARE,
            },
        )
        claims = dict(cursor.fetchall())
    found = [SoughtWord(word.text, word.is_beginning, claims[word.text]) for word in sought]
    return sorted(found, key=lambda word: (word.claims, -len(word.text), word.text))


def may_begin(word: str) -> bool:
    """Say whether a whole word is long enough to look for longer ones: `Korea` for `Korean`."""
    return word.isalpha() and SHORTEST_BEGINNING <= len(word) < _WHOLE_FROM
