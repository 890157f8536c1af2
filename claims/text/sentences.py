"""Cutting a text into sentences.

A line end always ends a sentence: extracted texts hold one block a line.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_TITLES_AND_MONTHS = (
    "mr mrs ms dr prof st sr jr gen lt col maj capt cmdr sgt adm rev hon gov sen rep pres amb "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
_SHORTENED = (
    "dept inc ltd co corp bros vs etc al vol ed eds approx est cf viz mt ft ave blvd rd "
    "e.g i.e a.m p.m u.s u.k u.n ph.d "
    "г гг в вв тыс млн млрд трлн руб коп ул им д т.е т.к т.д т.п т.н см стр др проф акад ген "
    "bzw ca hr fr str z.b d.h u.a usw inkl m mm mme mlle av env"
)
_ENDERS = "etc al inc ltd co corp a.m p.m ph.d г гг т.д т.п др usw руб"
_COUNTING = "no nos p pp fig art para sec nr"
_ABBREVIATIONS = frozenset((*_TITLES_AND_MONTHS.split(), *_SHORTENED.split()))
_MAY_END = frozenset(_ENDERS.split())
_BEFORE_NUMBERS = frozenset(_COUNTING.split())
_CLOSERS = "\"'”’»›)\\]」』】）"
_OPENERS = "\"'“‘„«‹(\\[¿¡「『【（"
_END = re.compile(rf"[.!?…]+[{_CLOSERS}]*(?=\s|$)|[。！？｡]+[{_CLOSERS}]*")
_LAST_WORD = re.compile(r"[\w.]{1,12}\Z")
_NEXT = re.compile(rf"\s*[{_OPENERS}\s\-–—•]*(\w)")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Cut a text into sentences.

    Returns:
        Code-point spans in order, without the white space around them; together they hold every
        character that is not white space.
    """
    return tuple(span for start, end in _lines(text) for span in _sentences(text, start, end))


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _sentences(text: str, start: int, stop: int) -> Iterator[Span]:
    for match in _END.finditer(text, start, stop):
        if _is_boundary(text, match, stop):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, stop)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if lead := len(piece) - len(piece.lstrip()):
        start += lead
    if start < (end := start + len(piece.strip())):
        yield start, end


def _is_boundary(text: str, match: re.Match[str], stop: int) -> bool:
    if match.group()[0] in "。！？｡":
        return True
    following = _NEXT.match(text, match.end(), min(stop, match.end() + 40))
    if following is None:
        return True
    first = following.group(1)
    if first.islower():
        return False
    if match.group() != ".":
        return True
    return not _is_abbreviation(text, match.start(), first=first)


def _is_abbreviation(text: str, dot: int, *, first: str) -> bool:
    found = _LAST_WORD.search(text, max(0, dot - 12), dot)
    if found is None:
        return False
    word = found.group().lower().lstrip(".")
    if word in _BEFORE_NUMBERS:
        return first.isdigit()
    if word in _ABBREVIATIONS:
        return word not in _MAY_END or first.isdigit()
    is_initial = len(word) == 1 and word.isalpha() and found.group()[-1].isupper()
    return is_initial and first.isupper()
