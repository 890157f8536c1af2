"""An HTML page as a flat list of text blocks, each knowing the boxes it stands in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from verifier.extract.noted import TAGS, Noted, is_correction
from verifier.extract.places import Place, place_of
from verifier.extract.tags import EnoughRead, read_tags

MAX_BOXES = 200_000
MAX_DEPTH = 256
MAX_NOTED = 5000
_MAX_HEARING = 8

_UNREAD = (
    "applet", "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input",
    "map", "math", "meter", "noscript", "object", "option", "progress", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
)  # fmt: skip
_BLOCK = (
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
)  # fmt: skip
_TELLING = frozenset({"hidden", "style", "itemprop", "itemtype"})
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Box(NamedTuple):
    """One block-level element: the index of its parent box, and what kind of place it marks."""

    parent: int
    place: Place


class Block(NamedTuple):
    """One line of text and the box it stands in; `linked` counts its characters in links."""

    text: str
    box: int
    linked: int


@dataclass(slots=True)
class Page:
    """The blocks of a page in reading order, its boxes, and what it says of itself."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=lambda: [Box(0, Place.ANY)])
    noted: list[Noted] = field(default_factory=list)


class _Kind(Enum):
    """What an element does to the text around it; any other kind does nothing."""

    BOX = auto()
    LINK = auto()
    LINE = auto()
    CELL = auto()
    UNREAD = auto()


_BOX, _LINK, _LINE, _CELL, _NOT_READ = _Kind
_KINDS = {
    **dict.fromkeys(_BLOCK, _BOX),
    **dict.fromkeys(_UNREAD, _NOT_READ),
    "a": _LINK,
    "br": _LINE,
    "td": _CELL,
    "th": _CELL,
}


def read_blocks(text: str) -> tuple[Page, bool]:
    """Read a page, and say whether some of it was lost; see `tags.read_tags`."""
    reader = _Reader()
    is_lost = read_tags(text, reader=reader)
    # The parser and its reader refer to each other: the page must not wait for the collector.
    page, reader.page = reader.page, Page()
    return page, is_lost


class _Reader:
    """Gathers inline text until a block ends.

    Its first three methods run thousands of times a page, so they are flat.
    """

    __slots__ = ("_box", "_depth", "_hearing", "_linked", "_links", "_unread", "_words", "page")

    def __init__(self) -> None:
        self.page = Page()
        self._box = 0
        self._depth = 0
        self._unread = 0  # the depth from which nothing is read
        self._links = 0
        self._linked = 0
        self._words: list[str] = []
        self._hearing: list[Noted] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth = depth = self._depth + 1
        if depth > MAX_DEPTH:
            raise EnoughRead
        is_told = bool(attributes) and not _TELLING.isdisjoint(attributes)
        if tag in TAGS or (is_told and is_correction(attributes)):
            self._note(tag, attributes)
        if self._unread:
            return
        kind = _KINDS.get(tag)
        if kind is _NOT_READ or (is_told and _is_hidden(attributes)):
            self._unread = depth
        elif kind is _BOX:
            self._enter_box(tag, attributes)
        elif kind is _LINK:
            self._links += 1
        elif kind is _LINE and self._words:
            self._flush()
        elif kind is _CELL:
            self._words.append(" ")

    def end(self, tag: str) -> None:
        """Leave an element."""
        depth = self._depth
        self._depth = depth - 1
        if self._hearing and self._hearing[-1].depth == depth:
            self._hearing.pop()
        if self._unread:
            if self._unread == depth:
                self._unread = 0
            return
        kind = _KINDS.get(tag)
        if kind is _BOX:
            if self._words:
                self._flush()
            self._box = self.page.boxes[self._box].parent
        elif kind is _LINK:
            self._links -= 1

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._hearing:
            for noted in self._hearing:
                noted.words.append(text)
        if self._unread:
            return
        if self._words or not text.isspace():
            self._words.append(text)
            if self._links:
                self._linked += len(text)

    def close(self) -> None:
        """End the last block."""
        if self._words:
            self._flush()

    def _enter_box(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._words:
            self._flush()
        boxes = self.page.boxes
        if len(boxes) >= MAX_BOXES:
            raise EnoughRead
        boxes.append(Box(self._box, place_of(tag, attributes)))
        self._box = len(boxes) - 1

    def _flush(self) -> None:
        text = " ".join("".join(self._words).split())
        if text:
            self.page.blocks.append(Block(text, self._box, min(self._linked, len(text))))
        self._words.clear()
        self._linked = 0

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self.page.noted) < MAX_NOTED:
            noted = Noted(tag, attributes, self._depth)
            self.page.noted.append(noted)
            if len(self._hearing) < _MAX_HEARING:
                self._hearing.append(noted)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    return "style" in attributes and _INVISIBLE.search(attributes["style"]) is not None
