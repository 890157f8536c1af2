"""Whether a host fails as a whole, and what its other addresses say: what no single page can tell.

A host fails together where nothing of it has been read since the trouble began, and at least three
of its sources, until then no worse than the rest, have failed since. A page removed among pages
that stand is no outage; two pages are too few to tell one from two removals.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from claims.states import Outcome

TOGETHER_MIN = 3
LATELY = timedelta(hours=36)
"""What fails is looked at once a day at least: an older last look tells nothing of today."""

FAILING = (
    Outcome.GONE,
    Outcome.SOFT_GONE,
    Outcome.BLOCKED,
    Outcome.CLIENT_ERROR,
    Outcome.SERVER_ERROR,
    Outcome.DNS,
    Outcome.TIMEOUT,
    Outcome.CONNECTION,
    Outcome.TLS,
    Outcome.PROTOCOL,
    Outcome.INCOMPLETE,
    Outcome.EMPTY,
    Outcome.REDIRECT_LOOP,
    Outcome.REDIRECT_BLOCKED,
)
"""What a failing host answers: not what is our own fault, nor what one page alone can be."""

# Sources whose own trouble is older than the host's last success were broken before, and count not.
# Those asked about are of a batch not yet recorded: their rows still tell of the look before.
TOGETHER = """
WITH host AS (
    SELECT host_id, max(last_read_at) AS read_at,
        coalesce(array_agg(source_id) FILTER (WHERE source_id = ANY (%(failed)s)), '{}') AS failed
    FROM claims_watch
    WHERE host_id IN (SELECT host_id FROM claims_watch WHERE source_id = ANY (%(about)s))
      AND host_id NOT IN (
        SELECT host_id FROM claims_watch WHERE source_id = ANY (%(read)s) AND host_id IS NOT NULL)
    GROUP BY host_id
)
SELECT h.failed, min(w.run_first_at)
FROM host h LEFT JOIN claims_watch w ON w.host_id = h.host_id
    AND w.source_id <> ALL (h.failed)
    AND w.due_at IS NOT NULL
    AND w.run_outcome = ANY (%(failing)s)
    AND w.run_last_at > clock_timestamp() - %(lately)s
    AND (h.read_at IS NULL OR (w.run_first_at > h.read_at AND w.last_read_at IS NOT NULL))
GROUP BY h.host_id, h.failed
HAVING cardinality(h.failed) + count(w.source_id) >= %(min)s
"""

ELSEWHERE = """
SELECT EXISTS (
    SELECT 1 FROM claims_watch mine
    JOIN claims_watch w ON w.host_id = mine.host_id AND w.source_id <> mine.source_id
    JOIN claims_source s ON s.id = w.source_id
    JOIN claims_snapshot p ON p.id = s.snapshot_id
    WHERE mine.source_id = %s AND p.text_sha256 = %s
)
"""


def hosts_failing(failed: Iterable[int], *, read: Iterable[int] = ()) -> frozenset[int]:
    """Say which of the sources that failed in a batch did so with their whole host; one query.

    Args:
        failed: ids of the sources whose look of this batch, not recorded yet, ended as removed or
            hindered.
        read: ids of those the batch did read: their hosts do not fail.

    Returns:
        Ids among `failed`; none where none failed, without a query.
    """
    asked = list(failed)
    rows = _together(asked, failed=asked, read=list(read)) if asked else []
    return frozenset(source_id for ids, _ in rows for source_id in ids)


def host_failing_since(source_id: int) -> datetime | None:
    """Return since when every linked page of a source's host fails; None where it does not."""
    rows = _together([source_id], failed=[], read=[])
    return rows[0][1] if rows else None


def is_said_elsewhere(source_id: int, text: str) -> bool:
    """Say whether the last text of another source of the same host is this very text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(ELSEWHERE, [source_id, digest])
        return bool(cursor.fetchone()[0])


def _together(
    about: list[int], *, failed: list[int], read: list[int]
) -> list[tuple[list[int], datetime | None]]:
    values: dict[str, Any] = {
        "about": about,
        "failed": failed,
        "read": read,
        "failing": [outcome.value for outcome in FAILING],
        "lately": LATELY,
        "min": TOGETHER_MIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, values)
        return list(cursor.fetchall())
