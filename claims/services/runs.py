"""The open run of looks of each watch: extended where nothing is new, closed where something is.

Every statement is bound to the lease's token: whoever lost the lease writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from claims.models import Observation, Watch
from claims.states import ANSWERED
from claims.types import Look

FULL_FETCH_EVERY = timedelta(days=7)

_FINISH = """
UPDATE claims_watch w
SET lease_token = NULL, lease_until_at = NULL, attempts = 0, looks = w.looks + 1,
    due_at = CASE WHEN w.due_at IS NULL THEN NULL ELSE clock_timestamp() + t.due_in END,
    interval_s = extract(epoch FROM t.due_in)::int,
    failures = CASE WHEN t.was_read THEN 0 ELSE w.failures + 1 END,
    changes_seen = w.changes_seen + t.is_change::int,
    last_looked_at = clock_timestamp(),
    last_read_at = CASE WHEN t.was_read THEN clock_timestamp() ELSE w.last_read_at END,
    full_fetch_due_at = CASE WHEN t.is_full THEN clock_timestamp() + %(full_every)s
        ELSE w.full_fetch_due_at END,
    etag = t.etag, last_modified = t.last_modified,
    raw_sha256 = CASE WHEN t.raw = '' THEN w.raw_sha256 ELSE t.raw END,
    run_outcome = t.outcome, run_status = t.status, run_last_at = clock_timestamp(),
    run_detail = CASE WHEN t.begins THEN t.detail ELSE w.run_detail END,
    run_first_at = CASE WHEN t.begins THEN clock_timestamp() ELSE w.run_first_at END,
    run_count = CASE WHEN t.begins THEN 1 ELSE w.run_count + 1 END
FROM unnest(%(source_id)s::bigint[], %(token)s::uuid[], %(due_in)s::interval[],
        %(was_read)s::boolean[], %(is_change)s::boolean[], %(is_full)s::boolean[],
        %(etag)s::text[], %(last_modified)s::text[], %(raw)s::text[], %(outcome)s::text[],
        %(status)s::int[], %(detail)s::text[], %(begins)s::boolean[], %(link_state)s::text[])
    AS t (source_id, token, due_in, was_read, is_change, is_full, etag, last_modified, raw,
        outcome, status, detail, begins, link_state)
"""
FINISH = f"{_FINISH} WHERE w.source_id = t.source_id AND w.lease_token = t.token"
EXTEND = f"""{_FINISH}, claims_source s
WHERE w.source_id = t.source_id AND w.lease_token = t.token
  AND s.id = t.source_id AND s.link_state = t.link_state
  AND CASE WHEN t.was_read THEN w.run_outcome = ANY (%(answered)s)
      ELSE w.run_outcome = t.outcome AND w.run_status = t.status END
RETURNING w.source_id
"""
HOLD_HOST = """
WITH asked AS (
    SELECT w.host_id, max(u.wait) AS wait
    FROM unnest(%s::bigint[], %s::interval[]) AS u (source_id, wait)
    JOIN claims_watch w ON w.source_id = u.source_id GROUP BY w.host_id
), held AS (
    SELECT h.id, clock_timestamp() + a.wait AS until_at
    FROM claims_host h JOIN asked a ON a.host_id = h.id
    ORDER BY h.id FOR NO KEY UPDATE OF h
)
UPDATE claims_host h SET next_allowed_at = greatest(h.next_allowed_at, held.until_at)
FROM held WHERE h.id = held.id
"""


@dataclass(frozen=True, slots=True)
class Finish:
    """How one look ends in its watch: whether it begins a new run, and whether words changed."""

    look: Look
    begins: bool = False
    is_change: bool = False


def extend_runs(looks: Sequence[Look]) -> set[int]:
    """Extend the open runs of looks that saw what was seen before, all in one statement.

    Returns:
        Source ids of those extended. The others changed something, or lost their lease.
    """
    if not looks:
        return set()
    answered = [outcome.value for outcome in ANSWERED]
    values = _columns([Finish(look) for look in looks]) | {"answered": answered}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(EXTEND, values)
        return {int(source_id) for (source_id,) in cursor.fetchall()}


def finish(ends: Sequence[Finish]) -> None:
    """End the leases of looks that changed something; the caller holds the watches' locks."""
    with connection.cursor() as cursor:
        cursor.execute(FINISH, _columns(ends))


def close_runs(watches: Sequence[tuple[Watch, int | None]], *, at: datetime) -> None:
    """Keep ended runs as observations.

    Args:
        watches: each with the id of the snapshot its run saw.
        at: now, by the database's clock.
    """
    Observation.objects.bulk_create(
        Observation(
            source_id=watch.source_id,
            outcome=watch.run_outcome,
            status=watch.run_status,
            detail=watch.run_detail,
            snapshot_id=snapshot_id if watch.run_outcome in ANSWERED else None,
            first_seen_at=watch.run_first_at,
            last_seen_at=watch.run_last_at or at,
            count=watch.run_count,
        )
        for watch, snapshot_id in watches
        if watch.run_first_at is not None
    )


def begins_run(watch: Watch, look: Look, *, is_same_text: bool) -> bool:
    """Say whether a look ends the open run: other words, or another kind of answer."""
    if look.outcome in ANSWERED:
        return not is_same_text or watch.run_outcome not in ANSWERED
    return (watch.run_outcome, watch.run_status) != (look.outcome, look.status)


def hold_hosts(looks: Sequence[Look]) -> None:
    """Leave hosts alone that asked for it (Retry-After), whichever worker's turn it is."""
    asked = [look for look in looks if look.retry_after_s and look.outcome not in ANSWERED]
    if not asked:
        return
    waits = [timedelta(seconds=look.retry_after_s or 0) for look in asked]
    with connection.cursor() as cursor:
        cursor.execute(HOLD_HOST, [[look.source_id for look in asked], waits])


def _columns(ends: Sequence[Finish]) -> dict[str, Any]:
    looks = [end.look for end in ends]
    return {
        "full_every": FULL_FETCH_EVERY,
        "source_id": [look.source_id for look in looks],
        "token": [look.token for look in looks],
        "due_in": [timedelta(seconds=look.due_in_s) for look in looks],
        "was_read": [look.outcome in ANSWERED for look in looks],
        "is_change": [end.is_change for end in ends],
        "is_full": [look.is_full for look in looks],
        "etag": [look.etag[:1024] for look in looks],
        "last_modified": [look.last_modified[:200] for look in looks],
        "raw": [look.raw_sha256 for look in looks],
        "outcome": [look.outcome.value for look in looks],
        "status": [look.status for look in looks],
        "detail": [look.detail for look in looks],
        "begins": [end.begins for end in ends],
        "link_state": [look.link_state.value for look in looks],
    }
