"""Change a claim's own fields, its figures, or its evidence: checked, written, entered.

One form of payload serves both an edit at once and an edit that waits for sign-off:
`{"claim": {field: value}, "figures": [figure, ...], "evidence": {"EV-...": {field: value}}}`.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping

from claims.errors import InvalidInput
from claims.models import Claim, Evidence, Figure
from claims.queries.resting import figure_value
from claims.services import fields
from claims.services.ledger import Plain, Recorder, Text
from claims.services.sources import look_soon
from claims.states import ClaimKind, DisputeKind, EntryKind, QuoteState, Stance
from claims.types import FigureValue

GUARDED = frozenset({"statement", "kind", "claimant", "claimant_text", "as_of_on"})
"""Fields of a corroborated claim that change only by sign-off; figures and evidence too."""

MOST_BESIDE = 200

Payload = Mapping[str, object]
Reader = Callable[[str, object], object]


def _evidence_named(name: str, value: object) -> Evidence | None:
    if value in {None, ""}:
        return None
    if isinstance(value, Evidence):
        return value
    found = Evidence.objects.filter(reference=str(value)).first()
    if found is None:
        raise InvalidInput(name, f"there is no evidence {value}.")
    return found


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(name, "must be true or false.")
    return value


def _beside(name: str, value: object) -> str:
    """Return what stands beside a quote with the spaces at its ends: they are the page's own."""
    fields.text_of(name, value, most=MOST_BESIDE)
    return unicodedata.normalize("NFC", str(value))[:MOST_BESIDE]


CLAIM_FIELDS: dict[str, Reader] = {
    "statement": lambda name, value: fields.text_of(
        name, value, most=fields.MOST_STATEMENT, is_required=True
    ),
    "kind": lambda name, value: fields.member(name, value, ClaimKind),
    "language": lambda name, value: fields.text_of(name, value, most=16, is_required=True),
    "claimant": fields.origin,
    "claimant_text": lambda name, value: fields.text_of(name, value, most=fields.MOST_LINE),
    "as_of_on": fields.day,
    "expected_by_on": fields.day,
    "review_by_on": fields.day,
    "topic": fields.slug,
    "priority": lambda name, value: fields.whole(name, value, least=1, most=3),
}

EVIDENCE_FIELDS: dict[str, Reader] = {
    "stance": lambda name, value: fields.member(name, value, Stance),
    "dispute_kind": lambda name, value: (
        "" if value in {None, ""} else fields.member(name, value, DisputeKind)
    ),
    "quote": lambda name, value: fields.text_of(name, value, most=fields.MOST_QUOTE),
    "prefix": _beside,
    "suffix": _beside,
    "language": lambda name, value: fields.text_of(name, value, most=16),
    "translation": lambda name, value: fields.text_of(name, value, most=fields.MOST_QUOTE),
    "locator": lambda name, value: fields.text_of(name, value, most=fields.MOST_LINE),
    "credibility": lambda name, value: fields.whole(name, value, least=1, most=6),
    "origin": fields.origin,
    "relays_origin": fields.origin,
    "relays_evidence": _evidence_named,
    "is_primary_record": _yes_or_no,
}

FREE_TEXT = frozenset(
    {"statement", "claimant_text", "quote", "prefix", "suffix", "translation", "locator"}
)


def read(values: Payload, readers: Mapping[str, Reader]) -> dict[str, object]:
    """Check every field handed in; an unknown one is refused by name."""
    for name in values.keys() - readers.keys():
        raise InvalidInput(name, "is not a field that can be set.")
    return {name: readers[name](name, value) for name, value in values.items()}


def plain(name: str, value: object) -> Plain:
    """Return a field's value as it stands in an entry: references, closed words, commitments."""
    if name in FREE_TEXT:
        return Text(str(value))
    reference = getattr(value, "reference", None)
    return reference if reference is not None else value  # type: ignore[return-value]  # readers return what an entry may hold


