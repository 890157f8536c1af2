"""An HTML page as a flat list of text blocks, each knowing the boxes it stands in."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from lxml import etree

MAX_ELEMENTS = 200_000

_UNREAD = frozenset({
    "applet", "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input",
    "map", "math", "meter", "noscript", "object", "option", "progress", "script", "select", "style",
    "svg", "template", "textarea", "title", "video",
})  # fmt: skip
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "optgroup", "p", "pre", "search", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
})  # fmt: skip


class Place(Enum):
    """What kind of place a box marks, by its tag, role, class or id."""

    ANY = auto()
    MAIN = auto()
    FRAME = auto()
    EDGE = auto()
    UNLIKELY = auto()


_PLACES = {
    "nav": Place.FRAME,
    "footer": Place.EDGE,
    "header": Place.EDGE,
    "aside": Place.FRAME,
    "main": Place.MAIN,
}
_ROLES = {
    "navigation": Place.FRAME,
    "banner": Place.EDGE,
    "contentinfo": Place.EDGE,
    "search": Place.FRAME,
    "menu": Place.FRAME,
    "complementary": Place.FRAME,
    "main": Place.MAIN,
}
_UNLIKELY = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|advert\w*|author-?bio|banner|bread-?crumbs?|byline|captions?|comments?|"
    r"consent|cookies?|copyright|credits?|discuss\w*|disqus\w*|footer|hidden|masthead|menu|meta|"
    r"modal|more-?\w*|nav\w*|newsletters?|most-?\w*|outbrain|paywall|popular|popup|promo\w*|"
    r"recirc\w*|recommend\w*|related\w*|replies|respond|share\w*|sharing|shop|sidebar|signup|"
    r"skip\w*|social\w*|sponsor\w*|subscri\w*|taboola\w*|tags?|teasers?|toolbar|trending|"
    r"widgets?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CELLS = frozenset({"td", "th"})
_NEVER_UNLIKELY = frozenset({"html", "body", "article"})
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Box:
    """One block-level element, the index of its parent box, and what kind of place it marks."""

    tag: str
    parent: int
    place: Place


@dataclass(slots=True)
class Block:
    """One line of text and the box it stands in; `linked` counts its characters in links."""

    text: str
    box: int
    linked: int


@dataclass(slots=True)
class Page:
    """The blocks of a page in reading order, and its boxes; `is_cut` where it was too large."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=lambda: [Box("body", 0, Place.ANY)])
    is_cut: bool = False


def read_blocks(root: etree._Element) -> Page:
    """Walk the tree once, without recursion, at most `MAX_ELEMENTS` elements."""
    reader = _Reader()
    is_skipped = False
    walk = etree.iterwalk(root, events=("start", "end"))
    for count, (event, element) in enumerate(walk):
        if event == "start":
            is_skipped = _is_unread(element)
            if is_skipped:
                walk.skip_subtree()
            else:
                reader.enter(element)
        else:
            if not is_skipped:
                reader.leave(element.tag)
            is_skipped = False
            reader.say(element.tail)
        if count > 2 * MAX_ELEMENTS:
            reader.page.is_cut = True
            break
    reader.flush()
    return reader.page


class _Reader:
    """Gathers inline text until a block ends."""

    def __init__(self) -> None:
        self.page = Page()
        self.box = 0
        self.links = 0
        self.linked = 0
        self.words: list[str] = []

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "a":
            self.links += 1
        elif tag == "br":
            self.flush()
        elif tag in _CELLS:
            self.words.append(" ")
        elif tag in _BLOCK:
            self.flush()
            self.page.boxes.append(Box(tag, self.box, _place(tag, element)))
            self.box = len(self.page.boxes) - 1
        self.say(element.text)

    def leave(self, tag: str) -> None:
        if tag == "a":
            self.links -= 1
        elif tag in _BLOCK:
            self.flush()
            self.box = self.page.boxes[self.box].parent

    def say(self, text: str | None) -> None:
        if text:
            self.words.append(text)
            if self.links:
                self.linked += len(text)

    def flush(self) -> None:
        if self.words:
            text = " ".join("".join(self.words).split())
            if text:
                self.page.blocks.append(Block(text, self.box, min(self.linked, len(text))))
            self.words.clear()
        self.linked = 0


def _is_unread(element: etree._Element) -> bool:
    if element.tag in _UNREAD or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _INVISIBLE.search(style) is not None


def _place(tag: str, element: etree._Element) -> Place:
    place = _PLACES.get(tag) or _ROLES.get(element.get("role") or "")
    if place is not None:
        return place
    classes, name = element.get("class"), element.get("id")
    if tag in _NEVER_UNLIKELY or not (classes or name):
        return Place.ANY
    return _named(f"{classes} {name}")


@lru_cache(maxsize=4096)
def _named(names: str) -> Place:
    return Place.UNLIKELY if _UNLIKELY.search(names) else Place.ANY
