"""Whom the words around a passage name as their source: "says (Reuters)", "according to the NIS".

Only cue words tell an attribution; what they name is offered to a person, never taken for granted.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

AROUND = 400
"""Code points on either side of a passage in which an attribution belongs to it."""
MOST = 5

_NAME = r"(?:\b[A-ZÀ-ÞА-ЯЁ][\w’'&.-]{0,40})"
_RUN = rf"{_NAME}(?:[ \u00a0](?:(?:of|de|du|da|von|van|the|and|for|on|in) )?{_NAME}){{0,5}}"
_HANGUL = r"[가-힣A-Z][가-힣A-Za-z0-9]{0,30}?"
_VERBS = (
    r"(?:says?|said|told|tells|reports?|reported|announced|confirmed|claims?|claimed|wrote|writes"
    r"|denied|stated|added|acknowledged|сообщ\w+|заявил\w*|передаёт|передает|пишет|сказал\w*)"
)
_CUES = (
    # an agency in brackets, after a dateline or a passage: (Reuters), /TASS/, [Yonhap]
    re.compile(rf"[(\[/]({_RUN})[)\]/]"),
    re.compile(
        r"(?i:according to|citing|quoting|quoted by|cited by|reported by|said by|as told to"
        r"|по данным|по словам|со ссылкой на|по сообщению)"
        rf" (?:the |an? )?({_RUN})"
    ),
    re.compile(rf"({_RUN})(?:,[^,.\n]{{1,80}},)? {_VERBS}\b"),
    re.compile(rf"\b{_VERBS} (?:the )?({_RUN})"),
    re.compile(rf"(\b{_HANGUL}(?: {_HANGUL}){{0,2}})에 따르면"),
    re.compile(
        rf"(\b{_HANGUL})(?:은|는|이|가)[^.\n]{{0,120}}?"
        r"(?:밝혔|말했|보도했|전했|발표했)"
    ),
)
_NOBODY_WORDS = (
    "He She It They We I You That This These Those There Who What But And The A An Он Она Они Это "
    "Officials Sources Authorities Analysts Experts Mr Mrs Ms Dr"
)
_ARTICLE = re.compile(r"^(?:The|A|An) ")
_NOBODY = frozenset(_NOBODY_WORDS.split())


class Attribution(NamedTuple):
    """A name that stands as the source of words, and how far from the passage it stands."""

    name: str
    distance: int


def attributed_near(text: str, start: int, end: int) -> tuple[Attribution, ...]:
    """Return whom the words around a passage name as their source, nearest first.

    Args:
        text: what a page says, one block a line.
        start: first code point of the passage.
        end: code point after its last.

    Returns:
        At most five names, each once; none where no cue names anybody.
    """
    first = max(0, start - AROUND)
    around = text[first : end + AROUND]
    nearest: dict[str, int] = {}
    for name, at in _named(around):
        distance = _distance(first + at, start, end)
        if distance < nearest.get(name, AROUND + 1):
            nearest[name] = distance
    by_distance = sorted(nearest.items(), key=lambda item: item[1])
    return tuple(Attribution(*item) for item in by_distance[:MOST])


def _named(text: str) -> Iterator[tuple[str, int]]:
    for cue in _CUES:
        for found in cue.finditer(text):
            name = _ARTICLE.sub("", found[1]).strip(" .,'’")
            if name.split(" ")[0] not in _NOBODY and len(name) > 1:
                yield name, found.start(1)


def _distance(at: int, start: int, end: int) -> int:
    if at < start:
        return start - at
    return max(0, at - end)
