"""HTML to a stream of tags and texts, bounded: no entities, no network, no runaway attributes.

No tree is built: visiting one from Python costs more than parsing the page did, and what is not
wanted of a page is most of it.
"""

import re
from collections.abc import Mapping
from typing import Protocol

from lxml import etree

_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{16000,}")
_WINDOW_CHARS = 8000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 1000


class EnoughRead(Exception):
    """A reader takes no more of a page; what it has so far counts."""


class Reader(Protocol):
    """What takes the tags and texts of a page, in order."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a start tag; a void element has an end too."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def data(self, text: str) -> None:
        """Take a piece of text."""

    def close(self) -> None:
        """Take the end of the page."""


def read_tags(text: str, *, reader: Reader) -> bool:
    """Have a page's tags and texts read.

    Returns:
        Whether some of it was lost: the reader had enough, libxml2 gave up at one of its limits,
        or a tag of over a thousand attributes was cut (libxml2 is quadratic in them).
    """
    bounded = _bounded(text)
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=False,
        target=reader,  # type: ignore[arg-type]  # the stubs fear bytes; it is given str alone
    )
    try:
        etree.fromstring(bounded.encode("utf-8"), parser)
    except EnoughRead:
        return True
    except etree.LxmlError:
        return bool(bounded.strip())
    last = parser.error_log.last_error
    is_limited = last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return is_limited or bounded != text


def _bounded(text: str) -> str:
    """Cut tags of too many attributes; a tag so long covers one of these windows wholly."""
    for start in range(0, len(text) - _WINDOW_CHARS, _WINDOW_CHARS):
        end = start + _WINDOW_CHARS
        if text.find("<", start, end) < 0 and text.find(">", start, end) < 0:
            return _LONG_TAG.sub(_without_attributes, text)
    return text


def _without_attributes(found: re.Match[str]) -> str:
    tag = found[0]
    if len(_QUOTED.sub("", tag).split()) <= _MAX_ATTRIBUTES:
        return tag
    return tag.split(maxsplit=1)[0]
