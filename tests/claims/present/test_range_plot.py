from datetime import date
from decimal import Decimal

import pytest

from claims.present.range_plot import WIDTH, Said, range_plots
from claims.states import FigureQualifier, Stance
from claims.types import FigureValue

Q = FigureQualifier


def said(
    who, value, *, high=None, qualifier=Q.EXACT, unit="soldiers", as_of=None, stance=Stance.SUPPORTS
):
    top = None if high is None else Decimal(high)
    figure = FigureValue(Decimal(value), top, unit=unit, qualifier=qualifier, as_of_on=as_of)
    return Said(who, figure, stance)


def row(qualifier, *, high=None):
    (plot,) = range_plots([said("A", 100, qualifier=qualifier, high=high), said("B", 1000)])
    return plot.rows[0].span


@pytest.mark.parametrize(
    ("qualifier", "high", "ends", "is_point"),
    [
        (Q.EXACT, None, ("closed", "closed"), True),
        (Q.ABOUT, None, ("open", "open"), True),
        (Q.BETWEEN, 200, ("closed", "closed"), False),
        (Q.ABOUT, 200, ("open", "open"), False),
        (Q.AT_LEAST, None, ("closed", "arrow"), False),
        (Q.MORE_THAN, None, ("open", "arrow"), False),
        (Q.UP_TO, None, ("arrow", "closed"), False),
        (Q.LESS_THAN, None, ("arrow", "open"), False),
    ],
)
def test_the_ends_say_what_the_words_say(qualifier, high, ends, is_point):
    span = row(qualifier, high=high)
    assert (span.left_end, span.right_end) == ends
    assert span.is_point is is_point


def test_what_the_words_leave_open_runs_to_the_edge():
    assert row(Q.AT_LEAST).right == WIDTH
    assert row(Q.UP_TO).left == 0


def test_figures_stay_in_order_and_are_never_averaged():
    (plot,) = range_plots([said("A", 8_000_000), said("B", 3_000_000)])
    assert [one.words for one in plot.rows] == ["8,000,000 soldiers", "3,000,000 soldiers"]
    assert plot.rows[1].span.left < plot.rows[0].span.left
    assert not plot.is_agreed


def test_the_same_figure_by_the_same_voice_is_drawn_once_and_counted():
    (plot,) = range_plots([said("A", 5), said("A", 5), said("B", 5)])
    assert [(one.who, one.times) for one in plot.rows] == [("A", 2), ("B", 1)]
    assert plot.is_agreed


@pytest.mark.parametrize(
    "other",
    [
        said("A", 5, as_of=date(2024, 10, 18)),
        said("A", 5, qualifier=Q.ABOUT),
        said("A", 5, stance=Stance.DISPUTES),
        said("B", 5),
    ],
)
def test_another_date_qualifier_stance_or_voice_is_a_line_of_its_own(other):
    (plot,) = range_plots([said("A", 5), other])
    assert [one.times for one in plot.rows] == [1, 1]


def test_each_unit_has_its_own_plot_and_one_voice_alone_has_none():
    figures = [
        said("A", 5),
        said("B", 6),
        said("A", 1, unit="ships"),
        said("C", 7, unit="Soldiers"),
    ]
    (plot,) = range_plots(figures)
    assert [one.who for one in plot.rows] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("low", "high", "is_wide"),
    [(5, 400, False), (5, 50_000, True), (0, 50_000, False), (-5, 5, False)],
)
def test_figures_far_apart_get_a_logarithmic_axis(low, high, is_wide):
    (plot,) = range_plots([said("A", low), said("B", high)])
    assert plot.is_wide is is_wide
    places = [x for x, _ in plot.ticks]
    assert places == sorted(set(places))
    assert 0 <= plot.rows[0].span.left < plot.rows[1].span.left <= WIDTH


@pytest.mark.parametrize(
    ("value", "labels"),
    [
        (8_000_000, ["0", "2 m", "4 m", "6 m", "8 m"]),
        (1_500, ["0", "500", "1,000", "1,500"]),
        (0, ["0", "0.5", "1"]),
    ],
)
def test_the_axis_is_marked_in_round_numbers(value, labels):
    (plot,) = range_plots([said("A", value), said("B", value)])
    assert [words for _, words in plot.ticks] == labels
