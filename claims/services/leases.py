"""Hand due watches to a worker: a lease with a fencing token, paced by host.

PostgreSQL is the queue (docs/architecture.md, invariant 5): what is due is a row, the clock is the
database's, and rows another worker holds are skipped. Whoever finishes late finishes nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from claims.states import LinkState, Outcome
from claims.types import LeasedWatch

DUE = """
    SELECT w.source_id, w.host_id, w.due_at, w.attempts
    FROM claims_watch w JOIN claims_host h ON h.id = w.host_id
    WHERE w.due_at <= clock_timestamp()
      AND (w.lease_until_at IS NULL OR w.lease_until_at < clock_timestamp())
      AND h.next_allowed_at <= clock_timestamp()
      AND (%(only)s::bigint[] IS NULL OR w.source_id = ANY (%(only)s))
"""
OLDEST = "ORDER BY w.due_at, w.host_id LIMIT %(window)s"
# The hosts of what is oldest, each with all of its that is due, so that connections are shared.
BY_HOST = """
      AND w.source_id IN (
        SELECT c.source_id FROM claims_watch c JOIN (
            SELECT host_id, min(due_at) AS since_at FROM (
                SELECT host_id, due_at FROM claims_watch
                WHERE due_at <= clock_timestamp()
                  AND (lease_until_at IS NULL OR lease_until_at < clock_timestamp())
                  AND (%(only)s::bigint[] IS NULL OR source_id = ANY (%(only)s))
                ORDER BY due_at LIMIT %(limit)s
            ) oldest GROUP BY host_id
        ) host ON host.host_id = c.host_id
        WHERE c.due_at <= clock_timestamp()
          AND (c.lease_until_at IS NULL OR c.lease_until_at < clock_timestamp())
          AND (%(only)s::bigint[] IS NULL OR c.source_id = ANY (%(only)s))
        ORDER BY host.since_at, c.host_id, c.due_at LIMIT %(limit)s
      )
"""
TAKE = """
    FOR UPDATE OF w, h SKIP LOCKED
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY host_id ORDER BY due_at) AS place,
        min(due_at) OVER (PARTITION BY host_id) AS host_due_at,
        row_number() OVER (ORDER BY attempts DESC, due_at) AS suspicion
    FROM due
), taken AS (
    -- One that may have ended a worker twice takes no other such one along.
    SELECT * FROM ranked WHERE place <= %(per_host)s AND (attempts < 2 OR suspicion = 1)
    ORDER BY host_due_at, host_id, due_at LIMIT %(limit)s
), paced AS (
    UPDATE claims_host h SET next_allowed_at = clock_timestamp() + %(pause)s * t.looks
    FROM (SELECT host_id, count(*) AS looks FROM taken GROUP BY host_id) t
    WHERE h.id = t.host_id AND %(pause)s > interval '0'
)
UPDATE claims_watch w
SET lease_token = gen_random_uuid(),
    lease_until_at = clock_timestamp() + %(lease)s,
    attempts = w.attempts + 1
FROM taken t JOIN claims_source s ON s.id = t.source_id
WHERE w.source_id = t.source_id
RETURNING w.source_id, w.lease_token::text AS token, s.url, clock_timestamp() AS leased_at,
    s.created_at AS linked_at, w.etag, w.last_modified, s.final_url AS validated_url,
    w.raw_sha256, coalesce(w.full_fetch_due_at <= clock_timestamp(), true) AS is_full_due,
    w.failures, w.attempts, w.looks, w.changes_seen, w.interval_s, s.link_state,
    s.link_state_since_at, w.run_outcome, w.run_first_at, w.run_last_at,
    w.last_read_at,
    coalesce((SELECT max(CASE
            WHEN c.status = 'corroborated' OR c.review_by_on <= current_date + 7 THEN 4
            WHEN c.status = 'disputed' OR c.priority = 1 THEN 2 ELSE 1 END)
        FROM claims_evidence e JOIN claims_claim c ON c.id = e.claim_id
        WHERE e.source_id = w.source_id AND e.withdrawn_at IS NULL AND c.closed_at IS NULL
    ), 0) AS urgency
"""

WINDOW = 4
"""How many times a batch is looked through for hosts whose turn it is."""

CHANCE = """
SELECT extract(epoch FROM min(h.next_allowed_at) - clock_timestamp())
FROM claims_watch w JOIN claims_host h ON h.id = w.host_id
WHERE w.due_at <= clock_timestamp()
  AND (w.lease_until_at IS NULL OR w.lease_until_at < clock_timestamp())
  AND (%(only)s::bigint[] IS NULL OR w.source_id = ANY (%(only)s))
"""

BACKLOG = """
SELECT count(*) FROM claims_watch WHERE due_at <= clock_timestamp()
    AND (lease_until_at IS NULL OR lease_until_at < clock_timestamp())
"""


def lease(
    limit: int,
    *,
    lease_for: timedelta,
    pause: timedelta,
    per_host: int,
    only: list[int] | None = None,
) -> list[LeasedWatch]:
    """Lease up to `limit` due watches, oldest first, at most `per_host` of one host.

    Args:
        limit: most watches in the batch.
        lease_for: how long the worker may take; afterwards the watch is due again.
        pause: the least time between two looks at one host, shared by all workers.
        per_host: most watches of one host in the batch.
        only: restrict to these source ids (by hand); they must still be due.

    Returns:
        The leases; `attempts` above 3 means that looking at it ended a worker before.
    """
    values: dict[str, Any] = {
        "limit": limit,
        "window": limit * WINDOW,
        "lease": lease_for,
        "pause": pause,
        "per_host": per_host,
        "only": only,
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        picked = BY_HOST if per_host >= limit else OLDEST
        cursor.execute(f"WITH due AS ({DUE} {picked} {TAKE}", values)
        names = [column.name for column in cursor.description or ()]
        return [_leased(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _leased(row: Mapping[str, object]) -> LeasedWatch:
    typed = {
        **row,
        "link_state": LinkState(str(row["link_state"])),
        "run_outcome": Outcome(str(row["run_outcome"])) if row["run_outcome"] else None,
    }
    return LeasedWatch(**typed)  # type: ignore[arg-type]  # the statement names its columns after the fields


def next_chance_s(*, only: list[int] | None = None) -> float | None:
    """Return in how many seconds a due watch may be looked at; None where nothing is due.

    Args:
        only: restrict to these source ids.

    Returns:
        At least 0; more where all that is due has hosts that must be left alone for a while.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANCE, {"only": only})
        (seconds,) = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


def count_due() -> int:
    """Return how many watches are due and not leased."""
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG)
        (number,) = cursor.fetchone()
    return int(number)
