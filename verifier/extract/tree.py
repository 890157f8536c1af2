"""HTML to a tree, bounded: no entities, no network, no huge trees, no runaway attributes."""

import re

from lxml import etree

_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{16000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 1000


def parse(text: str) -> tuple[etree._Element | None, bool]:
    """Parse a page.

    Returns:
        The root element, None where there is none, and whether text was lost: libxml2 drops what
        lies deeper than 256 elements, and a tag of over a thousand attributes is cut (libxml2 is
        quadratic in them).
    """
    bounded = _LONG_TAG.sub(_without_attributes, text)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(bounded.encode("utf-8"), parser)
    except etree.LxmlError:
        return None, bool(bounded.strip())
    return root, bounded != text or _lost_depth(parser)


def _without_attributes(found: re.Match[str]) -> str:
    tag = found[0]
    if len(_QUOTED.sub("", tag).split()) <= _MAX_ATTRIBUTES:
        return tag
    return tag.split(maxsplit=1)[0]


def _lost_depth(parser: etree.HTMLParser) -> bool:
    return any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
