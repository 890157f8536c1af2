"""Compare the record with what its ledger says: every claim's status is its last entry's."""

import hashlib
import json
from collections.abc import Iterator

from claims.errors import LedgerBroken
from claims.models import Claim, LedgerEntry, LedgerText

FIELDS = ("status", "ground", "basis", "visibility", "kind")


def verify_claims() -> int:
    """Fold every entry's `sets` and compare each claim with the result; return how many agreed.

    Raises:
        LedgerBroken: the last entry that set a field of a claim says something else.
    """
    count = 0
    for claim in Claim.objects.order_by("pk").iterator(chunk_size=500):
        for name, (seq, value) in _folded(claim.reference).items():
            if name in FIELDS and value != getattr(claim, name):
                raise LedgerBroken(
                    seq, f"{claim.reference} has {name} {getattr(claim, name)}, the entry {value}"
                )
        count += 1
    return count


def _folded(reference: str) -> dict[str, tuple[int, object]]:
    state: dict[str, tuple[int, object]] = {}
    for row in LedgerEntry.objects.filter(claim_ref=reference).order_by("seq"):
        for name, value in json.loads(row.body).get("sets", {}).get(reference, {}).items():
            state[name] = (row.seq, value)
    return state


def verify_texts() -> int:
    """Check every text against its commitment; return how many are whole.

    Raises:
        LedgerBroken: a text was altered; seq 0, the message names the commitment.
    """
    count = 0
    for name in _altered_texts():
        if name:
            raise LedgerBroken(0, f"the text of {name} is not what was committed to")
        count += 1
    return count


def _altered_texts() -> Iterator[str]:
    rows = LedgerText.objects.filter(text__isnull=False).order_by("commitment")
    for row in rows.iterator(chunk_size=500):
        digest = hashlib.sha256(bytes(row.salt or b"") + (row.text or "").encode()).hexdigest()
        yield "" if row.commitment == f"sha256:{digest}" else row.commitment
