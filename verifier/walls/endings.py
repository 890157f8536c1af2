"""Where a look ended against where it was sent: a story's own place, or one all stories share."""

import re
from enum import Enum, auto
from urllib.parse import SplitResult, unquote, urlsplit

_STORY_CHARS = 12
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.IGNORECASE)
_INDEX = re.compile(r"(?:index|home|default|main)(?:\.\w{2,5})?", re.IGNORECASE)
_ERROR = re.compile(
    r"(?:^|[/_.-])(?:40[34]|410|errors?|not-?_?found|page-?not-?found|missing|expired|removed"
    r"|unavailable)(?:$|[/_.-])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{4}")


class Ending(Enum):
    """What kind of place an address led to."""

    SAME = auto()
    ELSEWHERE = auto()
    HOME = auto()
    ABOVE = auto()
    ERROR = auto()
    GATE = auto()


def ending(asked: str, *, ended: str) -> Ending:
    """Say where a look at one address ended.

    Args:
        asked: The address of the story.
        ended: Where redirects led, the same where there were none.

    Returns:
        GATE: a page that carries the asked address along, to send the reader back once a condition
        is met. HOME, ABOVE: the front page, or a section the story lay in. ERROR: an address that
        names an error. SAME where only scheme, `www` or a last slash differ, or for what cannot be
        read.
    """
    try:
        start, end = urlsplit(asked), urlsplit(ended)
    except ValueError:
        return Ending.SAME
    if not ended or _place(start) == _place(end):
        return Ending.SAME
    if _carries(start, end):
        return Ending.GATE
    if _ERROR.search(end.path) and not _ERROR.search(start.path):
        return Ending.ERROR
    return _height(_segments(start), _segments(end))


def _place(url: SplitResult) -> tuple[str, tuple[str, ...], str]:
    return (url.hostname or "").removeprefix("www."), tuple(_segments(url)), url.query


def _segments(url: SplitResult) -> list[str]:
    return [part for part in url.path.split("/") if part and not _INDEX.fullmatch(part)]


def _carries(start: SplitResult, end: SplitResult) -> bool:
    """Say whether the asked path stands in the query of another page."""
    wanted = unquote(start.path).rstrip("/")
    told = unquote(unquote(f"{end.query}#{end.fragment}"))
    return len(wanted) > 1 and wanted in told and unquote(end.path).rstrip("/") != wanted


def _height(start: list[str], end: list[str]) -> Ending:
    if not any(map(_names_story, start)):
        return Ending.ELSEWHERE
    if all(_LOCALE.fullmatch(part) for part in end):
        return Ending.HOME
    is_above = len(end) < len(start) and start[: len(end)] == end
    return (
        Ending.ABOVE
        if is_above and any(map(_names_story, start[len(end) :]))
        else (Ending.ELSEWHERE)
    )


def _names_story(segment: str) -> bool:
    """Say whether a part of a path names one story rather than a section, a view or a page."""
    return len(segment) >= _STORY_CHARS or _DIGITS.search(segment) is not None
