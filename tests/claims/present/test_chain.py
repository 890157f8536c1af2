import itertools

import pytest
from django.template.loader import render_to_string

from claims.present.chain import ChainLink, ChainNode, LinkKind, NodeRole, draw_chain

PAGES = [ChainNode(key, f"Page {key.upper()}", NodeRole.PAGE) for key in "abw"]
NIS = ChainNode("nis", "NIS", NodeRole.ORIGIN)
STATE = ChainNode("state", "South Korean state", NodeRole.ORIGIN)
UNKNOWN = ChainNode("unknown", "origin unknown", NodeRole.UNKNOWN, counts=False)
LINKS = [
    ChainLink("a", "w", LinkKind.REPEATS),
    ChainLink("b", "w", LinkKind.REPEATS),
    ChainLink("w", "nis", LinkKind.COMES_FROM),
    ChainLink("nis", "state", LinkKind.PART_OF),
]


def columns(drawing):
    return {box.node.key: box.x for box in drawing.boxes}


def test_each_box_stands_right_of_all_that_lead_to_it():
    x = columns(draw_chain([*PAGES, NIS, STATE], links=LINKS))
    assert x["a"] == x["b"] < x["w"] < x["nis"] < x["state"]


def test_an_origin_stands_right_of_every_page_even_where_the_way_is_short():
    links = [*LINKS[:3], ChainLink("b", "unknown", LinkKind.COMES_FROM)]
    x = columns(draw_chain([*PAGES, NIS, UNKNOWN], links=links))
    assert x["unknown"] == x["nis"] > x["w"]


def test_boxes_of_a_column_do_not_overlap():
    pages = [
        ChainNode(str(at), "A long headline " * 6, NodeRole.PAGE, "altered") for at in range(9)
    ]
    links = [ChainLink(page.key, "nis", LinkKind.COMES_FROM) for page in pages]
    drawing = draw_chain([*pages, NIS], links=links)
    boxes = sorted((box for box in drawing.boxes if box.x < 100), key=lambda box: box.y)
    assert all(a.y + a.height < b.y for a, b in itertools.pairwise(boxes))
    assert all(box.y + box.height <= drawing.height for box in drawing.boxes)


@pytest.mark.parametrize(
    ("links", "line"),
    [
        (
            LINKS,
            "Page A repeats Page W, which has it from NIS, which is part of South Korean state",
        ),
        ([], "Page A"),
        ([ChainLink("a", "unknown", LinkKind.COMES_FROM)], "Page A, of unknown origin"),
        (
            [ChainLink("a", "b", LinkKind.REPEATS), ChainLink("b", "a", LinkKind.REPEATS)],
            "Page A repeats Page B, which repeats Page A again: a circle, no origin",
        ),
    ],
)
def test_the_list_says_what_the_drawing_shows(links, line):
    assert draw_chain([*PAGES, NIS, STATE, UNKNOWN], links=links).lines[0] == line


def test_a_circle_is_drawn_and_marked_as_one():
    links = [ChainLink("a", "b", LinkKind.REPEATS), ChainLink("b", "a", LinkKind.REPEATS)]
    assert [curve.is_circular for curve in draw_chain(PAGES, links=links).curves] == [False, True]


def test_a_link_to_a_box_that_is_not_there_is_left_out():
    assert draw_chain([NIS], links=LINKS).curves == ()


def test_an_empty_chain_is_an_empty_drawing():
    assert draw_chain([], links=[]).boxes == ()


def test_the_svg_carries_no_inline_style_and_escapes_names():
    evil = ChainNode("a", "</text><script>alert(1)</script>", NodeRole.PAGE)
    page = render_to_string("claims/chain.html", {"drawing": draw_chain([evil], links=[])})
    assert "<script" not in page
    assert "style=" not in page
