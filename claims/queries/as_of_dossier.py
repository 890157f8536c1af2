"""Put the dossier of a claim together as it stood, with the fields of the one of today."""

import json
from collections.abc import Sequence
from typing import Any

from claims.models import LedgerEntry
from claims.queries.as_of_past import Past
from claims.queries.as_of_rows import commitments
from claims.queries.decisions import DECISIONS, Decision
from claims.queries.dossier import Dossier
from claims.queries.ledger import Entry
from claims.states import EntryKind


def told_of(entries: Sequence[LedgerEntry], *, before: int, limit: int) -> list[LedgerEntry]:
    """Return the entries whose texts a dossier shows: a page of history, and the last decision."""
    decision = last_decision(entries)
    return history_of(entries, before=before, limit=limit) + ([decision] if decision else [])


def history_of(entries: Sequence[LedgerEntry], *, before: int, limit: int) -> list[LedgerEntry]:
    """Return a page of history, newest first; below seq `before` where given."""
    return [row for row in reversed(entries) if not before or row.seq < before][:limit]


def last_decision(entries: Sequence[LedgerEntry]) -> LedgerEntry | None:
    """Return the entry of the newest decision; None before the first."""
    stands = {row.seq for row in entries if row.kind == EntryKind.REVIEW_STANDS}
    for row in reversed(entries):
        # a better ground found by a review on its way: the next entry says the rest
        if row.kind in DECISIONS and row.seq + 1 not in stands:
            return row
    return None


def dossier_of(past: Past, reference: str, *, before: int, limit: int) -> Dossier:
    """Return the dossier of one claim.

    Args:
        past: read of this claim.
        reference: of the claim.
        before: history below this seq; 0 for the newest counted.
        limit: at most so many entries of history.
    """
    rows, state, seen = past.rows, past.state, past.seen
    claim = rows.claim(reference)
    opinion = past.opinion_on(reference)
    chained = {name for item in opinion.weighed for name in item.chain}
    repeated = [
        name for name in sorted(past.repeated & chained) if state.objects[name]["claim"] in seen
    ]
    decision = last_decision(past.entries)
    shown = history_of(past.entries, before=before, limit=limit)
    return Dossier(
        claim=claim,
        evidence=rows.evidence_of(reference),
        relayed=[rows.evidence(name) for name in repeated],
        origins={name: rows.origin(name) for name, _ in state.named("OR-") if name in chained},
        opinion=opinion,
        figures=rows.figures_of(reference),
        flags=rows.open_flags_of(reference),
        proposal=rows.open_proposal_of(reference),
        decision=_decision(past, reference, decision) if decision else None,
        appearances=rows.places(lambda key: key.claim == reference),
        links=rows.links(lambda key: key.claim == reference and key.other in seen),
        linked_from=rows.links(lambda key: key.other == reference and key.claim in seen),
        history=[_entry(past, row) for row in shown],
    )


def _decision(past: Past, reference: str, row: LedgerEntry) -> Decision:
    """Tell a decision, with its proposer where a sign-off stands right before it."""
    signed = {entry.seq + 1: entry for entry in past.entries if entry.kind == EntryKind.SIGNED_OFF}
    proposer = ""
    if row.seq in signed:
        body = json.loads(signed[row.seq].body)
        proposer = next(
            (_proposer(past, name) for name in body["sets"] if name.startswith("PR-")), ""
        )
    return Decision(past.rows.claim(reference), _entry(past, row), proposer)


def _proposer(past: Past, proposal: str) -> str:
    return past.rows.text(past.state.objects[proposal].get("proposed_by_name"))


def _entry(past: Past, row: LedgerEntry) -> Entry:
    body: dict[str, Any] = json.loads(row.body)
    texts = {word: past.rows.texts.get(word) for word in commitments(body)}
    return Entry(
        seq=row.seq,
        recorded_at=row.recorded_at,
        kind=row.kind,
        leaf=bytes(row.leaf).hex(),
        hash=bytes(row.hash).hex(),
        body=body,
        texts={word: text for word, text in texts.items() if text is not None},
    )
