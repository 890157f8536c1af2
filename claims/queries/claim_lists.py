"""Read the claims behind a number: of a status, a basis, a topic, a desk, or a kind of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.access import visible_to
from claims.errors import NotFound
from claims.models import Claim, Counted, Desk, Proposal
from claims.models.fields import read_reference
from claims.models.tally import TallyName
from claims.queries.panel_times import Reason
from claims.queries.panels import BoardFilters
from claims.queries.panels_waiting import AGES, late_after
from claims.queries.tallies import EPOCH, tallies_of
from claims.states import Basis, ClaimStatus, Ground, ProposalState
from claims.types import Actor

STARTS = (timedelta(0), *AGES)
"""Where each age of the backlog begins."""

_STANDING = (
    TallyName.REPORTED,
    TallyName.HOLDS,
    TallyName.IN_QUESTION,
    TallyName.LOST,
    TallyName.DISPUTED,
)


class Footing(StrEnum):
    """A basis to list by; NOT_HOLDING is both that do not hold."""

    HOLDS = "holds"
    NOT_HOLDING = "not_holding"
    IN_QUESTION = "in_question"
    LOST = "lost"


class Work(StrEnum):
    """What waits to be done on a claim; OPEN and LATE are those of the backlog."""

    OPEN = "open"
    LATE = "late"
    NEW = "new"
    FLAGGED = "flagged"
    SIGN_OFF = "sign_off"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """What a list is narrowed to; None or empty where it is not.

    `reason` and `age` are those of the backlog: why an open claim waits, and which of `STARTS`
    its age begins at.
    """

    status: ClaimStatus | None = None
    basis: Footing | None = None
    work: Work | None = None
    reason: Reason | None = None
    age: timedelta | None = None
    topic: str = ""
    desk: str = ""

    @property
    def is_of_the_backlog(self) -> bool:
        """Whether only open claims are asked for; they stand longest waiting first."""
        is_waiting = self.work in {Work.OPEN, Work.LATE}
        return is_waiting or self.reason is not None or self.age is not None


def listed_claims(
    actor: Actor, *, filters: ClaimFilters, after: str, limit: int, now: datetime | None = None
) -> list[Claim]:
    """Return claims that are not closed: the newest first, those of the backlog longest waiting.

    Args:
        actor: who reads.
        filters: all of which a claim must answer to.
        after: the reference of the last claim already listed; empty at the beginning.
        limit: how many at most.
        now: from when ages count.

    Raises:
        NotFound: `after` names no claim this actor sees.
    """
    seen = visible_to(actor)
    rows = seen.filter(_chosen(filters), closed_at__isnull=True).select_related("desk")
    last = _last(seen, after) if after else None
    if not filters.is_of_the_backlog:
        rows = rows.filter(pk__lt=last.pk) if last else rows
        return list(rows.order_by("-pk")[:limit])
    rows = rows.filter(_waiting(filters, now=now or timezone.now()))
    rows = rows.filter(_after(last)) if last else rows
    return list(rows.order_by("counted__entered_at", "pk")[:limit])


def _after(last: Claim) -> Q:
    """Return the condition on claims that entered the queue after one; all, where it has left."""
    entered_at = Counted.objects.filter(claim=last).values_list("entered_at", flat=True).first()
    if entered_at is None:
        return Q()
    later = Q(counted__entered_at__gt=entered_at)
    return later | Q(counted__entered_at=entered_at, pk__gt=last.pk)


def _last(seen: QuerySet[Claim], reference: str) -> Claim:
    found = seen.filter(reference=read_reference(reference, "ST")).first()
    if found is None:
        raise NotFound("There is no such claim.")
    return found


def _chosen(filters: ClaimFilters) -> Q:
    chosen = Q()
    if filters.status:
        chosen &= Q(status=filters.status)
    if filters.basis:
        chosen &= _FOOTINGS[filters.basis]
    if filters.work:
        chosen &= _work(filters.work)
    if filters.topic:
        chosen &= Q(topic=filters.topic)
    if filters.desk:
        chosen &= Q(desk__slug=filters.desk)
    return chosen


# "it does not hold" is the condition of an index; a claim with an open flag never holds
_FOOTINGS = {
    Footing.HOLDS: Q(basis=Basis.HOLDS),
    Footing.NOT_HOLDING: ~Q(basis=Basis.HOLDS),
    Footing.IN_QUESTION: ~Q(basis=Basis.HOLDS) & Q(basis=Basis.IN_QUESTION),
    Footing.LOST: ~Q(basis=Basis.HOLDS) & Q(basis=Basis.LOST),
}


def _work(work: Work) -> Q:
    waiting = Proposal.objects.filter(state=ProposalState.OPEN).values("claim")
    return {
        Work.OPEN: Q(),
        Work.LATE: Q(),
        Work.NEW: Q(decided_at__isnull=True),
        Work.FLAGGED: ~Q(basis=Basis.HOLDS) & Q(open_flags__gt=0),
        Work.SIGN_OFF: Q(pk__in=waiting),
        Work.OVERRIDDEN: Q(ground=Ground.EDITOR_OVERRIDE),
    }[work]


def _waiting(filters: ClaimFilters, *, now: datetime) -> Q:
    """Return the condition on open claims, as `queries.panels_waiting` counts them."""
    waiting = ~Q(counted__reason="") & Q(counted__isnull=False)
    if filters.reason:
        waiting &= Q(counted__reason=filters.reason)
    if filters.age is not None:
        waiting &= Q(counted__entered_at__lte=now - filters.age)
        ends = STARTS[STARTS.index(filters.age) + 1 :]
        waiting &= Q(counted__entered_at__gt=now - ends[0]) if ends else Q()
    if filters.work is Work.LATE:
        waiting &= _is_late(now)
    return waiting


def _is_late(now: datetime) -> Q:
    is_late = Q(pk__in=[])
    for priority, target in late_after().items():
        is_late |= Q(counted__priority=priority, counted__entered_at__lte=now - target)
    return is_late


def topics_seen(actor: Actor) -> Sequence[str]:
    """Return the topics of claims that are not closed and exist for `actor`; one query."""
    rows = tallies_of(actor, filters=BoardFilters(), names=_STANDING)
    found = rows.filter(at=EPOCH, value__gt=0).exclude(topic="").order_by("topic")
    return list(found.values_list("topic", flat=True).distinct())


def desk_names() -> dict[str, str]:
    """Return the name of every desk by its slug, in the order of their names."""
    return dict(Desk.objects.order_by("name", "pk").values_list("slug", "name"))
