"""The board's numbers by plain SQL over the record and its ledger, without the kept figures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from claims.queries.panels import BoardFilters
from claims.types import Actor

SEEN = """
WITH seen AS (
    SELECT c.*, r.opened_at AS review_at, r.id AS review, p.id AS proposal
    FROM claims_claim c JOIN claims_desk d ON d.id = c.desk_id
    LEFT JOIN claims_review r ON r.claim_id = c.id AND r.ended_at IS NULL
    LEFT JOIN claims_proposal p ON p.claim_id = c.id AND p.state = 'open'
    WHERE (c.visibility = 'open' OR d.slug = ANY (%(own)s))
      AND %(topic)s IN ('', c.topic) AND %(desk)s IN ('', d.slug)
), waiting AS (
    SELECT id, priority,
        CASE WHEN decided_at IS NULL THEN created_at ELSE review_at END AS since,
        CASE WHEN decided_at IS NULL THEN 'new' WHEN open_flags > 0 THEN 'flagged' ELSE 'other' END
            AS reason
    FROM seen
    WHERE closed_at IS NULL
      AND (review IS NOT NULL OR (decided_at IS NULL AND proposal IS NULL))
), entries AS (
    SELECT n.seq, n.recorded_at AS at, n.kind, n.claim_ref, n.body::jsonb AS body
    FROM claims_ledgerentry n JOIN seen ON seen.reference = n.claim_ref
), running AS (
    SELECT seq, at, kind, claim_ref, body,
        bool_or(kind = 'claim_opened') OVER w
        AND sum(CASE kind WHEN 'claim_closed' THEN 1 WHEN 'claim_reopened' THEN -1 ELSE 0 END) OVER w = 0
            AS is_worked,
        sum(CASE kind WHEN 'review_opened' THEN 1 WHEN 'review_ended' THEN -1 ELSE 0 END) OVER w > 0
        OR NOT (
            bool_or(kind IN ('status_changed', 'ground_changed', 'review_stands')) OVER w
            OR sum(CASE WHEN kind = 'proposed' THEN 1 WHEN kind IN
                ('proposal_voided', 'proposal_withdrawn', 'proposal_sent_back') THEN -1 ELSE 0 END)
                OVER w > 0) AS needs_somebody,
        array_remove(array_agg(body -> 'sets' -> claim_ref ->> 'status') OVER w, NULL) AS statuses
    FROM entries WINDOW w AS (PARTITION BY claim_ref ORDER BY seq)
), states AS (
    SELECT *, is_worked AND needs_somebody AS is_waiting,
        is_worked AND statuses[cardinality(statuses)] = 'disputed' AS is_disputed
    FROM running
), steps AS (
    SELECT *, coalesce(lag(is_waiting) OVER w, false) AS was_waiting,
        coalesce(lag(is_disputed) OVER w, false) AS was_disputed
    FROM states WINDOW w AS (PARTITION BY claim_ref ORDER BY seq)
), firsts AS (
    SELECT DISTINCT ON (claim_ref) claim_ref, at,
        at - (SELECT min(o.at) FROM entries o WHERE o.claim_ref = e.claim_ref
              AND o.kind = 'claim_opened') AS took
    FROM entries e WHERE kind IN ('status_changed', 'ground_changed', 'review_stands')
    ORDER BY claim_ref, seq
), flagged AS (
    SELECT e.at, e.at - (
        SELECT min(f.at) FROM entries f WHERE f.kind = 'flag_raised' AND f.claim_ref = e.claim_ref
        AND e.body -> 'sets' ? (f.body ->> 'review')) AS took
    FROM entries e WHERE e.kind = 'review_ended'
)
"""


@dataclass(frozen=True)
class Oracle:
    actor: Actor
    filters: BoardFilters
    now: datetime

    @property
    def hour(self) -> datetime:
        return self.now.replace(minute=0, second=0, microsecond=0)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        own = [desk for desk, _ in self.actor.roles]
        given = {"own": own, "topic": self.filters.topic, "desk": self.filters.desk, **values}
        with connection.cursor() as cursor:
            cursor.execute(SEEN + query, given)
            return list(cursor.fetchall())

    def one(self, query: str, **values: Any) -> Any:
        return self.rows(query, **values)[0][0]

    def standing(self, condition: str) -> int:
        return int(self.one(f"SELECT count(*) FROM seen WHERE closed_at IS NULL AND {condition}"))

    def disputed_change(self) -> int:
        was = (
            "SELECT DISTINCT ON (claim_ref) is_disputed FROM states {} ORDER BY claim_ref, seq DESC"
        )
        then = was.format("WHERE at < %(since)s")
        count = "SELECT count(*) FILTER (WHERE is_disputed) FROM ({}) s"
        since = self.hour - timedelta(hours=24)
        now = self.one(count.format(was.format("")))
        return int(now - self.one(count.format(then), since=since))

    def newest_disputed(self) -> list[str]:
        return [
            reference
            for (reference,) in self.rows(
                "SELECT reference FROM seen WHERE closed_at IS NULL AND status = 'disputed'"
                " ORDER BY status_since_at DESC LIMIT 5"
            )
        ]

    def open_by(self, reason: str, *, at_least: timedelta, below: timedelta | None) -> Any:
        return self.one(
            "SELECT count(*) FROM waiting WHERE reason = %(reason)s AND since <= %(old)s"
            " AND (%(young)s::timestamptz IS NULL OR since > %(young)s)",
            reason=reason,
            old=self.now - at_least if at_least else self.now + timedelta(days=1),
            young=self.now - below if below else None,
        )

    def late(self, priority: int, target: timedelta) -> tuple[int, int]:
        return self.rows(
            "SELECT count(*), count(*) FILTER (WHERE since <= %(old)s)"
            " FROM waiting WHERE priority = %(priority)s",
            priority=priority,
            old=self.now - target,
        )[0]

    def moved(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        return self.rows(
            "SELECT count(*) FILTER (WHERE is_waiting AND NOT was_waiting),"
            " count(*) FILTER (WHERE was_waiting AND NOT is_waiting)"
            " FROM steps WHERE at >= %(since)s AND at < %(until)s",
            since=since,
            until=until,
        )[0]

    def took(self, table: str, *, weeks_ago: int) -> list[timedelta]:
        since = self.hour - timedelta(days=7 * (weeks_ago + 1))
        until = self.now if weeks_ago == 0 else since + timedelta(days=7)
        rows = self.rows(
            f"SELECT took FROM {table} WHERE took IS NOT NULL AND at >= %(since)s AND at < %(until)s"
            " ORDER BY took",
            since=since,
            until=until,
        )
        return [took for (took,) in rows]

    def reversals(self) -> tuple[int, int]:
        return self.rows(
            "SELECT count(*) FILTER (WHERE body ->> 'was' <> 'reported'), count(*) FROM entries"
            " WHERE kind = 'status_changed' AND NOT (body ->> 'is_undo')::boolean AND at >= %(since)s",
            since=self.hour - timedelta(days=7),
        )[0]

    def at_risk(self, *, days: int) -> dict[str, tuple[int, int, int]]:
        rows = self.rows(
            ", risks AS (SELECT id, CASE WHEN status = 'disputed' THEN 3 WHEN basis = 'lost' THEN 2"
            " WHEN basis = 'in_question' OR open_flags > 0 THEN 1 ELSE 0 END AS risk"
            " FROM seen WHERE closed_at IS NULL)"
            " SELECT a.reference, count(DISTINCT r.id) FILTER (WHERE risk = 3),"
            " count(DISTINCT r.id) FILTER (WHERE risk = 2), count(DISTINCT r.id) FILTER (WHERE risk = 1)"
            " FROM claims_article a JOIN claims_appearance p ON p.article_id = a.id"
            " JOIN risks r ON r.id = p.claim_id AND r.risk > 0"
            " WHERE coalesce(a.published_at, a.created_at) BETWEEN %(since)s AND %(until)s"
            " GROUP BY a.reference",
            since=self.now - timedelta(days=days),
            until=self.now,
        )
        return {reference: (three, two, one) for reference, three, two, one in rows}

    def changed_sources(self) -> set[str]:
        rows = self.rows(
            "SELECT DISTINCT s.reference FROM claims_flag f JOIN seen ON seen.id = f.claim_id"
            " JOIN claims_source s ON s.id = f.source_id WHERE f.answered_at IS NULL"
        )
        return {reference for (reference,) in rows}


def nearest(took: Sequence[timedelta], share: float) -> timedelta | None:
    return took[math.ceil(share * len(took)) - 1] if took else None
