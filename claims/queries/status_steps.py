"""Read the steps of a claim's status from the ledger: who decided, on what evidence then."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.models import LedgerEntry, Origin
from claims.queries.as_of_entries import texts_of
from claims.queries.as_of_rows import commitments
from claims.queries.ledger import Entry
from claims.states import EntryKind

MOST_STEPS = 60
"""Newest entries on the status of one claim that are read; the history has the rest."""
_KINDS = (
    EntryKind.CLAIM_OPENED,
    EntryKind.PROPOSED,
    EntryKind.SIGNED_OFF,
    EntryKind.STATUS_CHANGED,
    EntryKind.GROUND_CHANGED,
    EntryKind.REVIEW_STANDS,
    EntryKind.BASIS_CHANGED,
)


@dataclass(frozen=True, slots=True)
class StatusSteps:
    """Entries on status and basis, oldest first, and the origins their evidence names.

    `has_more`: older ones were left out.
    """

    entries: Sequence[Entry]
    origins: Mapping[str, Origin]
    has_more: bool = False


def status_steps(reference: str, *, upto: int = 0) -> StatusSteps:
    """Return the steps of a claim the caller may see; up to entry `upto` where given."""
    rows = LedgerEntry.objects.filter(claim_ref=reference, kind__in=[k.value for k in _KINDS])
    if upto:
        rows = rows.filter(seq__lte=upto)
    newest = list(rows.order_by("-seq")[: MOST_STEPS + 1])
    told = [(row, json.loads(row.body)) for row in reversed(newest[:MOST_STEPS])]
    texts = texts_of({word for _, body in told for word in commitments(body)})
    named = {item["origin"] for _, body in told for item in body.get("evidence", ())} - {None}
    origins = Origin.objects.filter(reference__in=named).select_related("desk") if named else ()
    return StatusSteps(
        entries=[_entry(row, body, texts) for row, body in told],
        origins={origin.reference: origin for origin in origins},
        has_more=len(newest) > MOST_STEPS,
    )


def _entry(row: LedgerEntry, body: Mapping[str, Any], texts: Mapping[str, str | None]) -> Entry:
    return Entry(
        seq=row.seq,
        recorded_at=row.recorded_at,
        kind=row.kind,
        leaf=bytes(row.leaf).hex(),
        hash=bytes(row.hash).hex(),
        body=body,
        texts={word: text for word in commitments(body) if (text := texts.get(word)) is not None},
    )
