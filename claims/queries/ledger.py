"""Read the ledger: the history of a claim, the change feed, and whether the chain is whole."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from claims.access import sources_visible_to, visible_to
from claims.errors import LedgerBroken
from claims.models import LedgerEntry, LedgerText
from claims.models.chain import GENESIS, canonical, hash_of, leaf_of
from claims.queries.statements import Statement
from claims.states import ActorKind, EntryKind, Visibility
from claims.types import Actor

COMMITMENT = "sha256:"
_HEAD = Statement(
    """
    SELECT seq, recorded_at, date_trunc('second', recorded_at) < date_trunc('second', now())
    FROM claims_ledgerentry ORDER BY seq DESC LIMIT 1
    """,
    {},
)

OF_PEOPLE = frozenset(
    {
        EntryKind.PERSON_ADDED,
        EntryKind.PERSON_ENDED,
        EntryKind.MEMBERSHIP_SET,
        EntryKind.SECOND_FACTOR_SET,
        EntryKind.TOKEN_ISSUED,
        EntryKind.TOKEN_REVOKED,
    }
)
"""Who works here, and with what keys: the administrator's to read, withheld from the rest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its reader may see it.

    `body` is None where it is withheld: then only seq, time, leaf and hash are told, so that the
    sequence stays gapless. `texts` resolves the commitments in the body; a redacted one is absent.
    """

    seq: int
    recorded_at: datetime
    kind: str
    leaf: str
    hash: str
    body: Mapping[str, Any] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_withheld(self) -> bool:
        """Whether the reader may not see what happened."""
        return self.body is None

    def resolve(self, value: object) -> object:
        """Return the text behind a commitment, or the value itself."""
        if isinstance(value, str) and value.startswith(COMMITMENT):
            return self.texts.get(value)
        return value


def head_seq() -> int:
    """Return the seq of the last entry; 0 for an empty ledger."""
    return read_head().seq


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its seq (0 of an empty ledger), its time, and whether that second is over."""

    seq: int = 0
    recorded_at: datetime | None = None
    is_second_over: bool = False


def read_head() -> Head:
    """Return where the ledger ends; one read of its last row."""
    rows = _HEAD.rows()
    return Head(*rows[0]) if rows else Head()


def changes(actor: Actor, *, after: int, limit: int) -> list[Entry]:
    """Return the entries following seq `after`, oldest first, each exactly once.

    Args:
        actor: sees entries on claims, sources and articles that exist for them now; the
            *hidden* entry of one they saw, too. The rest is withheld, never skipped.
        after: the last seq the caller has.
        limit: at most 200.
    """
    rows = LedgerEntry.objects.filter(seq__gt=after).order_by("seq")
    return _told(rows[:limit], actor)


def history(actor: Actor, reference: str, *, before: int = 0, limit: int = 200) -> list[Entry]:
    """Return the entries on one claim, newest first; below seq `before` where given."""
    rows = LedgerEntry.objects.filter(claim_ref=reference).order_by("-seq")
    if before:
        rows = rows.filter(seq__lt=before)
    return _told(rows[:limit], actor)


def source_history(actor: Actor, reference: str, *, limit: int = 200) -> list[Entry]:
    """Return the entries on one source, newest first."""
    rows = LedgerEntry.objects.filter(source_ref=reference).order_by("-seq")
    return _told(rows[:limit], actor)


def _told(rows: QuerySet[LedgerEntry], actor: Actor) -> list[Entry]:
    """Turn rows into entries: judge each body's visibility now, and resolve its texts."""
    entries = [(row, json.loads(row.body)) for row in rows]
    seen = _visible(entries, actor)
    shown = [body for row, body in entries if row.seq in seen]
    texts = _texts({word for body in shown for word in _commitments(body)})
    return [
        Entry(
            seq=row.seq,
            recorded_at=row.recorded_at,
            kind=row.kind if row.seq in seen else "withheld",
            leaf=bytes(row.leaf).hex(),
            hash=bytes(row.hash).hex(),
            body=body if row.seq in seen else None,
            texts={word: texts[word] for word in _commitments(body) if word in texts}
            if row.seq in seen
            else {},
        )
        for row, body in entries
    ]


