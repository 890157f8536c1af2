"""HTML to a tree, bounded: no entities, no network, no runaway attributes, no runaway tags."""

import re
from collections.abc import Callable
from typing import Any, cast

from lxml import etree

MAX_TAGS = 200_000
"""Tags of a page that are read; every element of the tree takes memory."""

_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{16000,}")
_WINDOW_CHARS = 8000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 1000


def read_tree(text: str) -> tuple[etree._Element | None, bool]:
    """Parse a page.

    Returns:
        The root, None where there is no element, and whether some of the page was lost: libxml2
        gave up at one of its limits (256 elements deep), there were more tags than are read, or a
        tag of over a thousand attributes was cut (libxml2 is quadratic in them).
    """
    bounded = _bounded(text)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(bounded.encode("utf-8"), parser)
    except etree.LxmlError:
        return None, bool(bounded.strip())
    last = parser.error_log.last_error
    is_limited = last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return root, is_limited or bounded != text


def finder(path: str) -> Callable[[etree._Element], list[etree._Element]]:
    """Return what finds the elements at a path below an element, in the order of the page."""
    # The stubs know no more than that it finds something.
    find: Callable[[etree._Element], list[etree._Element]] = cast("Any", etree.XPath(path))
    return find


def text_in(element: etree._Element) -> str:
    """Return the text in an element, that of the elements in it too."""
    return "".join(map(str, element.itertext()))


def _bounded(text: str) -> str:
    if text.count("<") > MAX_TAGS:
        text = "<".join(text.split("<", MAX_TAGS + 1)[: MAX_TAGS + 1])
    return _LONG_TAG.sub(_without_attributes, text) if _has_long_tag(text) else text


def _has_long_tag(text: str) -> bool:
    """Say whether a tag may be so long that it covers one of these windows wholly."""
    for start in range(0, len(text) - _WINDOW_CHARS, _WINDOW_CHARS):
        end = start + _WINDOW_CHARS
        if text.find("<", start, end) < 0 and text.find(">", start, end) < 0:
            last = text.rfind("<", 0, start)
            if last >= 0 and text[last + 1 : last + 2].isalpha() and text.find(">", last, end) < 0:
                return True
    return False


def _without_attributes(found: re.Match[str]) -> str:
    tag = found[0]
    if len(_QUOTED.sub("", tag).split()) <= _MAX_ATTRIBUTES:
        return tag
    return tag.split(maxsplit=1)[0]
