"""What every chart is made of: marks with their patterns, names, legend, and the figures behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Mark(StrEnum):
    """What a bar or line stands for; each has its own colour and pattern."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    SHAKING = "shaking"
    DISPUTED = "disputed"
    FLAG = "flag"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table behind a chart; `url` leads to what was counted."""

    value: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One thing counted at each of a chart's names, in their order."""

    name: str
    mark: Mark
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """What was counted in all."""
        return sum(cell.value for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Axis:
    """What a chart is called and what its names are of; `key` begins the ids of its patterns."""

    key: str
    label: str
    head: str
    names: tuple[str, ...]


def patterns(key: str, *, marks: Iterable[Mark]) -> SafeString:
    """Return the patterns that fill the marks of one chart."""
    drawn = format_html_join(
        "",
        '<pattern id="{}-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<g class="m-{}"><rect class="ground" width="8" height="8"/>{}</g></pattern>',
        ((key, mark, mark, _STROKES[mark]) for mark in marks),
    )
    return format_html("<defs>{}</defs>", drawn)


_STROKES = {
    Mark.REPORTED: SafeString('<circle class="dot" cx="4" cy="4" r="1.4"/>'),
    Mark.CORROBORATED: SafeString(),
    Mark.SHAKING: SafeString('<path class="stroke" d="M0 4H8"/>'),
    Mark.DISPUTED: SafeString('<path class="stroke" d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>'),
    Mark.FLAG: SafeString('<path class="stroke" d="M0 4H8M4 0V8"/>'),
    Mark.OTHER: SafeString('<path class="stroke" d="M4 0V8"/>'),
}


def legend_of(key: str, *, series: Sequence[Series]) -> SafeString:
    """Return what each mark of a chart stands for."""
    items = ((swatch(key, one.mark), one.name) for one in series)
    return format_html('<ul class="legend">{}</ul>', format_html_join("", "<li>{}{}</li>", items))


def swatch(key: str, mark: Mark) -> SafeString:
    """Return a small sample of a mark."""
    return format_html(
        '<svg class="swatch" width="18" height="12" aria-hidden="true">'
        '<rect class="bar m-{mark}" x="0.5" y="0.5" width="17" height="11"'
        ' fill="url(#{key}-{mark})"/></svg>',
        key=key,
        mark=mark,
    )


def figure(
    axis: Axis, *, drawn: SafeString, series: Sequence[Series], legend: SafeString
) -> SafeString:
    """Return a drawing with its legend and the figures behind it."""
    return format_html(
        '<figure class="chart">{}{}<details class="figures" id="{}-figures">'
        "<summary>The figures</summary>{}</details></figure>",
        drawn,
        legend,
        axis.key,
        _table(axis, series=series),
    )


def _table(axis: Axis, *, series: Sequence[Series]) -> SafeString:
    heads = format_html_join("", '<th scope="col" class="number">{}</th>', _names(series))
    rows = (
        (name, joined(number_cell(one.cells[at]) for one in series))
        for at, name in enumerate(axis.names)
    )
    return format_html(
        '<table class="rows"><caption class="visually-hidden">{}</caption>'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table>',
        axis.label,
        axis.head,
        heads,
        format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', rows),
    )


def _names(series: Sequence[Series]) -> list[tuple[str]]:
    return [(one.name,) for one in series]


def number_cell(cell: Cell) -> SafeString:
    """Return a number as a cell of a table, leading to what was counted."""
    words = f"{cell.value:,}"
    inner = format_html('<a href="{}">{}</a>', cell.url, words) if cell.url else words
    return format_html('<td class="number">{}</td>', inner)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return drawn parts as one."""
    return format_html_join("", "{}", ((part,) for part in parts))
