"""Telling by a plain search that a quote stands to the letter where it stood.

Most quotes do at most looks, and no text need be prepared to see it.
"""

from collections.abc import Sequence

from claims.text.page import AROUND
from claims.text.quotes import find_verbatim


def unmoved_place(
    text: str, *, before: str | None, exact: str, prefix: str = "", suffix: str = ""
) -> int | None:
    """Find a quote where it stood at the last look, to the letter, amid the same surroundings.

    Args:
        text: What the page says now.
        before: What it said at the last look; None on the first, when any one place will do.
        exact: The words of the quote.
        prefix: What stood before the quote.
        suffix: What stood after it.

    Returns:
        The offset in `text`; None where that takes more than a plain search to say, as where the
        words stand more than once and not all of them are where they were.
    """
    now = find_verbatim(text, exact)
    if not now:
        return None
    if before is not None and before != text:
        then = find_verbatim(before, exact)
        if len(now) != len(then) or not _are_unmoved(text, now, before, then, size=len(exact)):
            return None
    fitting = [
        at
        for at in now
        if text.endswith(prefix, 0, at) and text.startswith(suffix, at + len(exact))
    ]
    return next(iter(fitting if len(now) > 1 else now), None)


def _are_unmoved(
    text: str, now: Sequence[int], before: str, then: Sequence[int], *, size: int
) -> bool:
    """Say whether words stand in their old surroundings, or the only ones in their old line."""
    sides = [
        (_around(text, here, size), _around(before, there, size))
        for here, there in zip(now, then, strict=True)
    ]
    if all(around == was for around, was in sides):
        return True
    (head, tail), (old_head, old_tail) = sides[0]
    is_beside = len(sides) == 1 and (head == old_head or tail == old_tail)
    return is_beside and _lines_at(text, now[0], size) == _lines_at(before, then[0], size)


def _around(text: str, start: int, size: int) -> tuple[str, str]:
    return text[max(0, start - AROUND) : start], text[start + size : start + size + AROUND]


def _lines_at(text: str, start: int, size: int) -> str:
    end = text.find("\n", start + size)
    return text[text.rfind("\n", 0, start) + 1 : end if end >= 0 else len(text)]
