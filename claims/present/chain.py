"""The origin chain of a claim, drawn: who repeats whom, and where the information comes from.

Columns from left to right: linked sources, those they repeat, the origins the information comes
from, and what these are part of. The drawing is an SVG with classes only; `lines` says the same
in words, for readers of lists and for print.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_WIDTH, _GAP_X, _GAP_Y, _MARGIN = 196, 64, 14, 4
_HEAD, _LINE, _PADDING = 28, 16, 11
_LETTERS, _MOST_LINES = 27, 3


class NodeRole(StrEnum):
    """What a box of the chain stands for."""

    PAGE = "page"
    ORIGIN = "origin"
    UNKNOWN = "unknown"


class LinkKind(StrEnum):
    """How one box leads to the next."""

    REPEATS = "repeats"
    COMES_FROM = "comes_from"
    PART_OF = "part_of"


_JOINTS: Mapping[LinkKind, str] = {
    LinkKind.REPEATS: "repeats",
    LinkKind.COMES_FROM: "has it from",
    LinkKind.PART_OF: "is part of",
}


@dataclass(frozen=True, slots=True)
class ChainNode:
    """One box: a linked source, an origin, or the place of an origin nobody has named.

    `note` is a short second line ("still there", "collective, cannot count"); `counts` is false
    where it adds nothing to the number of independent known origins.
    """

    key: str
    name: str
    role: NodeRole
    note: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One step from box `start` to box `end`."""

    start: str
    end: str
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Box:
    """A node placed: left top corner and size in user units, name broken into lines."""

    node: ChainNode
    x: int
    y: int
    height: int
    lines: tuple[tuple[int, str], ...]
    note_y: int
    width: int = _WIDTH

    @property
    def text_x(self) -> int:
        """Where the words begin."""
        return self.x + 12

    @property
    def middle_y(self) -> int:
        """Where lines meet the box."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Curve:
    """A link drawn as an SVG path; `is_circular` where it leads back to where it came from."""

    d: str
    kind: LinkKind
    is_circular: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole chain: size, boxes, curves, column heads, and the same in words."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    heads: tuple[tuple[int, str], ...]
    lines: tuple[str, ...]


def draw_chain(nodes: Sequence[ChainNode], *, links: Sequence[ChainLink]) -> Drawing:
    """Lay out the chain in columns; links to boxes that are not there are left out."""
    known = {node.key: node for node in nodes}
    kept = [link for link in links if link.start in known and link.end in known]
    forward = _without_circles(kept)
    columns = _columns(nodes, links=forward)
    boxes = _place(nodes, columns=columns, links=forward)
    return Drawing(
        width=(max(columns.values(), default=0) + 1) * (_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN,
        height=max((box.y + box.height for box in boxes.values()), default=0) + _MARGIN,
        boxes=tuple(boxes.values()),
        curves=tuple(_curve(link, boxes=boxes, is_circular=link not in forward) for link in kept),
        heads=_heads(nodes, columns=columns),
        lines=_lines(nodes, links=kept),
    )


def _without_circles(links: Sequence[ChainLink]) -> list[ChainLink]:
    kept: list[ChainLink] = []
    for link in links:
        if link.start not in _reach(link.end, links=kept):
            kept.append(link)
    return kept


def _reach(start: str, *, links: Iterable[ChainLink]) -> set[str]:
    steps: dict[str, list[str]] = {}
    for link in links:
        steps.setdefault(link.start, []).append(link.end)
    reached, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(steps.get(here, ()))
    return reached


def _columns(nodes: Sequence[ChainNode], *, links: Sequence[ChainLink]) -> dict[str, int]:
    """Put each box right of all that lead to it, and every origin right of every page."""
    column = _pushed({node.key: 0 for node in nodes}, links=links)
    pages = [column[node.key] for node in nodes if node.role is NodeRole.PAGE]
    first_origin = max(pages, default=-1) + 1
    for node in nodes:
        if node.role is not NodeRole.PAGE:
            column[node.key] = max(column[node.key], first_origin)
    return _pushed(column, links=links)


def _pushed(column: dict[str, int], *, links: Sequence[ChainLink]) -> dict[str, int]:
    for _ in column:
        for link in links:
            column[link.end] = max(column[link.end], column[link.start] + 1)
    return column


def _place(
    nodes: Sequence[ChainNode], *, columns: Mapping[str, int], links: Sequence[ChainLink]
) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    for column in sorted(set(columns.values())):
        members = [node for node in nodes if columns[node.key] == column]
        wanted = {node.key: _wanted_y(node, boxes=boxes, links=links) for node in members}
        floor = _HEAD
        for node in sorted(members, key=lambda node: wanted[node.key]):
            height = _height(node)
            y = max(floor, round(wanted[node.key] - height / 2))
            boxes[node.key] = _box(node, x=_MARGIN + column * (_WIDTH + _GAP_X), y=y)
            floor = y + height + _GAP_Y
    return boxes


def _wanted_y(node: ChainNode, *, boxes: Mapping[str, Box], links: Sequence[ChainLink]) -> float:
    before = [
        boxes[link.start].middle_y for link in links if link.end == node.key and link.start in boxes
    ]
    return sum(before) / len(before) if before else 0.0


def _name_lines(name: str) -> list[str]:
    return textwrap.wrap(name, _LETTERS, max_lines=_MOST_LINES, placeholder=" …") or ["–"]


def _height(node: ChainNode) -> int:
    lines = len(_name_lines(node.name)) + bool(node.note)
    return lines * _LINE + 2 * _PADDING


def _box(node: ChainNode, *, x: int, y: int) -> Box:
    baseline = y + _PADDING + 12
    lines = tuple((baseline + at * _LINE, line) for at, line in enumerate(_name_lines(node.name)))
    return Box(node=node, x=x, y=y, height=_height(node), lines=lines, note_y=lines[-1][0] + _LINE)


def _curve(link: ChainLink, *, boxes: Mapping[str, Box], is_circular: bool) -> Curve:
    start, end = boxes[link.start], boxes[link.end]
    x1, y1, x2, y2 = start.x + start.width, start.middle_y, end.x - 3, end.middle_y
    bend = max((x2 - x1) // 2, _GAP_X // 2)
    d = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Curve(d=d, kind=link.kind, is_circular=is_circular)


def _heads(
    nodes: Sequence[ChainNode], *, columns: Mapping[str, int]
) -> tuple[tuple[int, str], ...]:
    heads: dict[int, str] = {}
    for node in nodes:
        column = columns[node.key]
        if node.role is NodeRole.PAGE:
            heads[column] = "repeated by them" if column else "linked sources"
        else:
            heads.setdefault(column, "information comes from")
    origins = sorted(at for at, head in heads.items() if head == "information comes from")
    for column in origins[1:]:
        heads[column] = "part of"
    return tuple((_MARGIN + at * (_WIDTH + _GAP_X), heads[at]) for at in sorted(heads))


def _lines(nodes: Sequence[ChainNode], *, links: Sequence[ChainLink]) -> tuple[str, ...]:
    known = {node.key: node for node in nodes}
    onward: dict[str, ChainLink] = {}
    for link in links:
        onward.setdefault(link.start, link)
    pages = [node.key for node in nodes if node.role is NodeRole.PAGE]
    return tuple(_line(key, known=known, onward=onward) for key in pages)


def _line(key: str, *, known: Mapping[str, ChainNode], onward: Mapping[str, ChainLink]) -> str:
    words, here, seen = known[key].name, key, {key}
    while here in onward:
        link = onward[here]
        end = known[link.end]
        if end.role is NodeRole.UNKNOWN:
            return f"{words}, of unknown origin"
        joint = _JOINTS[link.kind] if here == key else f", which {_JOINTS[link.kind]}"
        words = f"{words} {joint} {end.name}".replace(" ,", ",")
        if end.key in seen:
            return f"{words} again: a circle, no origin"
        seen.add(end.key)
        here = end.key
    return words
