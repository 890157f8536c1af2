"""How far the board can be trusted: whether the watch keeps up, verdicts last, the ledger is whole.

Every number is bounded: what is more than a limit is counted to the limit, and said to be more.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from claims.access import sources_visible_to, visible_to
from claims.models import Claim, LedgerAnchor, Source
from claims.queries.ledger import head_seq
from claims.queries.verification import newest_check
from claims.states import LinkState
from claims.types import Actor

MOST_COUNTED = 10_000
MOST_OVERDUE = 1_000
MOST_TROUBLED = 500
MOST_EXPIRING = 1_000
MOST_NAMES = 3
EXPIRES_WITHIN = timedelta(days=7)
GRACE = timedelta(minutes=10)
"""What was just linked, or is looked at every few minutes, is not overdue before this."""

TROUBLED = (LinkState.UNREACHABLE, LinkState.BLOCKED)

# The last look is the newest among the looks of what is due first and of what is due last: those of
# a short interval stand at the one end, what was looked at just now at the other. No index follows
# every look.
COVERAGE = """
WITH soonest AS (
    SELECT due_at, interval_s, last_looked_at FROM claims_watch WHERE due_at IS NOT NULL
    ORDER BY due_at LIMIT %(overdue)s
), latest AS (
    SELECT last_looked_at FROM claims_watch WHERE due_at IS NOT NULL
    ORDER BY due_at DESC LIMIT %(overdue)s
)
SELECT
    (SELECT count(*) FROM (
        SELECT 1 FROM claims_watch WHERE due_at IS NOT NULL LIMIT %(watched)s) w),
    (SELECT count(*) FROM soonest WHERE due_at < statement_timestamp()
        - greatest(%(grace)s, make_interval(secs => 2 * interval_s))),
    (SELECT min(due_at) FROM soonest WHERE due_at < statement_timestamp()),
    (SELECT max(last_looked_at) FROM (
        SELECT last_looked_at FROM soonest UNION ALL SELECT last_looked_at FROM latest) l)
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the watch keeps up: numbers of linked sources, whoever may see them.

    `watched` is counted up to `MOST_COUNTED`; `overdue`, by more than two intervals, up to
    `MOST_OVERDUE`. `waiting_since_at` is when the longest waiting source was due, None where none
    waits; `last_look_at` that of a look no older than the last by more than a few.
    """

    watched: int
    overdue: int
    waiting_since_at: datetime | None
    last_look_at: datetime | None


@dataclass(frozen=True, slots=True)
class TroubledHost:
    """A host on which linked sources the reader sees cannot be read; `names` are some of them."""

    authority: str
    sources: int
    since: datetime
    states: tuple[LinkState, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expiry:
    """Claims whose review date has passed or passes within a week, each up to `MOST_EXPIRING`."""

    passed: int
    soon: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class LedgerTrust:
    """When the ledger was last verified and written down outside; 0 and None where never.

    `checked_seq` is the last entry found whole; where `is_whole` is false, the next one is bad.
    What exactly was found may name what a reader may not see, and is the operator's to read.
    """

    head: int
    checked_at: datetime | None
    checked_seq: int
    is_whole: bool
    anchored_at: datetime | None
    anchored_seq: int
    place: str

    @property
    def entries_since_anchor(self) -> int:
        """How many entries nobody outside this database could tell a forgery of."""
        return self.head - self.anchored_seq


def coverage() -> Coverage:
    """Return how the watch keeps up; one query, its reading bounded."""
    values: dict[str, Any] = {"watched": MOST_COUNTED, "overdue": MOST_OVERDUE, "grace": GRACE}
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, values)
        return Coverage(*cursor.fetchone())


def troubled_hosts(actor: Actor, *, limit: int) -> list[TroubledHost]:
    """Return the hosts whose linked sources cannot be read, most sources first; one query.

    Told from the sources that came into trouble last, `MOST_TROUBLED` at most.
    """
    rows = sources_visible_to(actor).filter(link_state__in=TROUBLED, watch__due_at__isnull=False)
    rows = rows.select_related("watch__host").order_by("link_state", "-pk")[:MOST_TROUBLED]
    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in rows:
        host = source.watch.host
        if host is not None:
            by_host[host.authority].append(source)
    found = [_troubled(authority, sources) for authority, sources in by_host.items()]
    return sorted(found, key=lambda host: (-host.sources, host.since, host.authority))[:limit]


def _troubled(authority: str, sources: list[Source]) -> TroubledHost:
    return TroubledHost(
        authority=authority,
        sources=len(sources),
        since=min(source.link_state_since_at for source in sources),
        states=tuple(sorted({LinkState(source.link_state) for source in sources})),
        names=tuple(str(source) for source in sources[:MOST_NAMES]),
    )


def expiring(actor: Actor, *, on: date, limit: int) -> Expiry:
    """Return which verdicts of open claims have expired, or expire within `EXPIRES_WITHIN`.

    Args:
        actor: sees claims that exist for them.
        on: the day it is.
        limit: how many claims are told, the earliest review date first.
    """
    rows = visible_to(actor).filter(closed_at__isnull=True, review_by_on__lte=on + EXPIRES_WITHIN)
    return Expiry(
        passed=_counted(rows.filter(review_by_on__lt=on)),
        soon=_counted(rows.filter(review_by_on__gte=on)),
        claims=tuple(rows.select_related("desk").order_by("review_by_on", "pk")[:limit]),
    )


def _counted(rows: QuerySet[Claim]) -> int:
    return int(rows[:MOST_EXPIRING].count())


def ledger_trust() -> LedgerTrust:
    """Return when the ledger was verified and anchored; three reads by index."""
    check = newest_check()
    anchor = LedgerAnchor.objects.order_by("-noted_at").first()
    return LedgerTrust(
        head=head_seq(),
        checked_at=check.checked_at if check else None,
        checked_seq=check.seq if check else 0,
        is_whole=bool(check and check.is_whole),
        anchored_at=anchor.noted_at if anchor else None,
        anchored_seq=anchor.seq if anchor else 0,
        place=anchor.place if anchor else "",
    )
