"""Charts as SVG drawn by the server: bars here, lines in `chart_lines`, each with its figures.

A chart is as wide as its place and its letters keep their size: lengths along it are percentages,
and the space beside it for words is the style sheet's (`static/claims/charts.css`). Classes only,
no inline style. Colour never carries the meaning alone: each mark has a pattern or a dash of its
own, each bar and point a title, and a table with the same figures stands behind every chart.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.present.chart_parts import (
    Axis,
    Series,
    figure,
    joined,
    legend_of,
    number_cell,
    patterns,
    swatch,
)

_ROW, _BAR = 30, 18


def stacked_bars(axis: Axis, *, series: Sequence[Series]) -> SafeString:
    """Return one bar a name, its parts in the order of `series`, with legend and figures."""
    sums = [sum(one.cells[at].value for one in series) for at in range(len(axis.names))]
    longest = max([*sums, 1])
    rows = [
        _bar_row(axis, at=at, series=series, total=total, longest=longest)
        for at, total in enumerate(sums)
    ]
    drawn = format_html(
        '<svg class="bars" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
        len(rows) * _ROW,
        axis.label,
        patterns(axis.key, marks=[one.mark for one in series]),
        joined(rows),
    )
    return figure(axis, drawn=drawn, series=series, legend=legend_of(axis.key, series=series))


def share_bar(axis: Axis, *, series: Sequence[Series]) -> SafeString:
    """Return one bar of the whole, its parts the single numbers of `series`; its table says all."""
    whole = sum(one.total for one in series)
    parts, begun = [], 0
    for one in series:
        if one.total:
            words = f"{one.name}: {one.total:,} ({share_words(one.total, whole)})"
            place = (_percent(begun, whole), _percent(one.total, whole))
            parts.append(_bar(place, y=1, fill=f"{axis.key}-{one.mark}", words=words))
        begun += one.total
    drawn = format_html(
        '<svg class="whole" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
        _BAR + 2,
        axis.label,
        patterns(axis.key, marks=[one.mark for one in series]),
        joined(parts),
    )
    return format_html(
        '<figure class="chart">{}{}</figure>', drawn, _shares(axis, series=series, whole=whole)
    )


def share_words(part: int, whole: int) -> str:
    """Return a share in whole per cent; something is never "0 %", and less than all never 100."""
    if part in {0, whole}:
        return "100 %" if part else "0 %"
    share = 100 * part / whole
    return "under 1 %" if share < 1 else f"{min(round(share), 99)} %"


def _shares(axis: Axis, *, series: Sequence[Series], whole: int) -> SafeString:
    rows = (
        (
            swatch(axis.key, one.mark),
            one.name,
            number_cell(one.cells[0]),
            share_words(one.total, whole) if whole else "–",
        )
        for one in series
    )
    return format_html(
        '<table class="rows shares"><caption class="visually-hidden">{}</caption>'
        '<thead><tr><th scope="col">{}</th><th scope="col" class="number">Claims</th>'
        '<th scope="col" class="number">Share</th></tr></thead><tbody>{}</tbody></table>',
        axis.label,
        axis.head,
        format_html_join(
            "", '<tr><th scope="row">{}{}</th>{}<td class="number">{}</td></tr>', rows
        ),
    )


def _bar_row(
    axis: Axis, *, at: int, series: Sequence[Series], total: int, longest: int
) -> SafeString:
    middle = at * _ROW + _ROW // 2
    parts, begun = [], 0
    for one in series:
        value = one.cells[at].value
        if value:
            words = f"{axis.names[at]}, {one.name}: {value:,}"
            fill = f"{axis.key}-{one.mark}"
            place = (_percent(begun, longest), _percent(value, longest))
            parts.append(_bar(place, y=middle - _BAR // 2, fill=fill, words=words))
        begun += value
    return format_html(
        '<text class="chart-name" x="-10" y="{y}">{}</text>{}'
        '<text class="chart-value" x="{}" dx="7" y="{y}">{}</text>',
        axis.names[at],
        joined(parts),
        _percent(total, longest),
        f"{total:,}",
        y=middle + 5,
    )


def _bar(place: tuple[str, str], *, y: int, fill: str, words: str) -> SafeString:
    return format_html(
        '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" fill="url(#{})">'
        "<title>{}</title></rect>",
        f"m-{fill.rpartition('-')[2]}",
        place[0],
        y,
        place[1],
        _BAR,
        fill,
        words,
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%"
