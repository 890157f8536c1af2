"""Whether the ledger is whole: its chain, what was noted of it before, and the record beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from claims.errors import LedgerBroken
from claims.models import LedgerAnchor, LedgerCheck, LedgerEntry
from claims.models.chain import GENESIS
from claims.queries.ledger import Verified, verify
from claims.queries.projection import verify_claims, verify_texts

MOST_NOTES = 1_000
"""Newest anchors held against the ledger."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A verification that found nothing wrong.

    `seq` and `head` (hex) are those of its last entry; `claims` and `texts` how many agreed, 0
    where they were not compared.
    """

    seq: int
    head: str
    entries: int
    claims: int = 0
    texts: int = 0


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read everything as it stood at one moment: entries added meanwhile are simply not in it."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def verify_chain(*, since: int, most: int | None = None) -> Whole:
    """Recompute the chain after entry `since`, and compare what was noted of it before.

    Args:
        since: a seq; 0 for all.
        most: how many entries at most.

    Raises:
        LedgerBroken: with the first bad seq.
    """
    _compare_notes()
    start = LedgerEntry.objects.filter(seq=since).first()
    if since and start is None:
        raise LedgerBroken(since, "is missing")
    rows = LedgerEntry.objects.filter(seq__gt=since).order_by("seq")[:most]
    head = bytes(start.hash) if start else GENESIS
    found: Verified = verify(rows.iterator(chunk_size=2000), after=(since, head))
    return Whole(since + found.entries, found.head, found.entries)


def verify_all(*, since: int) -> Whole:
    """Verify the chain after `since`, every claim against its entries, every text.

    Raises:
        LedgerBroken: with the first bad seq; 0 for a text.
    """
    found = verify_chain(since=since)
    return Whole(found.seq, found.head, found.entries, verify_claims(), verify_texts())


def compare_head(seq: int, head: str) -> None:
    """Compare one entry's hash with what somebody noted of it outside this database.

    Args:
        seq: of the entry.
        head: its hash as noted, hex.

    Raises:
        LedgerBroken: it is another, or there is no such entry.
    """
    row = LedgerEntry.objects.filter(seq=seq).first()
    if row is None:
        raise LedgerBroken(seq, "was noted elsewhere, and is missing")
    if bytes(row.hash).hex() != head.lower():
        raise LedgerBroken(seq, "is not what was noted of it elsewhere")


def newest_check() -> LedgerCheck | None:
    """Return the last verification that was noted."""
    return LedgerCheck.objects.order_by("-checked_at").first()


def _compare_notes() -> None:
    """Compare the newest anchors, and the last check, with the entries they name."""
    anchors = LedgerAnchor.objects.order_by("-noted_at")[:MOST_NOTES]
    notes = [(row.seq, bytes(row.hash)) for row in anchors]
    last = LedgerCheck.objects.filter(is_whole=True).order_by("-checked_at").first()
    if last is not None and last.seq:
        notes.append((last.seq, bytes(last.head)))
    hashes = dict(
        LedgerEntry.objects.filter(seq__in={seq for seq, _ in notes}).values_list("seq", "hash")
    )
    for seq, noted in sorted(notes):
        if seq not in hashes:
            raise LedgerBroken(seq, "was noted before, and is missing")
        if bytes(hashes[seq]) != noted:
            raise LedgerBroken(seq, "is not what was noted of it before")