def apply_edit(claim: Claim, payload: Payload, *, record: Recorder) -> None:
    """Apply a payload to a locked claim; the caller settles it afterwards."""
    for part in payload.keys() - {"claim", "figures", "evidence"}:
        raise InvalidInput(part, "is not a part of an edit.")
    own, figures, evidence = (payload.get(part) for part in ("claim", "figures", "evidence"))
    if isinstance(own, Mapping):
        _edit_claim(claim, own, record=record)
    if isinstance(figures, list):
        set_figures(claim, [fields.figure("figures", item) for item in figures], record=record)
    if isinstance(evidence, Mapping):
        for reference, values in evidence.items():
            row = Evidence.objects.filter(claim=claim, reference=reference).first()
            if row is None or not isinstance(values, Mapping):
                raise InvalidInput("evidence", f"there is no {reference} on this claim.")
            edit_evidence_row(row, values, record=record)


def _edit_claim(claim: Claim, values: Payload, *, record: Recorder) -> None:
    checked = read(values, CLAIM_FIELDS)
    changed = {name: value for name, value in checked.items() if getattr(claim, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(claim, name, value)
    claim.save()
    record.add(
        EntryKind.CLAIM_EDITED,
        claim=claim.reference,
        sets={claim.reference: {name: plain(name, value) for name, value in changed.items()}},
    )


def edit_evidence_row(row: Evidence, values: Payload, *, record: Recorder) -> None:
    """Change fields of one evidence row of a locked claim; another quote must be found anew.

    `figures` among the values are all it has from now on.
    """
    checked = read(without_figures(values), EVIDENCE_FIELDS)
    _edit_figures(row, values, record=record)
    changed = {name: value for name, value in checked.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    if row.relays_evidence_id == row.pk:
        raise InvalidInput("relays_evidence", "evidence does not repeat itself.")
    if row.relays_evidence_id is not None and row.relays_origin_id is not None:
        raise InvalidInput("relays", "evidence relays other evidence or an origin, not both.")
    sets = {name: plain(name, value) for name, value in changed.items()}
    if "quote" in changed:
        row.quote_state, row.quote_state_since_at = QuoteState.UNCHECKED, record.at
        row.quote_found, row.quote_snapshot = "", None
        sets |= {
            "quote_state": QuoteState.UNCHECKED,
            "quote_state_since_at": record.at,
            "found": None,
        }
        look_soon(row.source, record=record)
    row.save()
    record.add(EntryKind.EVIDENCE_EDITED, claim=row.claim.reference, sets={row.reference: sets})


def without_figures(values: Payload) -> Payload:
    """Return the values but for the figures, which are rows of their own."""
    return {name: value for name, value in values.items() if name != "figures"}


def _edit_figures(row: Evidence, values: Payload, *, record: Recorder) -> None:
    wanted = values.get("figures")
    if wanted is None:
        return
    if not isinstance(wanted, list):
        raise InvalidInput("figures", "must be a list of figures.")
    figures = [fields.figure("figures", item) for item in wanted]
    rows = row.figures.filter(ended_at__isnull=True).order_by("pk")
    if figures != [figure_value(figure) for figure in rows]:
        set_figures(row, figures, record=record)


def set_figures(thing: Claim | Evidence, values: list[FigureValue], *, record: Recorder) -> None:
    """Replace the figures of a claim or of evidence; the old ones are ended, not removed."""
    thing.figures.filter(ended_at__isnull=True).update(ended_at=record.at)
    add_figures(thing, values)
    claim = thing if isinstance(thing, Claim) else thing.claim
    record.add(
        EntryKind.CLAIM_EDITED if isinstance(thing, Claim) else EntryKind.EVIDENCE_EDITED,
        claim=claim.reference,
        sets={thing.reference: {"figures": figures_text(values)}},
    )


def add_figures(thing: Claim | Evidence, values: list[FigureValue]) -> None:
    """Write figures of a claim or of evidence."""
    Figure.objects.bulk_create(
        Figure(
            claim=thing if isinstance(thing, Claim) else None,
            evidence=thing if isinstance(thing, Evidence) else None,
            value=item.value,
            value_high=item.value_high,
            unit=item.unit,
            qualifier=item.qualifier,
            scope=item.scope,
            as_of_on=item.as_of_on,
            text=item.text,
        )
        for item in values
    )


def figures_text(values: list[FigureValue]) -> Text:
    """Return figures as the one text an entry commits to (units and words are free text)."""
    listed = [fields.figure_json(item) for item in values]
    return Text(json.dumps(listed, ensure_ascii=False) if listed else "")
