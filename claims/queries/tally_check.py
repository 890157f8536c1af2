"""Compare the kept figures with the record and its ledger, counted anew."""

from collections import Counter
from collections.abc import Iterator

from django.db import connection

from claims.errors import LedgerBroken
from claims.models import Claim, Tally
from claims.queries.ledger import head_seq

CLAIMS_AT_ONCE = 1000

# what one claim adds as it stands, and what its entries say happened, under its present key
ANEW = """
WITH present AS MATERIALIZED (SELECT * FROM claims_tally_present(%(ids)s)),
added AS (
    SELECT k.claim_id, p.name, p.at, p.step, 1 AS value
    FROM present k CROSS JOIN LATERAL claims_tally_parts(k) p
    UNION ALL
    SELECT f.claim_id, f.name, f.at, f.step, f.value
    FROM unnest((SELECT flows FROM claims_tally_fold(%(ids)s, 1, %(head)s, true))) f
)
SELECT a.name, a.at, k.desk_id, k.is_restricted, k.topic, a.step, sum(a.value)::bigint
FROM added a JOIN present k ON k.claim_id = a.claim_id GROUP BY 1, 2, 3, 4, 5, 6
"""

Key = tuple[object, ...]


def verify_tallies() -> int:
    """Count everything anew and compare; return how many claims were counted.

    To be called in one snapshot of the database: what is written meanwhile reads as a difference.

    Raises:
        LedgerBroken: seq 0; the message names the first figure that is not so.
    """
    anew: Counter[Key] = Counter()
    count = 0
    head = head_seq()
    for ids in _batches():
        with connection.cursor() as cursor:
            cursor.execute(ANEW, {"ids": ids, "head": head})
            for *key, value in cursor.fetchall():
                anew[tuple(key)] += value
        count += len(ids)
    columns = ("name", "at", "desk_id", "is_restricted", "topic", "step", "value")
    kept = {tuple(key): value for *key, value in Tally.objects.values_list(*columns)}
    for key in sorted({*anew, *kept}, key=str):
        was = kept.get(key, 0)
        if anew[key] != was:
            raise LedgerBroken(0, f"the figure {key} is kept as {was}, not {anew[key]}")
    return count


def _batches() -> Iterator[list[int]]:
    last = 0
    while ids := list(
        Claim.objects.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:CLAIMS_AT_ONCE]
    ):
        yield ids
        last = ids[-1]
