"""Lines over days, drawn by the server as `present.charts` does its bars."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.present.chart_parts import Axis, Series, figure, joined

_PLOT, _TOP, _FOOT = 150, 12, 24
_APART = 15
_MOST_DAYS_NAMED = 4


def lines(axis: Axis, *, series: Sequence[Series]) -> SafeString:
    """Return one line a series over the names, as days, with the figures behind it."""
    top = _round_top(max((cell.value for one in series for cell in one.cells), default=0))
    drawn = format_html(
        '<svg class="lines" width="100%" height="{}" role="img" aria-label="{}">{}{}{}{}</svg>',
        _TOP + _PLOT + _FOOT,
        axis.label,
        joined(_grid_line(tick, top=top) for tick in (0, top // 2, top)),
        joined(_day_name(axis, at=at) for at in _named_days(len(axis.names))),
        joined(_line(axis, one=one, top=top) for one in series),
        _line_names(series, top=top),
    )
    return figure(axis, drawn=drawn, series=series, legend=SafeString())


def _line(axis: Axis, *, one: Series, top: int) -> SafeString:
    last = max(len(axis.names) - 1, 1)
    points = [(100 * at / last, 100 - 100 * cell.value / top) for at, cell in enumerate(one.cells)]
    return format_html(
        '<svg y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none"'
        ' overflow="visible"><polyline class="line m-{}" points="{}"/></svg>{}',
        _TOP,
        _PLOT,
        one.mark,
        " ".join(f"{x:.2f},{y:.2f}" for x, y in points),
        joined(
            _point(f"{x:.2f}%", value=cell.value, top=top, one=one, name=axis.names[at])
            for at, ((x, _), cell) in enumerate(zip(points, one.cells, strict=True))
        ),
    )


def _point(x: str, *, value: int, top: int, one: Series, name: str) -> SafeString:
    return format_html(
        '<circle class="point m-{}" cx="{}" cy="{}" r="3"><title>{}, {}: {}</title></circle>',
        one.mark,
        x,
        _height(value, top=top),
        name,
        one.name,
        f"{value:,}",
    )


def _grid_line(tick: int, *, top: int) -> SafeString:
    y = _height(tick, top=top)
    return format_html(
        '<line class="grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
        '<text class="chart-tick" x="-8" y="{}">{}</text>',
        y + 4,
        f"{tick:,}",
        y=y,
    )


def _day_name(axis: Axis, *, at: int) -> SafeString:
    last = max(len(axis.names) - 1, 1)
    end = "start" if at == 0 else "end" if at == last else "middle"
    x = f"{100 * at / last:.2f}%"
    words = '<text class="chart-day" text-anchor="{}" x="{}" y="{}">{}</text>'
    return format_html(words, end, x, _TOP + _PLOT + 19, axis.names[at])


def _named_days(many: int) -> list[int]:
    """Choose the days that are named: the first, the last, and evenly between."""
    gaps = min(many, _MOST_DAYS_NAMED) - 1
    return sorted({round(at * (many - 1) / max(gaps, 1)) for at in range(gaps + 1)})


def _line_names(series: Sequence[Series], *, top: int) -> SafeString:
    """Name the lines at their ends, kept far enough apart to be read."""
    ends = sorted(series, key=lambda one: -_ending(one))
    floor, named = 0, []
    for one in ends:
        floor = max(floor, _height(_ending(one), top=top))
        named.append((one.mark, floor + 4, one.name))
        floor += _APART
    words = '<text class="line-name m-{}" x="100%" dx="9" y="{}">{}</text>'
    return format_html_join("", words, named)


def _ending(one: Series) -> int:
    return one.cells[-1].value if one.cells else 0


def _height(value: int, *, top: int) -> int:
    return _TOP + _PLOT - round(_PLOT * value / top)


def _round_top(highest: int) -> int:
    """Return an even number of few digits at or above the highest value."""
    size = 1
    while True:
        for digit in (2, 4, 6, 8):
            if digit * size >= highest:
                return digit * size
        size *= 10
