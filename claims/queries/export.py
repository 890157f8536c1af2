"""Claims as files: every reader gets what they may see, a batch at a time, whatever the number."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from claims.access import evidence_visible_to, visible_to
from claims.models import Claim, Evidence, Figure, Origin
from claims.queries.desks import desks_of
from claims.text.cells import safe_cell
from claims.types import Actor

BATCH = 500
MOST_EVIDENCE_COLUMNS = 5

CLAIM_COLUMNS = (
    "statement",
    "kind",
    "language",
    "claimant",
    "claimant_text",
    "as_of_on",
    "expected_by_on",
    "review_by_on",
    "topic",
    "priority",
    "visibility",
)
FIGURE_COLUMNS = {
    "figure": "value",
    "figure_high": "value_high",
    "figure_unit": "unit",
    "figure_qualifier": "qualifier",
    "figure_scope": "scope",
    "figure_as_of_on": "as_of_on",
    "figure_text": "text",
}
EVIDENCE_COLUMNS = {
    "url": "url",
    "quote": "quote",
    "stance": "stance",
    "dispute_kind": "dispute_kind",
    "origin": "origin",
    "credibility": "credibility",
    "primary_record": "is_primary_record",
    "locator": "locator",
    "translation": "translation",
    "quote_language": "language",
}
STATE_COLUMNS = (
    "reference",
    "desk",
    "status",
    "ground",
    "basis",
    "basis_since_at",
    "independent_origins",
    "open_flags",
    "closed_at",
    "close_reason",
    "replaced_by",
    "created_at",
    "revision",
)
LEFT_OUT = "left_out"
"""What of a claim has no column in its row: further evidence and figures. JSON holds all of it."""

Row = Mapping[str, Any]


class _Sink:
    """Takes what a csv writer writes, and gives it back."""

    def write(self, text: str) -> str:
        return text


class _Writer(Protocol):
    def writerow(self, row: Iterable[Any], /) -> Any: ...


def numbered(column: str, number: int) -> str:
    """Return the name of an evidence column: `url`, `url_2`, `url_3` ..."""
    return column if number == 1 else f"{column}_{number}"


COLUMNS = (
    *STATE_COLUMNS[:1],
    *CLAIM_COLUMNS,
    *FIGURE_COLUMNS,
    *(
        numbered(column, number + 1)
        for number in range(MOST_EVIDENCE_COLUMNS)
        for column in EVIDENCE_COLUMNS
    ),
    *STATE_COLUMNS[1:],
    LEFT_OUT,
)
"""The columns of a table, in their order."""


def exported(actor: Actor, claims: QuerySet[Claim]) -> Iterator[Row]:
    """Yield claims newest first, each with its figures and live evidence; seven queries a batch.

    Args:
        actor: who reads; nothing in a row goes beyond what exists for them.
        claims: any part of what is visible to the actor, in any order.
    """
    rows = claims.order_by("-pk").select_related("desk", "claimant__desk", "replaced_by")
    last: int | None = None
    while True:
        batch = list((rows if last is None else rows.filter(pk__lt=last))[:BATCH])
        if not batch:
            return
        yield from _told(actor, batch)
        last = batch[-1].pk


def json_lines(rows: Iterable[Row], *, head: Mapping[str, object]) -> Iterator[str]:
    """Yield one JSON object: the head's fields, then `claims`, a line each."""
    opening = json.dumps({**head, "claims": []}, ensure_ascii=False)
    yield opening.removesuffix("]}")
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def csv_lines(rows: Iterable[Row], *, head: Sequence[str]) -> Iterator[str]:
    """Yield a table (RFC 4180, every cell quoted): a line of remarks, the header, a line a claim.

    The byte-order mark at its start tells spreadsheets that it is UTF-8; no cell is a formula.
    """
    writer: _Writer = csv.writer(_Sink(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([safe_cell(word) for word in head])
    yield writer.writerow(COLUMNS)
    for row in rows:
        cells = _cells(row)
        yield writer.writerow([safe_cell(cells.get(column, "")) for column in COLUMNS])


def _cells(row: Row) -> dict[str, str]:
    cells = {name: _cell(row[name]) for name in (*CLAIM_COLUMNS, *STATE_COLUMNS)}
    figures, evidence = row["figures"], row["evidence"]
    if figures:
        cells |= {column: _cell(figures[0][name]) for column, name in FIGURE_COLUMNS.items()}
    for number, item in enumerate(evidence[:MOST_EVIDENCE_COLUMNS], start=1):
        for column, name in EVIDENCE_COLUMNS.items():
            cells[numbered(column, number)] = _cell(item[name])
    beyond = {
        "more figures": len(figures) - 1,
        "more linked sources": len(evidence) - MOST_EVIDENCE_COLUMNS,
    }
    cells[LEFT_OUT] = ", ".join(f"{count} {what}" for what, count in beyond.items() if count > 0)
    return cells


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _told(actor: Actor, batch: list[Claim]) -> Iterator[Row]:
    desks = desks_of(actor)
    ids = [claim.pk for claim in batch]
    evidence = list(
        Evidence.objects.filter(claim__in=ids, withdrawn_at__isnull=True)
        .select_related("source", "origin__desk", "relays_origin__desk", "relays_evidence")
        .order_by("pk")
    )
    claim_figures, evidence_figures = _figures(ids, [row.pk for row in evidence])
    known = _known_references(actor, batch, evidence)
    by_claim: dict[int, list[Row]] = defaultdict(list)
    for row in evidence:
        told = _evidence(row, desks=desks, known=known)
        by_claim[row.claim_id].append(told | {"figures": evidence_figures[row.pk]})
    for claim in batch:
        state = _claim(claim, desks=desks, known=known)
        yield state | {"figures": claim_figures[claim.pk], "evidence": by_claim[claim.pk]}


def _figures(
    claims: list[int], evidence: list[int]
) -> tuple[Mapping[int, list[Row]], Mapping[int, list[Row]]]:
    own: dict[int, list[Row]] = defaultdict(list)
    quoted: dict[int, list[Row]] = defaultdict(list)
    live = Figure.objects.filter(ended_at__isnull=True).order_by("pk")
    for row in live.filter(claim__in=claims):
        own[row.claim_id or 0].append(_figure(row))
    for row in live.filter(evidence__in=evidence):
        quoted[row.evidence_id or 0].append(_figure(row))
    return own, quoted


def _known_references(actor: Actor, batch: list[Claim], evidence: list[Evidence]) -> set[str]:
    """Return what is referred to and may be named to this reader."""
    replacing = visible_to(actor).filter(pk__in={claim.replaced_by_id for claim in batch} - {None})
    relayed = evidence_visible_to(actor).filter(
        pk__in={row.relays_evidence_id for row in evidence} - {None}
    )
    named = (rows.values_list("reference", flat=True) for rows in (replacing, relayed))
    return {reference for references in named for reference in references}


def _claim(claim: Claim, *, desks: frozenset[str], known: set[str]) -> dict[str, Any]:
    replaced_by = claim.replaced_by.reference if claim.replaced_by else None
    return {
        "reference": claim.reference,
        "desk": claim.desk.slug,
        "statement": claim.statement,
        "kind": claim.kind,
        "language": claim.language,
        "claimant": _named(claim.claimant, desks=desks),
        "claimant_text": claim.claimant_text,
        "as_of_on": _day(claim.as_of_on),
        "expected_by_on": _day(claim.expected_by_on),
        "review_by_on": _day(claim.review_by_on),
        "topic": claim.topic,
        "priority": claim.priority,
        "visibility": claim.visibility,
        "status": claim.status,
        "ground": claim.ground,
        "basis": claim.basis,
        "basis_since_at": _moment(claim.basis_since_at),
        "independent_origins": claim.independent_origins,
        "open_flags": claim.open_flags,
        "closed_at": _moment(claim.closed_at),
        "close_reason": claim.close_reason or None,
        "replaced_by": replaced_by if replaced_by in known else None,
        "created_at": _moment(claim.created_at),
        "revision": claim.revision,
    }


def _evidence(row: Evidence, *, desks: frozenset[str], known: set[str]) -> dict[str, Any]:
    relayed = row.relays_evidence.reference if row.relays_evidence else None
    return {
        "reference": row.reference,
        "url": row.source.url,
        "quote": row.quote,
        "stance": row.stance,
        "dispute_kind": row.dispute_kind or None,
        "origin": _named(row.origin, desks=desks),
        "credibility": row.credibility,
        "is_primary_record": row.is_primary_record,
        "locator": row.locator,
        "translation": row.translation,
        "language": row.language,
        "quote_state": row.quote_state,
        "repeats": relayed if relayed in known else _named(row.relays_origin, desks=desks),
    }


def _named(origin: Origin | None, *, desks: frozenset[str]) -> str | None:
    """Name an origin with its reference; a confidential one is nobody outside its desk."""
    if origin is None:
        return None
    if origin.is_confidential and (origin.desk is None or origin.desk.slug not in desks):
        return None
    return f"{origin.name} ({origin.reference})"


def _figure(row: Figure) -> Row:
    return {
        "value": f"{row.value.normalize():f}",
        "value_high": None if row.value_high is None else f"{row.value_high.normalize():f}",
        "unit": row.unit,
        "qualifier": row.qualifier,
        "scope": row.scope,
        "as_of_on": _day(row.as_of_on),
        "text": row.text,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
