"""What a page said beside what it says now, with quoted passages and changed figures marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from claims.text.diff import Row, RowKind, Run, compare, fold
from claims.text.figures import find_figures
from claims.text.quotes import Page, find_exact
from claims.text.sentences import Span

MOST_CHARACTERS = 20_000
"""A changed stretch longer than that is shown without its figures marked."""


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A stretch of one side: changed or not, inside a quoted passage or not, a figure or not."""

    text: str
    is_changed: bool = False
    is_quoted: bool = False
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One row of the table; a folded one stands for `count` sentences that did not change."""

    kind: RowKind
    before: tuple[DiffPiece, ...] = ()
    after: tuple[DiffPiece, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Diff:
    """The rows to show; `is_cut` where a text was longer than what is compared."""

    rows: tuple[DiffRow, ...]
    is_changed: bool
    is_cut: bool


def diff_of(
    before: str, after: str, *, quotes: Iterable[str] = (), found: Iterable[str] = ()
) -> Diff:
    """Set two texts side by side, runs of unchanged sentences folded.

    Args:
        before: what the page said.
        after: what it says now.
        quotes: passages to mark in `before`, in their words.
        found: passages to mark in `after`: what stands there in their place.
    """
    comparison = fold(compare(before, after))
    quoted, standing = _places(before, quotes), _places(after, found)
    return Diff(
        rows=tuple(_row(row, quoted=quoted, standing=standing) for row in comparison.rows),
        is_changed=comparison.is_changed,
        is_cut=comparison.is_cut,
    )


def _places(text: str, passages: Iterable[str]) -> tuple[Span, ...]:
    wanted = [passage for passage in passages if passage.strip()]
    if not wanted:
        return ()
    page = Page(text)
    anchors = (find_exact(page, passage)[:1] for passage in wanted)
    return tuple((anchor.start, anchor.end) for found in anchors for anchor in found)


def _row(row: Row, *, quoted: Sequence[Span], standing: Sequence[Span]) -> DiffRow:
    return DiffRow(
        kind=row.kind,
        before=tuple(_pieces(row.before, start=row.before_span[0], quoted=quoted)),
        after=tuple(_pieces(row.after, start=row.after_span[0], quoted=standing)),
        count=row.count,
    )


def _pieces(runs: Sequence[Run], *, start: int, quoted: Sequence[Span]) -> Iterator[DiffPiece]:
    for run in runs:
        end = start + len(run.text)
        figures = _figures(run, start=start) if run.is_changed else ()
        inner = {edge for span in (*quoted, *figures) for edge in span if start < edge < end}
        edges = sorted({start, end, *inner})
        for left, right in pairwise(edges):
            yield DiffPiece(
                text=run.text[left - start : right - start],
                is_changed=run.is_changed,
                is_quoted=_lies_in(left, right, spans=quoted),
                is_figure=_lies_in(left, right, spans=figures),
            )
        start = end


def _figures(run: Run, *, start: int) -> tuple[Span, ...]:
    if len(run.text) > MOST_CHARACTERS:
        return ()
    return tuple((start + found.start, start + found.end) for found in find_figures(run.text))


def _lies_in(left: int, right: int, *, spans: Sequence[Span]) -> bool:
    return any(start <= left and right <= end for start, end in spans)
