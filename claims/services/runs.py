"""The open run of looks of each watch: extended where nothing is new, closed where something is.

Every statement is bound to the lease's token: whoever lost the lease writes nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from claims.models import Watch
from claims.services.arrays import array_of, texts_of
from claims.states import ANSWERED
from claims.types import Look

FULL_FETCH_EVERY = timedelta(days=7)

_FINISH = """
UPDATE claims_watch w
SET lease_token = NULL, lease_until_at = NULL, attempts = 0, looks = w.looks + 1,
    due_at = CASE WHEN w.due_at IS NULL THEN NULL
        ELSE clock_timestamp() + t.due_in_s * interval '1 second' END,
    interval_s = t.due_in_s::int,
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
FROM ROWS FROM (unnest(%(source_id)s::bigint[], %(token)s::uuid[], %(due_in_s)s::float8[],
        %(was_read)s::boolean[], %(is_change)s::boolean[], %(is_full)s::boolean[],
        %(begins)s::boolean[], %(status)s::int[], %(outcome)s::text[], %(link_state)s::text[]),
        json_array_elements_text(%(etag)s), json_array_elements_text(%(last_modified)s),
        json_array_elements_text(%(raw)s), json_array_elements_text(%(detail)s))
    AS t (source_id, token, due_in_s, was_read, is_change, is_full, begins, status, outcome,
        link_state, etag, last_modified, raw, detail)
"""
FINISH = f"{_FINISH} WHERE w.source_id = t.source_id AND w.lease_token = t.token"
_AS_BEFORE = """
WHERE w.source_id = t.source_id AND w.lease_token = t.token
  AND (SELECT s.link_state FROM claims_source s WHERE s.id = t.source_id) = t.link_state
  AND CASE WHEN t.was_read THEN w.run_outcome = ANY (%(answered)s)
      ELSE w.run_outcome = t.outcome AND w.run_status = t.status END
RETURNING w.source_id
"""
EXTEND = _FINISH + _AS_BEFORE
CLOSE = """
INSERT INTO claims_observation
    (source_id, outcome, status, detail, snapshot_id, first_seen_at, last_seen_at, count)
SELECT w.source_id, w.run_outcome, w.run_status, w.run_detail,
    CASE WHEN w.run_outcome = ANY (%(answered)s) THEN t.snapshot_id END,
    w.run_first_at, coalesce(w.run_last_at, %(at)s), w.run_count
FROM unnest(%(source_id)s::bigint[], %(snapshot_id)s::bigint[]) WITH ORDINALITY
    AS t (source_id, snapshot_id, n)
JOIN claims_watch w ON w.source_id = t.source_id
WHERE w.run_first_at IS NOT NULL ORDER BY t.n
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


class OpenRun(NamedTuple):
    """What of a locked watch tells how a look at its source is recorded."""

    source_id: int
    lease_token: uuid.UUID | None
    outcome: str
    status: int


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


def close_runs(ended: Sequence[tuple[int, int | None]], *, at: datetime) -> None:
    """Keep ended runs as observations; the caller holds the watches' locks.

    Args:
        ended: source ids, each with the id of the snapshot its run saw.
        at: now, by the database's clock.
    """
    if not ended:
        return
    values: dict[str, Any] = {
        "source_id": array_of(source_id for source_id, _ in ended),
        "snapshot_id": array_of(snapshot_id for _, snapshot_id in ended),
        "answered": [outcome.value for outcome in ANSWERED],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)


def held(source_ids: Sequence[int]) -> dict[int, OpenRun]:
    """Lock the watches of sources, and return their open runs by source id."""
    rows = Watch.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in=source_ids)
    names = ("source_id", "lease_token", "run_outcome", "run_status")
    return {run.source_id: run for run in map(OpenRun._make, rows.values_list(*names))}


def begins_run(run: OpenRun, look: Look, *, is_same_text: bool) -> bool:
    """Say whether a look ends the open run: other words, or another kind of answer."""
    if look.outcome in ANSWERED:
        return not is_same_text or run.outcome not in ANSWERED
    return (run.outcome, run.status) != (look.outcome, look.status)


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
        "source_id": array_of(look.source_id for look in looks),
        "token": array_of(look.token for look in looks),
        "due_in_s": array_of(look.due_in_s for look in looks),
        "was_read": array_of(look.outcome in ANSWERED for look in looks),
        "is_change": array_of(end.is_change for end in ends),
        "is_full": array_of(look.is_full for look in looks),
        "begins": array_of(end.begins for end in ends),
        "status": array_of(look.status for look in looks),
        "outcome": array_of(look.outcome for look in looks),
        "link_state": array_of(look.link_state for look in looks),
        "etag": texts_of([look.etag[:1024] for look in looks]),
        "last_modified": texts_of([look.last_modified[:200] for look in looks]),
        "raw": texts_of([look.raw_sha256 for look in looks]),
        "detail": texts_of([look.detail for look in looks]),
    }
