"""The queue: open reviews in the order in which they are to be taken, and why each stands there.

A review's place is its age, with a head start. It counts as waiting not from the moment it opened
but from earlier, by so many hours for the gravest thing that flagged it, for how its claim stands,
for who relies on it, and for its priority; one with a due time counts at least as if it had opened
`BEFORE_DUE` before that:

    counts_from = LEAST(opened_at - head start, due_at - BEFORE_DUE)

All grow older alike, so the order holds while time passes, may lie in an index, and leaves nobody
waiting for ever: a tip of last week stands before a retraction of today. The tables below are the
whole formula; `counts_from_sql` orders by them and `Urgency` says them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, Now

from claims.access import NEEDED, RANK, desks_seen_by
from claims.models import Appearance, Claim, Flag, Review
from claims.queries.desks import AtDesks
from claims.states import Basis, ClaimStatus, FlagKind, Verb
from claims.types import Actor

FLAG_HOURS: Mapping[FlagKind, int] = {
    FlagKind.RETRACTION: 168,
    FlagKind.RELAYED_RETRACTED: 168,
    FlagKind.FIGURE_ALTERED: 120,
    FlagKind.CORRECTION_NOTICE: 72,
    FlagKind.RELAYED_CORRECTED: 72,
    FlagKind.QUOTE_ALTERED: 72,
    FlagKind.QUOTE_MISSING: 72,
    FlagKind.CONTRADICTION_ADDED: 72,
    FlagKind.OBJECTION: 48,
    FlagKind.SOURCE_GONE: 48,
    FlagKind.COMPLAINT: 24,
    FlagKind.SOURCE_UNREACHABLE: 12,
    FlagKind.TIP: 12,
    FlagKind.SOURCE_MOVED: 0,
    FlagKind.REVIEW_DATE_PASSED: 0,
}
"""Of a claim's open flags the gravest counts; the others add nothing."""

SHAKEN_HOURS = 96
"""For a corroborated claim whose basis no longer holds: readers were told it is so."""

ARTICLE_HOURS = 24
MOST_ARTICLES = 3
"""For each published article of ours in which the claim appears, up to so many."""

PRIORITY_HOURS: Mapping[int, int] = {1: 72, 2: 0, 3: -72}
BEFORE_DUE = timedelta(days=10)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Urgency:
    """What brings one review forward, part by part."""

    flag: FlagKind | None
    is_shaken: bool
    articles: int
    priority: int
    due_at: datetime | None

    @property
    def hours(self) -> int:
        """The head start, in hours; the due time apart."""
        return (
            (FLAG_HOURS[self.flag] if self.flag else 0)
            + (SHAKEN_HOURS if self.is_shaken else 0)
            + ARTICLE_HOURS * min(self.articles, MOST_ARTICLES)
            + PRIORITY_HOURS[self.priority]
        )

    def counts_from(self, opened_at: datetime) -> datetime:
        """Return the moment from which a review that opened then counts as waiting."""
        moved = opened_at - self.hours * HOUR
        return min(moved, self.due_at - BEFORE_DUE) if self.due_at else moved


def urgency_of(
    review: Review, claim: Claim, *, kinds: frozenset[FlagKind], articles: int
) -> Urgency:
    """Return what brings a review forward.

    Args:
        review: open.
        claim: its claim.
        kinds: of the claim's open flags.
        articles: published ones of ours in which the claim appears.
    """
    return Urgency(
        flag=max(kinds, key=lambda kind: (FLAG_HOURS[kind], kind), default=None),
        is_shaken=claim.status == ClaimStatus.CORROBORATED and claim.basis != Basis.HOLDS,
        articles=articles,
        priority=claim.priority,
        due_at=review.due_at,
    )


def counts_from_sql() -> Subquery:
    """Return the same as an expression for an UPDATE of reviews."""
    shaken = Q(claim__status=ClaimStatus.CORROBORATED) & ~Q(claim__basis=Basis.HOLDS)
    hours = (
        Coalesce(Subquery(_gravest()), 0)
        + Case(When(shaken, then=SHAKEN_HOURS), default=0)
        + Least(Coalesce(Subquery(published_articles()), 0), MOST_ARTICLES) * ARTICLE_HOURS
        + Case(
            *(When(claim__priority=at, then=hours) for at, hours in PRIORITY_HOURS.items()),
            default=0,
        )
    )
    start = ExpressionWrapper(hours * Value(HOUR, DurationField()), output_field=DurationField())
    place = Least(
        ExpressionWrapper(F("opened_at") - start, output_field=DateTimeField()),
        ExpressionWrapper(F("due_at") - BEFORE_DUE, output_field=DateTimeField()),
    )
    rows = Review.objects.filter(pk=OuterRef("pk")).annotate(place=place)
    return Subquery(rows.values("place"))


