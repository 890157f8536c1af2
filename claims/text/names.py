"""Names and negations: the small words a claim turns on."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from claims.text.sentences import Span, split_sentences
from claims.text.words import Word, find_words

_STARTERS = (
    "the a an this that these those he she it they we i you his her its their our my in on at by "
    "for from with of to and or but if when while where who what why how as after before since "
    "until although because there here then some many most no not yes also however meanwhile "
    "according monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december "
    "он она оно они мы вы я это этот эта эти в на с по из за от до для и но а что как когда если "
    "при после"
)
_NOT_NAMES = frozenset(_STARTERS.split())
_INNER_WORDS = "of de del della di da van von der den al el bin ibn la le du"
_INNER = frozenset(_INNER_WORDS.split())
_TITLES = frozenset(
    ("mr", "mrs", "ms", "dr", "gen", "col", "lt", "sgt", "st", "prof", "sen", "rep")
)
_HYPHENED = re.compile(r"(?:-(?!(?:based|backed|born|led|made|style)\b)[^\W\d_]+)*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|no longer"
    r"|den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)|reject(?:s|ed|ing)?|fail(?:s|ed)? to)\b"
    r"|\b\w+n['’]t\b"
    r"|\b(?:не|нет|ни|никогда|никто|ничего|никак\w*|без|нельзя|отрица\w+|опроверг\w+)\b"
    r"|않|못(?=\s?[하했한할])|못(?=\s)|없|아니|아닌|아닙|부인(?=[하했한])",
    re.IGNORECASE,
)


def find_names(text: str) -> tuple[Span, ...]:
    """Find runs of capitalised words that read as names (`Ministry of Defence`, `Kim Jong-un`).

    Returns:
        Code-point spans in order. A lone capitalised word that opens a sentence counts only where
        the text has it inside a sentence too. Scripts without capitals give none.
    """
    runs = [run for start, end in split_sentences(text) for run in _runs(text, start, end)]
    inside = {word.text for run, is_first in runs for word in run[1 if is_first else 0 :]}
    return tuple(
        (run[0].start, _hyphened_end(text, run[-1].end))
        for run, is_first in runs
        if not is_first or len(run) > 1 or run[0].text in inside
    )


def find_negations(text: str) -> tuple[Span, ...]:
    """Find the words that deny, in English, Korean and Russian."""
    return tuple(match.span() for match in _NEGATION.finditer(text))


def _hyphened_end(text: str, end: int) -> int:
    """Take in the small second half of a name: `Jong-un`, but not `Moscow-based`."""
    match = _HYPHENED.match(text, end)
    return match.end() if match else end


def _runs(text: str, start: int, end: int) -> Iterator[tuple[Sequence[Word], bool]]:
    """Give the runs of capitalised words of a sentence, and whether each opens it."""
    words = [
        Word(word.text, word.start + start, word.end + start)
        for word in find_words(text[start:end])
    ]
    first = next((at for at, word in enumerate(words) if not word.is_mark), 0)
    run: list[int] = []
    for at, word in enumerate(words):
        if _is_capitalised(word) and (not run or _goes_on(text, words, run[-1], at)):
            run.append(at)
        elif _is_capitalised(word):
            yield [words[i] for i in range(run[0], run[-1] + 1)], run[0] == first
            run = [at]
    if run:
        yield [words[i] for i in range(run[0], run[-1] + 1)], run[0] == first


def _is_capitalised(word: Word) -> bool:
    return word.text[0].isupper() and word.text.lower() not in _NOT_NAMES


def _goes_on(text: str, words: Sequence[Word], last: int, at: int) -> bool:
    """Say whether a capitalised word belongs to the name before it."""
    between = words[last + 1 : at]
    if any(not _may_join(words[last], word) for word in between):
        return False
    gaps = (text[left.end : right.start] for left, right in pairwise(words[last : at + 1]))
    return all(gap in {"", " "} for gap in gaps)


def _may_join(before: Word, word: Word) -> bool:
    if word.text == ".":
        return len(before.text) == 1 or before.text.lower() in _TITLES
    return word.text == "-" or word.text in _INNER
