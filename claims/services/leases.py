"""Hand due watches to a worker: a lease with a fencing token, paced by host.

PostgreSQL is the queue (docs/architecture.md, invariant 5): what is due is a row, the clock is the
database's, and rows another worker holds are skipped. Whoever finishes late finishes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from claims.states import LinkState, Outcome
from claims.types import LeasedWatch

# The clock of the statement, not of the moment: an index can be searched by it.
DUE = """
due_at <= statement_timestamp()
      AND (lease_until_at IS NULL OR lease_until_at < statement_timestamp())
      AND (%(only)s::bigint[] IS NULL OR source_id = ANY (%(only)s))
"""
# The hosts of what is oldest, each with all of its that is due, so that connections are shared.
_LEASE = """
WITH host AS (
    SELECT host_id, min(due_at) AS since_at FROM (
        SELECT w.host_id, w.due_at
        FROM claims_watch w JOIN claims_host h ON h.id = w.host_id
        WHERE {due} AND h.next_allowed_at <= statement_timestamp()
        ORDER BY w.due_at, w.host_id LIMIT %(window)s
    ) oldest GROUP BY host_id ORDER BY since_at, host_id
), due AS (
    SELECT w.source_id, w.host_id, w.due_at, w.attempts
    FROM host JOIN claims_host h ON h.id = host.host_id
    CROSS JOIN LATERAL (
        SELECT source_id, host_id, due_at, attempts FROM claims_watch
        WHERE host_id = host.host_id AND {due}
        ORDER BY due_at LIMIT %(per_host)s FOR NO KEY UPDATE SKIP LOCKED
    ) w
    WHERE h.next_allowed_at <= statement_timestamp()
    LIMIT %(limit)s FOR NO KEY UPDATE OF h SKIP LOCKED
), taken AS (
    -- One that may have ended a worker twice takes no other such one along.
    SELECT * FROM due WHERE attempts < 2
        OR source_id = (SELECT source_id FROM due ORDER BY attempts DESC, due_at LIMIT 1)
), paced AS (
    UPDATE claims_host h SET next_allowed_at = statement_timestamp() + %(pause)s * t.looks
    FROM (SELECT host_id, count(*) AS looks FROM taken GROUP BY host_id) t
    WHERE h.id = t.host_id AND %(pause)s > interval '0'
)
UPDATE claims_watch w
SET lease_token = gen_random_uuid(),
    lease_until_at = statement_timestamp() + %(lease)s,
    attempts = w.attempts + 1
FROM taken t CROSS JOIN LATERAL (
    -- By OFFSET each is looked up by its key: a small table would be read whole for each batch.
    SELECT * FROM claims_source WHERE id = t.source_id OFFSET 0
) s
WHERE w.source_id = t.source_id
RETURNING w.source_id, w.lease_token::text, s.url, statement_timestamp()::text,
    s.created_at::text, w.etag, w.last_modified, s.final_url, w.raw_sha256,
    coalesce(w.full_fetch_due_at <= statement_timestamp(), true),
    w.failures, w.attempts, w.looks, w.changes_seen, w.interval_s, s.link_state,
    s.link_state_since_at::text, w.run_outcome, w.run_first_at::text, w.run_last_at::text,
    w.last_read_at::text,
    coalesce((SELECT max(CASE
            WHEN c.status = 'corroborated' OR c.review_by_on <= current_date + 7 THEN 4
            WHEN c.status = 'disputed' OR c.priority = 1 THEN 2 ELSE 1 END)
        FROM claims_claim c
        WHERE c.closed_at IS NULL AND c.id IN (SELECT e.claim_id FROM claims_evidence e
            WHERE e.source_id = w.source_id AND e.withdrawn_at IS NULL)
    ), 0)
"""

WINDOW = 4
"""How many batches are looked through for hosts whose turn it is, where each gives but a few."""

LEASE = _LEASE.format(due=DUE)

CHANCE = """
SELECT extract(epoch FROM min(h.next_allowed_at) - statement_timestamp())
FROM claims_watch w JOIN claims_host h ON h.id = w.host_id WHERE {due}
"""

BACKLOG = "SELECT count(*) FROM claims_watch WHERE {due}"

LINK_STATES = {state.value: state for state in LinkState}
OUTCOMES = {outcome.value: outcome for outcome in Outcome}


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
        "window": limit if per_host >= limit else limit * WINDOW,
        "lease": lease_for,
        "pause": pause,
        "per_host": per_host,
        "only": only,
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(LEASE, values)
        return [_leased(row) for row in cursor.fetchall()]


def _leased(row: Sequence[Any]) -> LeasedWatch:
    source_id, token, url, leased_at, linked_at, etag, last_modified, validated_url, *rest = row
    raw_sha256, is_full_due, failures, attempts, looks, changes_seen, interval_s, *rest = rest
    link_state, since_at, run_outcome, run_first_at, run_last_at, last_read_at, urgency = rest
    return LeasedWatch(
        source_id=source_id,
        token=token,
        url=url,
        leased_at=datetime.fromisoformat(leased_at),
        linked_at=datetime.fromisoformat(linked_at),
        etag=etag,
        last_modified=last_modified,
        validated_url=validated_url,
        raw_sha256=raw_sha256,
        is_full_due=is_full_due,
        failures=failures,
        attempts=attempts,
        looks=looks,
        changes_seen=changes_seen,
        interval_s=interval_s,
        link_state=LINK_STATES[link_state],
        link_state_since_at=_moment(since_at),
        run_outcome=OUTCOMES.get(run_outcome),
        run_first_at=_moment(run_first_at),
        run_last_at=_moment(run_last_at),
        last_read_at=_moment(last_read_at),
        urgency=urgency,
    )


def _moment(text: str | None) -> datetime | None:
    """Read a time of the database; a hundred of these a batch are what a loader makes dear."""
    return datetime.fromisoformat(text) if text else None


def next_chance_s(*, only: list[int] | None = None) -> float | None:
    """Return in how many seconds a due watch may be looked at; None where nothing is due.

    Args:
        only: restrict to these source ids.

    Returns:
        At least 0; more where all that is due has hosts that must be left alone for a while.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHANCE.format(due=DUE), {"only": only})
        (seconds,) = cursor.fetchone()
    return None if seconds is None else max(0.0, float(seconds))


def count_due() -> int:
    """Return how many watches are due and not leased."""
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG.format(due=DUE), {"only": None})
        (number,) = cursor.fetchone()
    return int(number)
