"""What rests on sources whose pages were read: last text, and the quotes to find."""

from collections.abc import Iterable

from claims.models import Evidence, Figure, Snapshot, Source
from claims.states import FigureQualifier, FigureScope, QuoteState
from claims.types import FigureValue, PageText, QuoteToFind, Resting


def resting_on(source_ids: Iterable[int]) -> dict[int, Resting]:
    """Return, by source id, what the watch compares a page with; four queries at most."""
    sources = Source.objects.filter(pk__in=list(source_ids)).select_related("snapshot")
    quotes: dict[int, list[QuoteToFind]] = {source.pk: [] for source in sources}
    rows = Evidence.objects.filter(source_id__in=quotes, withdrawn_at__isnull=True)
    for row in rows.exclude(quote="").prefetch_related("figures").order_by("pk"):
        quotes[row.source_id].append(_quote(row))
    return {
        source.pk: Resting(
            before=page_of(source.snapshot) if source.snapshot else None,
            quotes=tuple(quotes[source.pk]),
            is_expected_to_change=source.is_expected_to_change,
        )
        for source in sources
    }


def page_of(snapshot: Snapshot) -> PageText:
    """Return what a snapshot said, as the engines take it."""
    return PageText(
        text=snapshot.text,
        title=snapshot.title,
        published_at=snapshot.published_at,
        modified_at=snapshot.modified_at,
        language=snapshot.language,
        charset=snapshot.charset,
        correction=snapshot.correction,
        is_truncated=snapshot.is_truncated,
    )


def _quote(row: Evidence) -> QuoteToFind:
    return QuoteToFind(
        evidence_id=row.pk,
        exact=row.quote,
        prefix=row.prefix,
        suffix=row.suffix,
        was=QuoteState(row.quote_state),
        figures=tuple(figure_value(item) for item in row.figures.all() if item.ended_at is None),
    )


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
