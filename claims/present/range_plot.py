"""Figures side by side on one axis, as they are said: never averaged, never made more exact.

A closed end is where the words put a limit, an open end where they only come near one, an arrow
where they leave it open. Source of the signs: interval notation, ISO 80000-2, section 2-7.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims.present.figures import figure_words
from claims.states import FigureQualifier, Stance
from claims.types import FigureValue

WIDTH, HEIGHT = 400, 26
_MARGIN = 12
_MOST_TICKS = 4
_WIDE_RATIO = 100
"""From this ratio of the largest to the smallest on, the axis is logarithmic."""


@dataclass(frozen=True, slots=True)
class Said:
    """A figure and who says it; `stance` is None for the claim's own."""

    who: str
    figure: FigureValue
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A figure on the axis, x in the plot's units; an end is None where the words leave it open."""

    left: int
    right: int
    left_end: str
    right_end: str

    @property
    def is_point(self) -> bool:
        """Whether it is a single value."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One figure in the plot, with how many pieces of evidence give it."""

    who: str
    words: str
    as_of_on: date | None
    stance: Stance | None
    times: int
    span: Span


@dataclass(frozen=True, slots=True)
class RangePlot:
    """All figures of one unit; `ticks` are x and label; `is_wide`: the axis is logarithmic."""

    unit: str
    rows: tuple[PlotRow, ...]
    ticks: tuple[tuple[int, str], ...]
    is_wide: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether all say the same figure."""
        return len({row.span for row in self.rows}) == 1


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    is_wide: bool

    def x(self, value: float) -> int:
        """Where a value lies."""
        low, high, at = self.low, self.high, value
        if self.is_wide:
            low, high, at = math.log10(low), math.log10(high), math.log10(value)
        share = (at - low) / (high - low)
        return round(_MARGIN + share * (WIDTH - 2 * _MARGIN))


def range_plots(figures: Iterable[Said]) -> tuple[RangePlot, ...]:
    """Return a plot for each unit that at least two voices give a figure in.

    Args:
        figures: the claim's own first; the same figure by the same voice is drawn once.
    """
    groups: dict[str, dict[Said, int]] = {}
    for said in figures:
        group = groups.setdefault(said.figure.unit.casefold(), {})
        key = next((known for known in group if _is_same(known, said)), said)
        group[key] = group.get(key, 0) + 1
    return tuple(_plot(list(group.items())) for group in groups.values() if len(group) > 1)


def _is_same(one: Said, other: Said) -> bool:
    a, b = one.figure, other.figure
    return (one.who, one.stance) == (other.who, other.stance) and (
        (a.value, a.value_high, a.qualifier, a.scope, a.as_of_on)
        == (b.value, b.value_high, b.qualifier, b.scope, b.as_of_on)
    )


def _plot(group: Sequence[tuple[Said, int]]) -> RangePlot:
    axis = _axis([value for said, _ in group for value in _values(said.figure)])
    return RangePlot(
        unit=group[0][0].figure.unit,
        rows=tuple(
            PlotRow(
                who=said.who,
                words=figure_words(said.figure),
                as_of_on=said.figure.as_of_on,
                stance=said.stance,
                times=times,
                span=_span(said.figure, axis=axis),
            )
            for said, times in group
        ),
        ticks=_ticks(axis),
        is_wide=axis.is_wide,
    )


def _values(figure: FigureValue) -> list[float]:
    high = [] if figure.value_high is None else [float(figure.value_high)]
    return [float(figure.value), *high]


def _axis(values: Sequence[float]) -> _Axis:
    low, high = min(values), max(values)
    if low > 0 and high / low > _WIDE_RATIO:
        decades = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return _Axis(low=10.0 ** decades[0], high=10.0 ** decades[1], is_wide=True)
    low, high = min(0.0, low), max(0.0, high) or float(low >= 0)
    step = _step(high - low)
    top = math.ceil(high / step) * step
    return _Axis(low=math.floor(low / step) * step, high=top, is_wide=False)


def _step(span: float) -> float:
    """Return a round step that cuts a span into few parts: 1, 2 or 5 times a power of ten."""
    rough = span / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(part * power for part in (1, 2, 5, 10) if part * power >= rough)


def _ticks(axis: _Axis) -> tuple[tuple[int, str], ...]:
    if axis.is_wide:
        powers = range(round(math.log10(axis.low)), round(math.log10(axis.high)) + 1)
        every = -(-len(powers) // _MOST_TICKS)
        values = [10.0**power for power in powers[::every]]
    else:
        step = _step(axis.high - axis.low)
        count = round((axis.high - axis.low) / step)
        values = [axis.low + step * at for at in range(count + 1)]
    return tuple((axis.x(value), _tick_words(value)) for value in values)


def _tick_words(value: float) -> str:
    for size, word in ((1e9, " bn"), (1e6, " m")):
        if abs(value) >= size:
            return f"{value / size:g}{word}"
    return f"{value:,g}"


def _span(figure: FigureValue, *, axis: _Axis) -> Span:
    low, high = axis.x(float(figure.value)), axis.x(_values(figure)[-1])
    match figure.qualifier:
        case FigureQualifier.AT_LEAST:
            return Span(low, WIDTH, "closed", "arrow")
        case FigureQualifier.MORE_THAN:
            return Span(low, WIDTH, "open", "arrow")
        case FigureQualifier.UP_TO:
            return Span(0, high, "arrow", "closed")
        case FigureQualifier.LESS_THAN:
            return Span(0, high, "arrow", "open")
        case FigureQualifier.ABOUT:
            return Span(low, high, "open", "open")
        case FigureQualifier.EXACT | FigureQualifier.BETWEEN:
            return Span(low, high, "closed", "closed")