def _visible(entries: Sequence[tuple[LedgerEntry, Mapping[str, Any]]], actor: Actor) -> set[int]:
    """Return the seqs whose bodies `actor` may read now; three queries at most."""
    everything = actor.kind is ActorKind.MACHINE
    if not everything and not actor.roles and not actor.is_administrator:
        return set()
    claims = _existing(visible_to(actor), {row.claim_ref for row, _ in entries})
    sources = _existing(sources_visible_to(actor), {row.source_ref for row, _ in entries})
    desks = {desk for desk, _ in actor.roles}

    def is_seen(row: LedgerEntry, body: Mapping[str, Any]) -> bool:
        if row.kind in OF_PEOPLE:
            return actor.is_administrator
        if row.claim_ref is not None:
            was_seen = row.kind == EntryKind.CLAIM_HIDDEN and body.get("was") == Visibility.OPEN
            return was_seen or row.claim_ref in claims
        if row.source_ref is not None:
            return row.source_ref in sources
        return body.get("desk_only") is None or body["desk_only"] in desks

    return {row.seq for row, body in entries if everything or is_seen(row, body)}


def _existing(rows: QuerySet[Any], references: set[str | None]) -> set[str]:
    wanted = references - {None}
    if not wanted:
        return set()
    return set(rows.filter(reference__in=wanted).values_list("reference", flat=True))


def _commitments(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(COMMITMENT):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _commitments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _commitments(item)


def _texts(words: set[str]) -> dict[str, str]:
    rows = LedgerText.objects.filter(commitment__in=words, text__isnull=False)
    return {commitment: text or "" for commitment, text in rows.values_list("commitment", "text")}


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found whole: how many entries, and the head's hash (hex)."""

    entries: int
    head: str


def verify(rows: Iterable[LedgerEntry], *, after: tuple[int, bytes] = (0, GENESIS)) -> Verified:
    """Recompute the chain over rows in seq order, in constant memory.

    Args:
        rows: entries by seq, the first following `after`.
        after: seq and hash of the entry before the first.

    Returns:
        Verified, with the number of entries seen.

    Raises:
        LedgerBroken: with the first bad seq, and what is wrong with it.
    """
    seq, head = after
    count = 0
    for row in rows:
        seq, head = _verify_one(row, seq=seq, head=head)
        count += 1
    return Verified(count, head.hex())


def _verify_one(row: LedgerEntry, *, seq: int, head: bytes) -> tuple[int, bytes]:
    if row.seq != seq + 1:
        raise LedgerBroken(seq + 1, f"is missing; entry {row.seq} follows {seq}")
    if bytes(row.prev_hash) != head:
        raise LedgerBroken(row.seq, "does not follow the entry before it")
    leaf = leaf_of(seq=row.seq, recorded_at=row.recorded_at, kind=row.kind, body=row.body)
    if bytes(row.leaf) != leaf:
        raise LedgerBroken(row.seq, "its time, kind or body is not what was recorded")
    if bytes(row.hash) != hash_of(prev_hash=head, leaf=leaf):
        raise LedgerBroken(row.seq, "its hash is not the chain's")
    _verify_body(row)
    return row.seq, bytes(row.hash)


def _verify_body(row: LedgerEntry) -> None:
    try:
        body = json.loads(row.body)
        is_exact = canonical(body) == row.body
    except ValueError as error:
        raise LedgerBroken(row.seq, f"its body cannot be read: {error}") from error
    if not is_exact:
        raise LedgerBroken(row.seq, "its body is not in canonical form")
    if (body.get("claim"), body.get("source")) != (row.claim_ref, row.source_ref):
        raise LedgerBroken(row.seq, "its columns are not what its body says")
