"""Have other pages of a host looked at when one of them is missed: a purge, or an outage?"""

from collections.abc import Sequence

from django.db import connection

from claims.states import ANSWERED

SOON = """
UPDATE claims_watch w SET due_at = clock_timestamp()
FROM (
    SELECT sibling.source_id FROM claims_watch missed
    CROSS JOIN LATERAL (
        SELECT source_id FROM claims_watch
        WHERE host_id = missed.host_id AND source_id <> ALL (%(missed)s)
          AND due_at > clock_timestamp() AND run_outcome = ANY (%(answered)s)
        ORDER BY last_read_at DESC, source_id LIMIT 3 FOR UPDATE SKIP LOCKED
    ) sibling
    WHERE missed.source_id = ANY (%(missed)s)
) t
WHERE w.source_id = t.source_id
"""


def look_at_siblings(missed: Sequence[int]) -> None:
    """Make three other pages of each missed one's host due, of those that answered last time.

    Runs in the caller's transaction; rows another worker holds are left alone.
    """
    if not missed:
        return
    answered = [outcome.value for outcome in ANSWERED]
    with connection.cursor() as cursor:
        cursor.execute(SOON, {"missed": list(missed), "answered": answered})
