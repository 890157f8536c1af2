"""Note that the ledger was verified, and where its head's hash was written down outside."""

from datetime import timedelta

from claims.errors import LedgerBroken, RuleRefused
from claims.models import LedgerAnchor, LedgerCheck, LedgerEntry
from claims.models.chain import GENESIS
from claims.queries.verification import Whole, newest_check, one_snapshot, verify_chain
from claims.services import fields
from claims.services.ledger import clock

MOST_AT_ONCE = 100_000
"""Entries of one further check: some seconds' work."""

SAID_AGAIN_AFTER = timedelta(days=1)
MOST_FINDING = 300
MOST_PLACE = 300


def check_further(*, most: int = MOST_AT_ONCE) -> LedgerCheck | None:
    """Verify the chain from where the last check found it whole, and note what was found.

    What the record says beside its entries is not compared: that is `verify_ledger`'s. So is to
    take back that the ledger is broken: while the last check says so, nothing is looked at.

    Args:
        most: how many entries at most; the next check goes on from there.

    Returns:
        The check; None where it would say what the last one said less than a day ago.
    """
    newest = newest_check()
    if newest is not None and not newest.is_whole:
        return None
    since = newest.seq if newest else 0
    try:
        with one_snapshot():
            found: Whole | LedgerBroken = verify_chain(since=since, most=most)
    except LedgerBroken as broken:
        found = broken
    check = _check(found)
    if newest is not None and _says_the_same(check, newest):
        return None
    check.save()
    return check


def note_check(found: Whole | LedgerBroken, *, since: int = 0) -> LedgerCheck | None:
    """Note what a verification found: whole up to an entry, or broken after it.

    Args:
        found: what was found.
        since: after which entry it began.

    Returns:
        The check; None where it is whole but left out entries no check before has found whole.
    """
    newest = newest_check()
    if isinstance(found, Whole) and since > (newest.seq if newest else 0):
        return None
    check = _check(found)
    check.save()
    return check


def note_anchor(place: str) -> LedgerAnchor:
    """Note that the head's hash is written down at a place outside this database.

    Args:
        place: where, in words; at most `MOST_PLACE` code points.

    Raises:
        InvalidInput: field `place`.
        RuleRefused: the ledger is empty.
    """
    where = fields.text_of("place", place, most=MOST_PLACE, is_required=True)
    head = LedgerEntry.objects.order_by("-seq").first()
    if head is None:
        raise RuleRefused("The ledger is empty: there is nothing to write down.")
    return LedgerAnchor.objects.create(
        seq=head.seq, hash=bytes(head.hash), place=where, noted_at=clock()
    )


def _check(found: Whole | LedgerBroken) -> LedgerCheck:
    if isinstance(found, Whole):
        head = bytes.fromhex(found.head)
        return LedgerCheck(
            checked_at=clock(), seq=found.seq, head=head, entries=found.entries, is_whole=True
        )
    good = max(found.seq - 1, 0)
    row = LedgerEntry.objects.filter(seq=good).first()
    return LedgerCheck(
        checked_at=clock(),
        seq=good,
        head=bytes(row.hash) if row else GENESIS,
        entries=0,
        is_whole=False,
        finding=str(found)[:MOST_FINDING],
    )


def _says_the_same(check: LedgerCheck, before: LedgerCheck) -> bool:
    is_new = check.checked_at - before.checked_at < SAID_AGAIN_AFTER
    return is_new and (check.seq, check.is_whole) == (before.seq, before.is_whole)
