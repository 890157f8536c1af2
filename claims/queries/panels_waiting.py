"""The board's panels on what waits: the backlog by age, and what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone

from claims.models.tally import TallyName
from claims.queries.panel_times import Backlog, BacklogAge, Late, LateClaim, LatePriority, Reason
from claims.queries.panels import BoardFilters
from claims.queries.tallies import EPOCH, counted_claims, next_hour, tallies_of
from claims.types import Actor

AGES = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
    timedelta(days=3),
    timedelta(days=7),
)
"""Where one age of the backlog ends and the next begins."""

MOST_NAMED = 5
_WAITING = {
    Reason.NEW: TallyName.WAITING_NEW,
    Reason.FLAGGED: TallyName.WAITING_FLAGGED,
    Reason.OTHER: TallyName.WAITING_OTHER,
}
_SINCE = {
    Reason.NEW: TallyName.SINCE_NEW,
    Reason.FLAGGED: TallyName.SINCE_FLAGGED,
    Reason.OTHER: TallyName.SINCE_OTHER,
}


@dataclass(frozen=True, slots=True)
class _Open:
    """Open claims of one reason and priority: all, and those younger than each age asked about."""

    reason: Reason
    priority: int
    total: int
    younger: tuple[int, ...]


def backlog(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> Backlog:
    """Count the open claims by age and reason; two queries.

    A claim is open while a review of it is open, or while it is neither decided nor closed and no
    proposal on it waits. NEW: never decided, in the queue since `created_at`; FLAGGED: decided, and
    a flag is open; OTHER: decided, none is; both in the queue since their review was opened. An
    age is `at_least` and less than `below`, to the microsecond.
    """
    found = _open_claims(actor, filters=filters, ages=AGES, now=now or timezone.now())
    return Backlog(tuple(_age(found, at) for at in range(len(AGES) + 1)))


def _age(found: Sequence[_Open], at: int) -> BacklogAge:
    counts = dict.fromkeys(Reason, 0)
    for row in found:
        below = row.younger[at] if at < len(AGES) else row.total
        counts[row.reason] += below - (row.younger[at - 1] if at else 0)
    return BacklogAge(
        at_least=AGES[at - 1] if at else timedelta(0),
        below=AGES[at] if at < len(AGES) else None,
        new=counts[Reason.NEW],
        flagged=counts[Reason.FLAGGED],
        other=counts[Reason.OTHER],
    )


def late(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> Late:
    """Count the open claims older than the target of their priority; three queries.

    Open and age as in `backlog`. `oldest`: those over their target, longest in the queue first.
    """
    at = now or timezone.now()
    targets = late_after()
    order = sorted(targets)
    ages = [targets[priority] for priority in order]
    found = _open_claims(actor, filters=filters, ages=ages, now=at)
    rows = [
        LatePriority(
            priority=priority,
            target=targets[priority],
            open=sum(row.total for row in found if row.priority == priority),
            late=sum(row.total - row.younger[place] for row in found if row.priority == priority),
        )
        for place, priority in enumerate(order)
    ]
    return Late(tuple(rows), _oldest(actor, filters=filters, targets=targets, now=at))


def late_after() -> Mapping[int, timedelta]:
    """Return how long an open claim of each priority may wait."""
    hours: Mapping[int, int] = settings.LATE_AFTER_H
    return {priority: timedelta(hours=hours[priority]) for priority in sorted(hours)}


def _oldest(
    actor: Actor, *, filters: BoardFilters, targets: Mapping[int, timedelta], now: datetime
) -> tuple[LateClaim, ...]:
    is_late = Q()
    for priority, target in targets.items():
        is_late |= Q(priority=priority, entered_at__lte=now - target)
    rows = counted_claims(actor, filters=filters).filter(is_late).exclude(reason="")
    rows = rows.select_related("claim__desk", "claim__claimant__desk")
    return tuple(
        LateClaim(row.claim, row.entered_at or now, targets[row.priority])
        for row in rows.order_by("entered_at", "claim")[:MOST_NAMED]
    )


def _open_claims(
    actor: Actor, *, filters: BoardFilters, ages: Sequence[timedelta], now: datetime
) -> list[_Open]:
    """Count open claims by reason and priority, and those younger than each age; two queries.

    Whole hours come from the tallies, the one hour in which an age begins from its claims.
    """
    since = [now - age for age in ages]
    whole = [next_hour(at) for at in since]
    names = (*_WAITING.values(), *_SINCE.values())
    rows = tallies_of(actor, filters=filters, names=names)
    rows = rows.filter(Q(at=EPOCH) | Q(at__gte=min(whole)))
    sums = {f"in_{place}": Sum("value", filter=Q(at__gte=at)) for place, at in enumerate(whole)}
    summed = {
        (row["name"], row["step"]): row
        for row in rows.values("name", "step").annotate(total=Sum("value"), **sums)
    }
    parts = _in_part(actor, filters=filters, since=since, whole=whole)
    found = []
    for reason, name in _WAITING.items():
        for priority in (step for named, step in summed if named == name):
            hours = summed.get((_SINCE[reason].value, priority), {})
            part = parts.get((reason, priority), {})
            younger = (
                (hours.get(f"in_{place}") or 0) + part.get(f"in_{place}", 0)
                for place in range(len(ages))
            )
            total = summed[name.value, priority]["total"]
            found.append(_Open(reason, priority, total, tuple(younger)))
    return found


def _in_part(
    actor: Actor, *, filters: BoardFilters, since: Sequence[datetime], whole: Sequence[datetime]
) -> dict[tuple[str, int], dict[str, int]]:
    """Count the open claims that entered after each `since` and before its next whole hour."""
    ranges = [
        Q(entered_at__gt=low, entered_at__lt=high) for low, high in zip(since, whole, strict=True)
    ]
    in_any = Q()
    for one in ranges:
        in_any |= one
    rows = counted_claims(actor, filters=filters).filter(in_any).exclude(reason="")
    counts = {f"in_{place}": Count("pk", filter=one) for place, one in enumerate(ranges)}
    return {
        (row["reason"], row["priority"]): row
        for row in rows.values("reason", "priority").annotate(**counts)
    }
