"""One text in which quotes are sought, prepared once for all of them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from claims.text.normalise import Normalised, comparison_form, fold_case, normalise
from claims.text.sentences import Span, split_sentences
from claims.text.words import Word, find_words

AROUND = 64
"""Characters on either side of a passage that are its surroundings."""

_MUCH_LONGER = 4
_MOST_WORDS = 300_000  # more than a text of a million characters has, but for crafted ones
_SLACK = 32
_STEM = 6
_STEM_HANGUL = 2
_AFTER_HANGUL = "\ud7a4"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage of the page that answers to a quote.

    `start`, `end` are code-point offsets into the page as given; `likeness_0_1` compares it with
    the quote, `context_0_1` its surroundings with prefix and suffix. `is_exact` says that the
    words are the same but for typography, `is_cased` that the capitals are too.
    """

    start: int
    end: int
    likeness_0_1: float
    context_0_1: float
    is_exact: bool = False
    is_cased: bool = False


class Page:
    """One text in which quotes are sought; normalised once, its words indexed on first need."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.normalised: Normalised = normalise(text)
        self._sentences: dict[int, list[Span]] = {}

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words of the text, folded, where they stand as given; 300,000 of them at most."""
        return find_words(fold_case(self.text), most=_MOST_WORDS)

    @cached_property
    def stems(self) -> list[str]:
        """Folded beginning of each word."""
        return [
            text[: _STEM_HANGUL if "\uac00" <= text < _AFTER_HANGUL else _STEM]
            for text, _, _ in self.words
        ]

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """Positions of each stem among the words; marks are no seeds."""
        index: defaultdict[str, list[int]] = defaultdict(list)
        for position, stem in enumerate(self.stems):
            if stem[0].isalnum():
                index[stem].append(position)
        return dict(index)

    def sentence_at(self, offset: int) -> Span:
        """Return the sentence that holds an offset, or the empty span there."""
        start = self.text.rfind("\n", 0, offset) + 1
        if start not in self._sentences:
            end = self.text.find("\n", start)
            line = self.text[start : end if end >= 0 else len(self.text)]
            self._sentences[start] = [
                (start + first, start + last) for first, last in split_sentences(line)
            ]
        sentences = self._sentences[start]
        at = bisect_right(sentences, (offset, len(self.text) + 1)) - 1
        if at >= 0 and sentences[at][1] > offset:
            return sentences[at]
        return offset, offset

    def around(self, start: int, end: int) -> tuple[str, str]:
        """Return the 64 characters on either side of a span, folded."""
        before = self.text[max(0, start - AROUND) : start]
        return folded(before), folded(self.text[end : end + AROUND])

    def word_at(self, offset: int) -> int:
        """Return the position of the first word that begins at an offset or after it."""
        return bisect_left(self.words, offset, key=lambda word: word.start)

    def likeness(self, span: Span, quote: str) -> float:
        """Compare the text of a span with a folded quote, 0 to 1."""
        if span[1] - span[0] > _MUCH_LONGER * len(quote) + _SLACK:
            return 0.0  # nothing that much longer is likely, and a page may be one endless word
        return fuzz.ratio(quote, folded(self.text[slice(*span)])) / 100

    def likeness_around(self, span: Span, context: tuple[str, str]) -> float:
        """Compare what stands around a span with folded surroundings, 0 to 1: the better side."""
        return self.likeness_beside(span, context)[0]

    def likeness_beside(self, span: Span, context: tuple[str, str]) -> tuple[float, float]:
        """Compare each side of a span with folded surroundings, 0 to 1, the better side first.

        An empty side tells nothing, unless the span stands at that edge of the text.
        """
        if not any(context):
            return 0.0, 0.0
        before, after = self.around(*span)
        head = _side(context[0], before[-len(context[0]) :])
        tail = _side(context[1], after[: len(context[1])] if context[1] else after)
        return max(head, tail), min(head, tail)


def _side(known: str, there: str) -> float:
    return fuzz.ratio(known, there) / 100


def folded(text: str) -> str:
    """Return the comparison form without capitals."""
    return fold_case(comparison_form(text))


def stem(word: str) -> str:
    """Return the folded beginning of a word, which endings and particles leave alone."""
    return fold_case(word[: _STEM_HANGUL if is_hangul(word[0]) else _STEM])


def is_hangul(character: str) -> bool:
    """Say whether a character is a Hangul syllable."""
    return "\uac00" <= character < _AFTER_HANGUL