def _gravest() -> QuerySet[Flag, dict[str, int]]:
    cases = (When(kind=kind, then=hours) for kind, hours in FLAG_HOURS.items())
    worth = Case(*cases, default=0, output_field=IntegerField())
    rows = Flag.objects.filter(claim=OuterRef("claim"), answered_at__isnull=True).order_by()
    return rows.values("claim").annotate(hours=Max(worth)).values("hours")


def published_articles(claim: str = "claim") -> QuerySet[Appearance, dict[str, int]]:
    """Count, as a subquery, the published articles of ours in which the outer row's claim is."""
    rows = Appearance.objects.filter(claim=OuterRef(claim), article__is_ours=True)
    counted = rows.order_by().values("claim").annotate(number=Count("article", distinct=True))
    return counted.values("number")


class Whose(StrEnum):
    """Whose work a list shows."""

    ANYBODY = ""
    MINE = "mine"
    NOBODY = "nobody"


class Part(StrEnum):
    """Which part of what waits a list shows."""

    ALL = ""
    SIGN_OFF = "sign-off"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to see of the queue; as it stands in an address."""

    part: Part = Part.ALL
    desk: str = ""
    status: ClaimStatus | None = None
    flag: FlagKind | None = None
    whose: Whose = Whose.ANYBODY
    is_overdue: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str], *, desks: frozenset[str]) -> "Wanted":
        """Read the parameters of an address; a word that is none of a list asks for nothing."""
        status, flag = given.get("status", ""), given.get("flag", "")
        part, whose = given.get("part", ""), given.get("whose", "")
        desk = given.get("desk", "")
        return cls(
            part=Part(part) if part in set(Part) else Part.ALL,
            desk=desk if desk in desks else "",
            status=ClaimStatus(status) if status in set(ClaimStatus) else None,
            flag=FlagKind(flag) if flag in set(FlagKind) else None,
            whose=Whose(whose) if whose in set(Whose) else Whose.ANYBODY,
            is_overdue=given.get("overdue", "") == "1",
        )

    @property
    def query(self) -> str:
        """The same as the query of an address, always in one order."""
        words = {
            "part": self.part,
            "desk": self.desk,
            "status": self.status or "",
            "flag": self.flag or "",
            "whose": self.whose,
            "overdue": "1" if self.is_overdue else "",
        }
        return urlencode({name: str(word) for name, word in words.items() if word})


EVERYTHING = Wanted()


def open_reviews(actor: Actor, wanted: Wanted = EVERYTHING) -> QuerySet[Review]:
    """Return the open reviews of the actor's desks that they want to see, most urgent first."""
    desks = [desk for desk in desks_seen_by(actor) if wanted.desk in {"", desk}]
    rows = Review.objects.filter(AtDesks(desks), ended_at__isnull=True)
    if wanted.status:
        rows = rows.filter(claim__status=wanted.status)
    if wanted.flag:
        open_flags = Flag.objects.filter(answered_at__isnull=True, kind=wanted.flag)
        rows = rows.filter(claim__in=open_flags.values("claim"))
    if wanted.is_overdue:
        rows = rows.filter(due_at__lt=Now())
    if wanted.whose is Whose.MINE:
        rows = rows.filter(Q(assignee=actor.user_id) | _held(by=actor))
    if wanted.whose is Whose.NOBODY:
        rows = rows.filter(is_free(), assignee__isnull=True)
    return rows.order_by("counts_from_at", "pk")


def _held(*, by: Actor) -> Q:
    return Q(taken_by=by.user_id, taken_until_at__gt=Now())


def is_free() -> Q:
    """Return the condition under which nobody has a review just now."""
    return Q(taken_until_at__isnull=True) | Q(taken_until_at__lte=Now())


def decided_by(actor: Actor, wanted: Wanted = EVERYTHING) -> QuerySet[Review]:
    """Return the open reviews of desks at which the actor decides, most urgent first."""
    least = RANK[NEEDED[Verb.DECIDE]]
    desks = [desk for desk, role in actor.roles if RANK[role] >= least]
    return open_reviews(actor, wanted).filter(AtDesks(desks))


def takeable(actor: Actor, wanted: Wanted = EVERYTHING) -> QuerySet[Review]:
    """Return what *take next* may give: free, and nobody else's to do."""
    own = Q(assignee__isnull=True) | Q(assignee=actor.user_id)
    return decided_by(actor, wanted).filter(is_free(), own)


def lead_cause() -> Subquery:
    """Return the cause a review is worked under: that of its claim's first open flag."""
    flags = Flag.objects.filter(claim=OuterRef("claim"), answered_at__isnull=True)
    return Subquery(flags.order_by("raised_at", "pk").values("cause")[:1])
