"""Cutting a text into words, marks and numbers, with their places."""

import re
from itertools import islice
from typing import NamedTuple

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
"""Scripts written without spaces (Thai, Lao, Burmese, Khmer, Kana, Han): each character a word."""

_WORD = re.compile(
    rf"[{UNSPACED}]|\d+(?:[.,]\d+)*|[^\W{UNSPACED}]+(?:['\u2019][^\W{UNSPACED}]+)*|[^\w\s]"
)


class Word(NamedTuple):
    """One word, number or mark, and its code-point span."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Say whether it is a sign of punctuation or a symbol."""
        return not self.text[0].isalnum() and self.text != "_"


def find_words(text: str, *, most: int | None = None) -> tuple[Word, ...]:
    """Cut a text into words, numbers (`1,500` is one) and single marks; white space is left out.

    Args:
        text: Any text.
        most: Words after which to stop; None for all.
    """
    found = islice(_WORD.finditer(text), most)
    return tuple(Word(m.group(), m.start(), m.end()) for m in found)
