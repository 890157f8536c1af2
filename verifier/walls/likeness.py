"""How much of one text stands in another, and how much a text says, in any script."""

import re

_UNSPACED = re.compile(
    r"[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_WORD = re.compile(r"\w+")
_CHARS_PER_WORD = 2  # in scripts that set no spaces between words
_TITLE_WORD_CHARS = 3
_MAX_CHARS = 50_000
_MAX_LINES = 2000
_FIRST_LINES = 50
_GRAM_CHARS = 12
_STRIDE = 7
_LINE_CHARS = 24
_PLAINLY_0_1 = 0.3
_PROSE_WORDS = 10
_ELLIPSIS = "….[] "


def count_words(text: str) -> int:
    """Count the words of at most 50,000 characters; two letters a word where none are set apart."""
    cut = text[:_MAX_CHARS]
    unspaced = len(_UNSPACED.findall(cut))
    if not unspaced:
        return len(_WORD.findall(cut))
    return len(_WORD.findall(_UNSPACED.sub(" ", cut))) + unspaced // _CHARS_PER_WORD


def has_prose(text: str) -> bool:
    """Say whether one of its first lines is as long as a sentence."""
    return any(
        count_words(line) >= _PROSE_WORDS for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES]
    )


def title_words(text: str) -> set[str]:
    """Return what a title can be known by: its words, and pairs of letters where it sets none."""
    folded = text.casefold()
    spaced = _WORD.findall(_UNSPACED.sub(" ", folded))
    letters = "".join(_UNSPACED.findall(folded))
    pairs = {letters[at : at + 2] for at in range(len(letters) - 1)}
    return pairs.union(word for word in spaced if len(word) >= _TITLE_WORD_CHARS)


def share_left(old: str, *, new: str) -> float:
    """Return what share (0 to 1) of an old text stands in a new one.

    By whole lines where they make up three tenths, else by pieces of 12 letters, wherever they
    stand; 0 for an old text shorter than that.
    """
    kept = set(new.split("\n"))
    lines = (line for line in old.split("\n") if len(line) >= _LINE_CHARS)
    whole = sum(len(line) for line in lines if line in kept)
    if whole >= _PLAINLY_0_1 * max(1, len(old)):
        return whole / len(old)
    pieces, there = _flat(old), _grams(_flat(new))
    starts = range(0, len(pieces) - _GRAM_CHARS + 1, _STRIDE)
    return sum(pieces[at : at + _GRAM_CHARS] in there for at in starts) / max(1, len(starts))


def longest_line(text: str) -> str:
    """Return the longest line of a text, without the dots that say it goes on."""
    return max(text.split("\n"), key=len).rstrip(_ELLIPSIS)


def is_broken_off(new: str, *, old: str) -> bool:
    """Say whether a line of a text is the mere beginning of a line of the old one."""
    whole = old.split("\n", _MAX_LINES)[:_MAX_LINES]
    starts = (line.rstrip(_ELLIPSIS) for line in new.split("\n", _FIRST_LINES)[:_FIRST_LINES])
    return any(
        line.startswith(start) and len(line) > len(start) + 1
        for start in starts
        if len(start) >= _LINE_CHARS
        for line in whole
    )


def _flat(text: str) -> str:
    return " ".join(text[:_MAX_CHARS].split()).casefold()


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM_CHARS] for at in range(len(text) - _GRAM_CHARS + 1)}
