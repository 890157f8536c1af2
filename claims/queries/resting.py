"""What rests on sources whose pages were read: last text, and the quotes to find."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from claims.models import Figure
from claims.states import FigureQualifier, FigureScope, QuoteState
from claims.types import FigureValue, PageText, QuoteToFind, Resting

PAGES = """
SELECT s.id, s.is_expected_to_change, p.text, p.title, p.published_at, p.modified_at, p.language,
    p.charset, p.correction, p.is_truncated
FROM claims_source s LEFT JOIN claims_snapshot p ON p.id = s.snapshot_id WHERE s.id = ANY (%s)
"""
QUOTES = """
SELECT e.source_id, e.id, e.quote, e.prefix, e.suffix, e.quote_state,
    EXISTS (SELECT FROM claims_figure f WHERE f.evidence_id = e.id AND f.ended_at IS NULL)
FROM claims_evidence e
WHERE e.source_id = ANY (%s) AND e.withdrawn_at IS NULL AND e.quote <> '' ORDER BY e.id
"""


def resting_on(source_ids: Iterable[int]) -> dict[int, Resting]:
    """Return, by source id, what the watch compares a page with; three queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(PAGES, [list(source_ids)])
        names = [column.name for column in cursor.description or ()][2:]
        rows = cursor.fetchall()
    quotes = _quotes([row[0] for row in rows])
    return {
        source_id: Resting(
            before=PageText(**dict(zip(names, page, strict=True))) if page[0] is not None else None,
            quotes=tuple(quotes[source_id]),
            is_expected_to_change=is_expected_to_change,
        )
        for source_id, is_expected_to_change, *page in rows
    }


def _quotes(source_ids: list[int]) -> Mapping[int, Sequence[QuoteToFind]]:
    with connection.cursor() as cursor:
        cursor.execute(QUOTES, [source_ids])
        rows = cursor.fetchall()
    figures = _figures([row for _, row, *_, has_figures in rows if has_figures])
    quotes = defaultdict(list)
    for source_id, row, exact, prefix, suffix, was, _ in rows:
        quote = QuoteToFind(row, exact, prefix, suffix, QuoteState(was), tuple(figures[row]))
        quotes[source_id].append(quote)
    return quotes


def _figures(evidence_ids: list[int]) -> Mapping[int, Sequence[FigureValue]]:
    figures: dict[int, list[FigureValue]] = defaultdict(list)
    if evidence_ids:
        rows = Figure.objects.filter(evidence_id__in=evidence_ids, ended_at__isnull=True)
        for row in rows.order_by("pk"):
            figures[row.evidence_id or 0].append(figure_value(row))
    return figures


def figure_value(row: Figure) -> FigureValue:
    """Return a figure row as a value."""
    return FigureValue(
        value=row.value,
        value_high=row.value_high,
        unit=row.unit,
        qualifier=FigureQualifier(row.qualifier),
        scope=FigureScope(row.scope),
        as_of_on=row.as_of_on,
        text=row.text,
    )
