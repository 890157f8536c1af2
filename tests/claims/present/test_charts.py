"""Charts: what each mark is called, what stands behind them, and that no number breaks them."""

import re
import xml.etree.ElementTree as ET

import pytest

from claims.present.chart_lines import lines
from claims.present.chart_parts import Axis, Cell, Mark, Series
from claims.present.charts import share_bar, share_words, stacked_bars

AXIS = Axis("backlog", "Backlog by age", "age", ("under 1 h", "1–4 h"))


def series(name, mark, *values, url=""):
    return Series(name, mark, tuple(Cell(value, url) for value in values))


def drawn(html):
    """The chart as a tree; it is whole markup."""
    return ET.fromstring(html)  # noqa: S314 - our own markup


def titles(html):
    return [one.text for one in drawn(html).iter("title")]


def attributes(html, name, **having):
    found = (one for one in drawn(html).iter() if all(one.get(k) == v for k, v in having.items()))
    return [one.get(name) for one in found if one.get(name) is not None]


def test_each_part_of_a_bar_says_what_it_counts():
    html = stacked_bars(
        AXIS, series=[series("new", Mark.REPORTED, 2, 0), series("flag", Mark.FLAG, 1, 1204)]
    )
    assert titles(html) == ["under 1 h, new: 2", "under 1 h, flag: 1", "1–4 h, flag: 1,204"]


def test_parts_follow_each_other_and_the_longest_bar_is_the_whole_width():
    html = stacked_bars(
        AXIS, series=[series("new", Mark.REPORTED, 3, 1), series("flag", Mark.FLAG, 1, 0)]
    )
    bars = [
        one for one in drawn(html).iter("rect") if one.get("fill") and one.find("title") is not None
    ]
    assert [(one.get("x"), one.get("width")) for one in bars] == [
        ("0.00%", "75.00%"),
        ("75.00%", "25.00%"),
        ("0.00%", "25.00%"),
    ]


def test_bars_of_nothing_are_drawn_as_nothing():
    html = stacked_bars(AXIS, series=[series("new", Mark.REPORTED, 0, 0)])
    assert titles(html) == []
    assert ">0</text>" in html


@pytest.mark.parametrize(
    ("values", "top"), [((0, 0), 2), ((1, 2), 2), ((3, 9), 20), ((45, 7), 60), ((155, 1), 200)]
)
def test_the_highest_tick_is_round_and_never_below_the_highest_value(values, top):
    html = lines(AXIS, series=[series("in", Mark.FLAG, *values)])
    assert re.findall(r'class="chart-tick"[^>]*>([\d,]+)<', html) == ["0", str(top // 2), str(top)]


def test_each_point_of_a_line_says_day_and_number():
    html = lines(
        AXIS, series=[series("in", Mark.FLAG, 4, 0), series("out", Mark.CORROBORATED, 1, 2)]
    )
    assert titles(html) == [
        "under 1 h, in: 4",
        "1–4 h, in: 0",
        "under 1 h, out: 1",
        "1–4 h, out: 2",
    ]


def test_names_of_lines_that_end_together_do_not_cover_each_other():
    html = lines(
        AXIS, series=[series("in", Mark.FLAG, 4, 3), series("out", Mark.CORROBORATED, 1, 3)]
    )
    heights = [int(y) for y in re.findall(r'class="line-name[^>]* y="(\d+)"', html)]
    assert heights[1] - heights[0] >= 15


@pytest.mark.parametrize("many", [1, 2, 7, 30, 90])
def test_a_few_days_are_named_the_last_among_them(many):
    axis = Axis("flow", "In and out", "day", tuple(f"day {at}" for at in range(many)))
    html = lines(axis, series=[series("in", Mark.FLAG, *range(many))])
    named = re.findall(r'class="chart-day"[^>]*>([^<]+)<', html)
    assert len(named) == min(many, 4)
    assert named[-1] == f"day {many - 1}"


@pytest.mark.parametrize("chart", [stacked_bars, lines])
def test_the_figures_stand_behind_every_chart_and_lead_to_what_was_counted(chart):
    html = chart(AXIS, series=[series("new", Mark.REPORTED, 1500, 2, url="/claims/?a=1&b=2")])
    cells = list(drawn(html).iter("td"))
    assert [one.find("a").text for one in cells] == ["1,500", "2"]
    assert cells[0].find("a").get("href") == "/claims/?a=1&b=2"


@pytest.mark.parametrize("chart", [stacked_bars, lines])
def test_a_chart_is_one_named_picture_without_style_of_its_own(chart):
    html = chart(AXIS, series=[series("new", Mark.REPORTED, 1, 2)])
    assert attributes(html, "aria-label", role="img") == ["Backlog by age"]
    assert "style=" not in html


@pytest.mark.parametrize("chart", [stacked_bars, lines])
def test_what_names_say_is_never_markup(chart):
    axis = Axis("k", "<b>label</b>", "<i>", ("<script>", "b"))
    html = chart(axis, series=[series("<u>", Mark.OTHER, 1, 2)])
    assert not re.search(r"<(b|i|script|u)>", html)


def test_every_mark_has_a_pattern_of_its_own():
    html = stacked_bars(AXIS, series=[series(mark, mark, 1, 1) for mark in Mark])
    patterns = [
        "".join(
            f"{one.tag} {one.get('d', '')}"
            for one in pattern.iter()
            if one.tag in {"path", "circle"}
        )
        for pattern in drawn(html).iter("pattern")
    ]
    assert len(set(patterns)) == len(Mark)


def test_a_bar_of_the_whole_is_cut_by_share_and_its_table_says_each():
    parts = [
        series("holds", Mark.CORROBORATED, 3, url="/a"),
        series("lost", Mark.SHAKING, 1, url="/b"),
    ]
    html = share_bar(Axis("status", "Claims by status", "Status", ("claims",)), series=parts)
    assert titles(html) == ["holds: 3 (75 %)", "lost: 1 (25 %)"]
    assert attributes(html, "href") == ["/a", "/b"]
    assert [one.text for one in drawn(html).iter("td") if one.find("a") is None] == ["75 %", "25 %"]


def test_a_bar_of_nothing_is_empty_and_has_no_shares():
    axis = Axis("status", "Claims by status", "Status", ("claims",))
    html = share_bar(axis, series=[series("holds", Mark.CORROBORATED, 0)])
    assert titles(html) == []
    assert [one.text for one in drawn(html).iter("td")] == ["0", "–"]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (1, 1000, "under 1 %"),
        (999, 1000, "99 %"),
        (1, 3, "33 %"),
        (2, 3, "67 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(part, whole, words):
    assert share_words(part, whole) == words
