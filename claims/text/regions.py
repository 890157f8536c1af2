"""The parts of two texts of one page that can decide where a quote stands now.

Most of a page is as it was. What is not, and wherever a quote may stand, is kept in its place;
all else is blanked, so that what is found in a region has the offsets of the whole text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from claims.text.sentences import Span

_PLAIN_RUN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_SHORTEST_RUN = 6
_SHORTEST_RUN_OF_SIGNS = 3  # a Han or Hangul character says what three Latin ones do
_SIGNS_FROM = "\u3040"
_MOST_PLACES = 50
_MARGIN = 80  # more than the surroundings of a passage


def regions(before: str, after: str, *, quotes: Sequence[str]) -> tuple[str, str] | None:
    """Keep of two texts what differs and where quotes may stand, blank the rest.

    Args:
        before: The older text, one block a line.
        after: The newer text.
        quotes: The passages sought.

    Returns:
        Both texts at full length, lines in their places; None where a quote has no run of plain
        letters by which its places can be told, or the older text does not have that run.
    """
    old, new = _places(before, quotes), _places(after, quotes)
    if old is None or new is None or any(not spans for spans in old):
        return None
    gone, come = changed_lines(before, after)
    return (
        _blanked(before, [*gone, *(span for spans in old for span in spans)]),
        _blanked(after, [*come, *(span for spans in new for span in spans)]),
    )


def settled_lines(before: str, after: str, *, quotes: Sequence[str]) -> frozenset[str]:
    """Return the lines both texts have as often, that hold no part of the quotes.

    None where it is unsure which lines those are.
    """
    old, new = _places(before, quotes), _places(after, quotes)
    if old is None or new is None or any(not spans for spans in old):
        return frozenset()
    holding = {
        line
        for text, places in ((before, old), (after, new))
        for spans in places
        for first, last in spans
        for line in text[_line_start(text, first) : _line_end(text, last)].split("\n")
    }
    counts = Counter(before.split("\n"))
    shared = counts.items() & Counter(after.split("\n")).items()
    return frozenset(line for line, _ in shared) - holding


def around_places(text: str, quote: str) -> str:
    """Keep of a text the lines at which a quote may stand, blank the rest; all of it if unsure."""
    places = _places(text, [quote])
    return text if places is None else _blanked(text, places[0])


def _places(text: str, quotes: Sequence[str]) -> list[list[Span]] | None:
    """Return for each quote where it may stand in a text, with what is around; None if unsure."""
    places: list[list[Span]] = []
    for quote in quotes:
        run = _longest_run(quote)
        found = _found(text, run) if run else None
        if found is None:
            return None
        reach = len(quote) + _MARGIN
        places.append([(at - reach, at + reach) for at in found])
    return places


def changed_lines(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the lines of each text that the other does not have, with what stands around them."""
    old, new = before.split("\n"), after.split("\n")
    return tuple(_unlike(old, set(new))), tuple(_unlike(new, set(old)))


def _unlike(lines: Sequence[str], others: set[str]) -> Iterator[Span]:
    start = 0
    for line in lines:
        if line not in others:
            yield start - _MARGIN, start + len(line) + _MARGIN
        start += len(line) + 1


def _found(text: str, run: str) -> list[int] | None:
    """Find where a run stands; None where that is too often to tell its places apart."""
    found: list[int] = []
    at = text.find(run)
    while at >= 0:
        if len(found) == _MOST_PLACES:
            return None
        found.append(at)
        at = text.find(run, at + 1)
    return found


def _longest_run(quote: str) -> str:
    """Return the longest run of letters and digits, which no typography comes between."""
    run = max(_PLAIN_RUN.findall(quote), key=len, default="")
    least = _SHORTEST_RUN_OF_SIGNS if run[:1] >= _SIGNS_FROM else _SHORTEST_RUN
    return run if len(run) >= least else ""


def _blanked(text: str, kept: list[Span]) -> str:
    """Keep the lines that spans touch."""
    pieces: list[str] = []
    end = 0
    for first, last in sorted(kept):
        stop = _line_end(text, last)
        if stop > end:
            start = max(end, _line_start(text, first))
            pieces += (_blank(start - end), text[start:stop])
            end = stop
    pieces.append(_blank(len(text) - end))
    return "".join(pieces)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, max(0, at)) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", max(0, at))
    return len(text) if end < 0 else end


def _blank(length: int) -> str:
    return "\n" + " " * (length - 2) + "\n" if length > 1 else "\n" * length
