"""An HTML page as a flat list of text blocks, each knowing the boxes it stands in.

The tree is thinned and written out by libxml2, then read tag by tag from the string: visiting the
elements from Python costs more than parsing the page did, and what is not wanted is most of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from lxml import etree

from verifier.extract.places import Place, place_of
from verifier.extract.tree import finder

_UNREAD = (
    "applet", "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "img",
    "input", "map", "math", "meter", "noscript", "object", "option", "picture", "progress",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
)  # fmt: skip
_BLOCK = (
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
)  # fmt: skip
_INLINE = (
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
_BOXES = frozenset(_BLOCK)
_ENDS = frozenset(f"/{tag}" for tag in _BLOCK)
_BY_LETTER = "|".join(  # a search tries one branch after the other
    f"{letter}(?:{'|'.join(tag[1:] for tag in tags)})"
    for letter, tags in groupby(sorted((*_BLOCK, "br")), key=itemgetter(0))
)
_BREAK = re.compile(rf"<(/?(?:{_BY_LETTER}))((?:[\s/][^>]*)?)>")
_LINK = re.compile(r"\s*<a [^>]*>([^<]*)</a>\s*")  # what most texts with a tag are
_TAG = re.compile(r"(<[^>]*>)")
_PLACING = re.compile(r' (class|id|role)="([^"]*)"')
_MAY_HIDE = finder("descendant-or-self::*[@hidden or @style]")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
PROSE_CHARS = 25
"""A shorter block is no prose."""

_FRAMES = ("nav", "aside")
_FRAME = re.compile(rf"<(?P<end>/?)(?:{'|'.join(_FRAMES)})(?:\s[^>]*?)?(?P<empty>/?)>")
_MAX_FRAMES = 64  # they may stand in each other
_DROPPED = "template"


class Block(NamedTuple):
    """One line of text and the box it stands in; `linked` counts its characters in links."""

    text: str
    box: int
    linked: int


@dataclass(slots=True)
class Page:
    """The blocks of a page in reading order, and its boxes, which are block-level elements.

    Of each box `parents` has the index of the box it stands in, `places` what kind of place it
    marks; the first stands for the page. `unread`: the frames left unread hold no more characters.
    """

    blocks: list[Block] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    places: list[Place] = field(default_factory=lambda: [Place.ANY])
    unread: int = 0


def write_page(root: etree._Element) -> tuple[str, int]:
    """Take apart the tree of a page, and return what may be read of it.

    Returns:
        The page as libxml2 writes it: no text or attribute of it holds a bracket, no text a bare
        ampersand, no value a double quote; and how many characters of prose its frames (`nav` and
        `aside`) hold at most, as far as its source has lines.
    """
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    if _mark(list(_hidden(root))):
        etree.strip_elements(root, _DROPPED, with_tail=False)
    in_frames = sum(map(_prose_chars, islice(root.iter(*_FRAMES), _MAX_FRAMES)))
    etree.strip_tags(root, *_INLINE)
    return etree.tostring(root, encoding="unicode"), in_frames


def without_frames(written: str) -> str:
    """Cut the frames out of a page as it is written."""
    pieces, depth, at = [], 0, 0
    for found in _FRAME.finditer(written):
        if found["end"]:
            depth -= 1
            at = at if depth else found.end()
        elif not found["empty"]:
            if not depth:
                pieces.append(written[at : found.start()])
            depth += 1
    return written if depth else "".join((*pieces, written[at:]))


def _mark(elements: Sequence[etree._Element]) -> bool:
    """Mark elements to be dropped, and say whether there are any."""
    for element in elements:
        element.tag = _DROPPED
    return bool(elements)


def _hidden(root: etree._Element) -> Iterator[etree._Element]:
    for element in _MAY_HIDE(root):
        if element.get("hidden") is not None or _INVISIBLE.search(element.get("style", "")):
            yield element


def _prose_chars(element: etree._Element) -> int:
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return sum(len(line) for line in map(str.strip, text.split("\n")) if len(line) >= PROSE_CHARS)


def read_blocks(written: str, *, unread: int = 0) -> Page:
    """Read a page as it is written; `unread` characters of prose were cut out of it."""
    page = Page(unread=unread)
    blocks, parents, places = page.blocks, page.parents, page.places
    box = links = 0
    pieces = _BREAK.split(written)
    for tag, rest, words in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if tag in _BOXES:
            parents.append(box)
            places.append(_place(tag, rest))
            if rest[-1:] != "/":
                box = len(parents) - 1
        elif tag in _ENDS:
            box = parents[box]
        if not words or words.isspace():
            continue
        if "<" not in words:
            text, linked = words, len(words) if links else 0
        elif link := _LINK.fullmatch(words):
            text, linked = link[1], len(link[1])
        else:
            text, linked, links = _without_tags(words, links=links)
        line = " ".join((unescape(text) if "&" in text else text).split())
        if line:
            blocks.append(Block(line, box, min(linked, len(line))))
    return page


def _without_tags(text: str, *, links: int) -> tuple[str, int, int]:
    """Return text without its tags, how much of it is linked, and how many links are open."""
    first, *pieces = _TAG.split(text)
    words, linked = [first], len(first) if links else 0
    for tag, part in zip(pieces[::2], pieces[1::2], strict=True):
        if tag.startswith(("<a ", "<a>")):
            links += not tag.endswith("/>")
        elif tag == "</a>":
            links -= 1
        elif tag.startswith(("<td", "<th")):
            words.append(" ")
        words.append(part)
        linked += len(part) if links else 0
    return "".join(words), linked, links


@lru_cache(maxsize=4096)
def _place(tag: str, attributes: str) -> Place:
    return place_of(tag, dict(_PLACING.findall(attributes)))
