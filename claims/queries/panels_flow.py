"""The board's panels on what comes and goes, how long it takes, and what was taken back."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDay
from django.utils import timezone

from claims.models import Claim, LedgerEntry, LedgerText
from claims.models.tally import TallyName
from claims.queries.panel_times import WEEK, Flow, FlowDay, Pace, Reversal, Reversals, Spread
from claims.queries.panels import BoardFilters
from claims.queries.tallies import (
    EPOCH,
    QUARTER,
    board_zone,
    counted_for,
    hour_of,
    tallies_of,
)
from claims.states import ActorKind, ClaimStatus
from claims.types import Actor

DEFAULT_DAYS = 30
MOST_LISTED = 5
CLASS_GROWS_BY = 1.25
"""How much further each class of durations reaches than the one before; the first: a minute."""

_MOVED = (TallyName.ENTERED, TallyName.LEFT)
_OPEN = (TallyName.WAITING_NEW, TallyName.WAITING_FLAGGED, TallyName.WAITING_OTHER)


def in_and_out(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> Flow:
    """Count what entered and left the queue by day; three queries.

    A claim enters with the entry that makes it open (see `panels_waiting.backlog`), and leaves
    with the one that ends that; a proposal overtaken by a decision comes back and leaves at once,
    and counts on both sides. Days are those of `board_zone`, the last `filters.days` (30) with
    today. The week is the last 7 x 24 hours, from the beginning of its quarter of an hour.
    """
    at = now or timezone.now()
    zone = board_zone(actor, filters=filters)
    today = at.astimezone(zone).date()
    first = today - timedelta(days=(filters.days or DEFAULT_DAYS) - 1)
    start = datetime.combine(first, time(), tzinfo=zone)
    rows = tallies_of(actor, filters=filters, names=_MOVED)
    by_day = rows.filter(at__gte=start, at__lte=at).annotate(day=TruncDay("at", tzinfo=zone))
    counted = {
        (day.date(), name): value
        for day, name, value in by_day.values_list("day", "name").annotate(Sum("value"))
    }
    lately = tallies_of(actor, filters=filters, names=(*_MOVED, *_OPEN)).filter(
        Q(at__gte=_quarter_of(at - WEEK), at__lte=at) | Q(at=EPOCH)
    )
    found = dict(lately.values_list("name").annotate(Sum("value")))
    days = (first + timedelta(days=number) for number in range((today - first).days + 1))
    return Flow(
        days=tuple(
            FlowDay(
                day,
                entered=counted.get((day, TallyName.ENTERED), 0),
                left=counted.get((day, TallyName.LEFT), 0),
            )
            for day in days
        ),
        open=sum(found.get(name, 0) for name in _OPEN),
        week_entered=found.get(TallyName.ENTERED, 0),
        week_left=found.get(TallyName.LEFT, 0),
    )


def _quarter_of(at: datetime) -> datetime:
    return at - (at - EPOCH) % QUARTER


def time_to_first_decision(
    actor: Actor, *, filters: BoardFilters, now: datetime | None = None
) -> Pace:
    """Say how long first decisions took, from the claim's first entry on; one query.

    The first decision is the first entry that changes status or ground, or says that a review
    stands. `now`: since 7 x 24 hours before this hour began; `before`: the 7 x 24 hours before.
    """
    return _pace(actor, TallyName.FIRST_DECISION, filters=filters, now=now)


def time_from_flag_to_end(
    actor: Actor, *, filters: BoardFilters, now: datetime | None = None
) -> Pace:
    """Say how long it took from the first flag raised under a review to its end; one query.

    Of reviews that ended in the same windows as in `time_to_first_decision`; one without a flag
    raised under it does not count.
    """
    return _pace(actor, TallyName.FLAG_TO_END, filters=filters, now=now)


def _pace(actor: Actor, name: TallyName, *, filters: BoardFilters, now: datetime | None) -> Pace:
    middle = hour_of(now or timezone.now()) - WEEK
    rows = tallies_of(actor, filters=filters, names=[name]).filter(at__gte=middle - WEEK)
    found = rows.values("step").annotate(
        now=Sum("value", filter=Q(at__gte=middle)), before=Sum("value", filter=Q(at__lt=middle))
    )
    steps = list(found.order_by("step"))
    return Pace(now=_spread(steps, "now"), before=_spread(steps, "before"))


def _spread(steps: Sequence[Mapping[str, Any]], window: str) -> Spread:
    counts = [(int(row["step"]), int(row[window] or 0)) for row in steps]
    total = sum(count for _, count in counts)
    if not total:
        return Spread(0, None, None)
    return Spread(total, median=_nearest(counts, total, 0.5), p90=_nearest(counts, total, 0.9))


def _nearest(counts: Iterable[tuple[int, int]], total: int, share: float) -> timedelta:
    """Return the upper edge of the class with the `ceil(share * total)`-th smallest duration."""
    rank = math.ceil(share * total)
    seen, edge = 0, 0
    for step, count in counts:
        seen, edge = seen + count, step
        if seen >= rank:
            break
    return timedelta(seconds=60 * CLASS_GROWS_BY**edge)


def reversals(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> Reversals:
    """Count the decisions that took a claim away from corroborated or disputed; three queries.

    Among all entries that change a status, since 7 x 24 hours before this hour began; an undone
    slip's undoing is none of either. `newest`: by claim, its last such decision.
    """
    since = hour_of(now or timezone.now()) - WEEK
    names = (TallyName.REVERSED, TallyName.CHANGED)
    rows = tallies_of(actor, filters=filters, names=names).filter(at__gte=since)
    found = dict(rows.values_list("name").annotate(Sum("value")))
    return Reversals(
        count=found.get(TallyName.REVERSED, 0),
        changes=found.get(TallyName.CHANGED, 0),
        newest=_newest_reversals(actor, filters=filters, since=since),
    )


def _newest_reversals(
    actor: Actor, *, filters: BoardFilters, since: datetime
) -> tuple[Reversal, ...]:
    entry = LedgerEntry.objects.filter(seq=OuterRef("counted__reversed_seq"))
    seen = counted_for(actor, filters=filters, prefix="counted__")
    rows = Claim.objects.filter(seen, counted__reversed_seq__isnull=False)
    rows = rows.select_related("desk", "claimant__desk").annotate(
        reversed_seq=F("counted__reversed_seq"),
        reversed_at=Subquery(entry.values("recorded_at")),
        body=Subquery(entry.values("body")),
    )
    newest = rows.order_by("-counted__reversed_seq")[:MOST_LISTED]
    told = [(row, json.loads(row.body)) for row in newest if row.reversed_at >= since]
    words = {word for _, body in told for word in (body["rationale"], body["actor"].get("name"))}
    texts = dict(
        LedgerText.objects.filter(commitment__in=words - {None}).values_list("commitment", "text")
    )
    return tuple(
        Reversal(
            claim=row,
            seq=row.reversed_seq,
            at=row.reversed_at,
            was=ClaimStatus(body["was"]),
            to=ClaimStatus(body["sets"][row.reference]["status"]),
            rationale=texts.get(body["rationale"]) or "",
            who=texts.get(body["actor"].get("name")) or _nobody(body["actor"]["kind"]),
        )
        for row, body in told
    )


def _nobody(kind: str) -> str:
    return "" if kind == ActorKind.PERSON else kind
