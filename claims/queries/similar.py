"""Tracked claims that say nearly the same as some words.

The index gives candidates, no more than a few hundred however many claims there are: those that
share the rarest words, then those that share one rare word, or a few that are rare together. They
are ranked here, word by word: names and numbers weigh more, and another figure makes another claim.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz, process

from claims.access import visible_to
from claims.models import Claim
from claims.queries.words import Says, SoughtWord, counted, cut_words, may_begin
from claims.states import CloseReason
from claims.text.figures import find_figures, same_quantities
from claims.text.names import find_names
from claims.text.page import folded, stem
from claims.text.words import find_words
from claims.types import Actor

MOST_CANDIDATES = 200
"""Claims read for each of the two questions asked of the index."""
MOST_TEXT = 1_000
LEAST_SCORE = 0.4
_SOUGHT, _TIGHT, _LOOSE = 6, 5, 3
_RARE = 300
_TOGETHER = 5
_NAME_WEIGHT = 1.5
_NUMBER_WEIGHT = 1.5
_MOST_WEIGHT = 4.0
_SHARED_WEIGHT = 0.7
_OTHER_FIGURES = 0.85
_NEAR, _NEAREST = 60, 20
_GONE = (CloseReason.DUPLICATE, CloseReason.SPLIT, CloseReason.MISTAKE)


@dataclass(frozen=True, slots=True)
class Similar:
    """A tracked claim and how like some words it is, from 0 to 1.

    `has_other_figures`: both give figures or dates, and not the same: similar, not the same claim.
    """

    claim: Claim
    score: float
    has_other_figures: bool = False


def similar_claims(
    actor: Actor, text: str, *, limit: int = 5, but: int | None = None
) -> tuple[Similar, ...]:
    """Return the tracked claims likest to a text, best first.

    Args:
        actor: who asks; only claims that exist for them.
        text: a statement, or words of an article; 1,000 characters count.
        limit: how many at most.
        but: the id of a claim to leave out.
    """
    said = text[:MOST_TEXT]
    (words,) = cut_words(said)
    sought = counted(SoughtWord(word, is_beginning=may_begin(word)) for word in words)
    statements: dict[int, str] = {}
    rows = _tracked(actor).exclude(pk=but or 0)
    for query in _queries(sought) if sought else ():
        further = rows.filter(Says("statement", query)).exclude(pk__in=list(statements))
        statements |= dict(further.values_list("pk", "statement")[:MOST_CANDIDATES])
    best = _ranked(said, statements, sought)[:limit]
    claims = Claim.objects.select_related("desk", "claimant__desk").in_bulk([pk for pk, *_ in best])
    return tuple(Similar(claims[pk], score, other) for pk, score, other in best)


def _tracked(actor: Actor) -> QuerySet[Claim]:
    """Claims that stand for themselves: not those another one replaced, or that were mistakes."""
    return visible_to(actor).filter(~Q(close_reason__in=_GONE), replaced_by__isnull=True)


def _queries(sought: Sequence[SoughtWord]) -> Iterator[str]:
    """Ask for the rarest words together, whatever the figures; then for what is rare by itself."""
    letters = [word for word in sought if not word.text[0].isdigit()]
    if letters:
        yield _any_of([letters[:_TIGHT]])
    groups = [*_rare_together(sought[:_SOUGHT]), letters[:_LOOSE]]
    yield _any_of([group for group in groups if group])


def _rare_together(words: Sequence[SoughtWord]) -> list[Sequence[SoughtWord]]:
    """Return the smallest groups of words that few claims have together, rarest first."""
    found: list[Sequence[SoughtWord]] = []
    for size in range(1, _LOOSE + 1):
        for group in combinations(words, size):
            is_new = not any(set(smaller) <= set(group) for smaller in found)
            # words of one subject come together: each further one spares four claims of five
            if is_new and group[0].claims / _TOGETHER ** (size - 1) <= _RARE:
                found.append(group)
    return found


def _any_of(groups: Sequence[Sequence[SoughtWord]]) -> str:
    return " | ".join("(" + " & ".join(word.term for word in group) + ")" for group in groups)


_Ranked = tuple[int, float, bool]


def _ranked(
    text: str, statements: Mapping[int, str], sought: Sequence[SoughtWord]
) -> list[_Ranked]:
    """Rank the candidates: all of them roughly, then fewer and fewer by what takes longer."""
    lowered = {pk: said.lower() for pk, said in statements.items()}
    near = process.extract(text.lower(), lowered, scorer=fuzz.token_set_ratio, limit=_NEAR)
    wording = _Wording(text, _stems(text), folded(text), _weights(text, sought))
    likest = sorted(((wording.likeness(statements[pk]), pk) for _, _, pk in near), reverse=True)
    ranked = [_figured(text, statements[pk], score, pk) for score, pk in likest[:_NEAREST]]
    kept = [row for row in ranked if row[1] >= LEAST_SCORE]
    return sorted(kept, key=lambda row: (-row[1], row[0]))


def _weights(text: str, sought: Sequence[SoughtWord]) -> Mapping[str, float]:
    """Weigh the words of the text: the rarer the more, numbers and names above all."""
    most = max((word.claims for word in sought), default=0.0)
    weights = {
        word.text: min(_MOST_WEIGHT, math.log(2 + most / (1 + word.claims))) for word in sought
    }
    for word in weights:
        if word[0].isdigit():
            weights[word] *= _NUMBER_WEIGHT
    for start, end in find_names(text):
        for name in _stems(text[start:end]) & weights.keys():
            weights[name] *= _NAME_WEIGHT
    return weights


def _stems(text: str) -> set[str]:
    """Cut a text into words nearly as the index does."""
    return {stem(word.text.replace(",", "")) for word in find_words(text) if not word.is_mark}


@dataclass(frozen=True, slots=True)
class _Wording:
    """A text's words in the forms it is compared in, and what each weighs."""

    text: str
    stems: set[str]
    folded: str
    weights: Mapping[str, float]

    def likeness(self, said: str) -> float:
        """Compare with a statement by their words; of the numbers those count that both give."""
        ours, theirs = self.stems, _stems(said)
        other_numbers = {word for word in ours ^ theirs if word[0].isdigit()}
        ours, theirs = ours - other_numbers, theirs - other_numbers
        whole = self._weight(ours) + self._weight(theirs)
        shared = 2 * self._weight(ours & theirs) / whole if whole else 0.0
        in_order = fuzz.token_sort_ratio(self.folded, folded(said)) / 100
        return _SHARED_WEIGHT * shared + (1 - _SHARED_WEIGHT) * in_order

    def _weight(self, words: set[str]) -> float:
        usual = sum(self.weights.values()) / max(1, len(self.weights))
        return sum(self.weights.get(word, usual) for word in words)


def _figured(text: str, said: str, score: float, pk: int) -> _Ranked:
    """Rank one claim again by its figures, which are slow to read."""
    is_other = not same_quantities(text, said) and all(find_figures(one) for one in (text, said))
    return pk, round(score * _OTHER_FIGURES if is_other else score, 3), is_other
