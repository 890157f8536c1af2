"""What waits for the people of a desk: flagged claims, proposals to sign off, new claims."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from claims.access import desks_seen_by, reviews_visible_to, visible_to
from claims.errors import InvalidInput
from claims.models import Claim, Flag, Origin, Proposal, Review, Source, User
from claims.models.fields import read_reference
from claims.models.review import SavedView
from claims.queries.desks import AtDesks, desks_of
from claims.queries.queue import (
    EVERYTHING,
    Urgency,
    Wanted,
    Whose,
    lead_cause,
    open_reviews,
    published_articles,
    urgency_of,
)
from claims.queries.sign_off import pending_of
from claims.states import FlagKind, ProposalState, Role
from claims.types import Actor

MOST_LINES = 50
"""Reviews read for one page of the queue, and rows of its other parts."""
MOST_COUNTED = 100
MOST_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim under review, with its open flags, oldest first, and what makes it urgent."""

    claim: Claim
    review: Review
    flags: tuple[Flag, ...]
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One cause and the claims it touches: one event is worked on together.

    `waiting` are those of this page, most urgent first; `touches` counts all of them. `flags` are
    those of the cause on the claims of this page; none where no flag opened the review.
    """

    since_at: datetime
    waiting: tuple[Waiting, ...]
    touches: int = 1
    flags: tuple[Flag, ...] = ()
    source: Source | None = None
    cause: UUID | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; `after` is what to ask for next, empty at the end."""

    lines: tuple[QueueLine, ...]
    after: str = ""


def queue_of(actor: Actor, wanted: Wanted = EVERYTHING, *, after: str = "") -> QueuePage:
    """Return open reviews of the actor's desks by cause, most urgent first; six queries.

    A cause has one line, where its most urgent review stands, on whichever page that is.

    Args:
        actor: sees what exists for them.
        wanted: which reviews.
        after: the reference of the last review of the page before.
    """
    last = _cursor(actor, after)
    chosen = Review.objects.filter(pk__in=_next_ids(actor, wanted, last=last)).annotate(
        lead=lead_cause(), articles=Subquery(published_articles()), pending=pending_of("claim")
    )
    rows = chosen.select_related("claim__desk", "claim__claimant__desk", "assignee", "taken_by")
    found = list(rows.order_by("counts_from_at", "pk"))
    reviews = found[:MOST_LINES]
    lines = _lines(reviews, shared=_shared(actor, wanted, reviews), last=last)
    return QueuePage(lines, reviews[-1].reference if len(found) > MOST_LINES else "")


def _next_ids(actor: Actor, wanted: Wanted, *, last: Review | None) -> QuerySet[Review, int]:
    """Choose a page's reviews before anything is read of them.

    So few of all reviews are open that the database expects next to none of them: in one query it
    would sort all that wait, together with all it joins.
    """
    rows = open_reviews(actor, wanted)
    if last is not None:
        rows = rows.filter(_follows(last))
    return rows.values_list("pk", flat=True)[: MOST_LINES + 1]


def _cursor(actor: Actor, after: str) -> Review | None:
    reference = read_reference(after, "RE")
    found = reviews_visible_to(actor).filter(reference=reference or "").first()
    return found if found is not None and found.counts_from_at is not None else None


def _follows(last: Review) -> Q:
    at = last.counts_from_at
    return Q(counts_from_at__gte=at) & ~Q(counts_from_at=at, pk__lte=last.pk)


@dataclass(frozen=True, slots=True)
class _Shared:
    """How many reviews stand under a cause, and where the first of them stands."""

    touches: int
    first_at: datetime | None


def _shared(actor: Actor, wanted: Wanted, reviews: Sequence[Review]) -> Mapping[UUID, _Shared]:
    leads = {review.lead for review in reviews if review.lead}  # type: ignore[attr-defined]  # annotated
    touched = Flag.objects.filter(cause__in=leads, answered_at__isnull=True)
    claims = set(touched.values_list("claim", flat=True))
    rows = open_reviews(actor, wanted).filter(claim__in=claims)
    grouped = rows.annotate(lead=lead_cause()).filter(lead__in=leads).order_by().values("lead")
    counted = grouped.annotate(touches=Count("pk"), first_at=Min("counts_from_at"))
    return {row["lead"]: _Shared(row["touches"], row["first_at"]) for row in counted}


def _lines(
    reviews: Sequence[Review], *, shared: Mapping[UUID, _Shared], last: Review | None
) -> tuple[QueueLine, ...]:
    flags = _open_flags(review.claim_id for review in reviews)
    lines: dict[UUID | int, list[Waiting]] = {}
    for review in reviews:
        lead = review.lead  # type: ignore[attr-defined]  # annotated
        if lead in shared and _stood_before(shared[lead], last):
            continue
        own = flags.get(review.claim_id, ())
        lines.setdefault(lead or review.pk, []).append(_waiting(review, own))
    return tuple(_line(cause, waiting, shared) for cause, waiting in lines.items())


def _stood_before(shared: _Shared, last: Review | None) -> bool:
    """Whether a cause has its line on an earlier page."""
    if last is None or last.counts_from_at is None or shared.first_at is None:
        return False
    return shared.first_at <= last.counts_from_at


def _waiting(review: Review, flags: tuple[Flag, ...]) -> Waiting:
    kinds = frozenset(FlagKind(flag.kind) for flag in flags)
    articles = review.articles or 0  # type: ignore[attr-defined]  # annotated
    urgency = urgency_of(review, review.claim, kinds=kinds, articles=articles)
    return Waiting(review.claim, review, flags, urgency)


def _open_flags(claim_ids: Iterable[int]) -> dict[int, tuple[Flag, ...]]:
    rows = Flag.objects.filter(claim_id__in=list(claim_ids), answered_at__isnull=True)
    found: dict[int, tuple[Flag, ...]] = {}
    for flag in rows.select_related("source").order_by("raised_at", "pk"):
        found[flag.claim_id] = (*found.get(flag.claim_id, ()), flag)
    return found


def _line(cause: UUID | int, waiting: list[Waiting], shared: Mapping[UUID, _Shared]) -> QueueLine:
    if isinstance(cause, int):
        return QueueLine(waiting[0].review.opened_at, tuple(waiting))
    flags = tuple(flag for item in waiting for flag in item.flags if flag.cause == cause)
    return QueueLine(
        since_at=min(item.review.opened_at for item in waiting),
        waiting=tuple(waiting),
        touches=shared[cause].touches if cause in shared else len(waiting),
        flags=flags,
        source=flags[0].source if flags else None,
        cause=cause,
    )


def shared_cause(actor: Actor, review: Review) -> UUID | None:
    """Return the cause a review is worked under, where it opened others' reviews too."""
    flags = Flag.objects.filter(claim=review.claim_id, answered_at__isnull=True)
    first = flags.order_by("raised_at", "pk").first()
    if first is None:
        return None
    touched = Flag.objects.filter(cause=first.cause, answered_at__isnull=True)
    others = touched.filter(claim__in=visible_to(actor)).exclude(claim=review.claim_id)
    return first.cause if others.exists() else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How much waits, each counted no further than `MOST_COUNTED`."""

    waiting: int
    mine: int
    overdue: int
    sign_offs: int
    new: int


def tally_of(actor: Actor) -> Tally:
    """Count what waits for the actor's desks; five small queries."""
    mine, overdue = Wanted(whose=Whose.MINE), Wanted(is_overdue=True)
    return Tally(
        waiting=_capped(open_reviews(actor)),
        mine=_capped(open_reviews(actor, mine).order_by()),
        overdue=_capped(open_reviews(actor, overdue).order_by("due_at")),
        sign_offs=_capped(_proposals(actor, EVERYTHING).order_by("proposed_at", "pk")),
        new=_capped(_new_claims(actor, EVERYTHING).order_by("pk")),
    )


def _capped(rows: QuerySet[Review] | QuerySet[Proposal] | QuerySet[Claim]) -> int:
    """Count along an index: in no order at all, the database may begin anywhere and read on."""
    return rows[:MOST_COUNTED].count()


def saved_views_of(actor: Actor) -> QuerySet[SavedView]:
    """Return the views of the queue a person named, by name."""
    return SavedView.objects.filter(user=actor.user_id, removed_at__isnull=True).order_by("name")


def colleagues_at(claim: Claim) -> QuerySet[User]:
    """Return who decides at a claim's desk, by name: those its review may be assigned to."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__desk=claim.desk_id,
            memberships__ended_at__isnull=True,
            memberships__role__in=[Role.FACT_CHECKER, Role.EDITOR],
        )
        .order_by("first_name", "last_name", "username")
        .distinct()
    )


def proposals_of(actor: Actor, wanted: Wanted = EVERYTHING) -> QuerySet[Proposal]:
    """Return the proposals that wait for sign-off at the actor's desks, oldest first."""
    rows = _proposals(actor, wanted)
    rows = rows.select_related("claim__desk", "claim__claimant__desk", "proposed_by")
    return rows.order_by("proposed_at", "pk")[:MOST_LINES]


def _proposals(actor: Actor, wanted: Wanted) -> QuerySet[Proposal]:
    return Proposal.objects.filter(AtDesks(_desks(actor, wanted)), state=ProposalState.OPEN)


def _desks(actor: Actor, wanted: Wanted) -> list[str]:
    return [desk for desk in desks_seen_by(actor) if wanted.desk in {"", desk}]


def new_claims_of(actor: Actor, wanted: Wanted = EVERYTHING) -> QuerySet[Claim]:
    """Return the claims of the actor's desks nobody decided on or reviews yet, oldest first."""
    rows = _new_claims(actor, wanted).select_related("desk", "claimant__desk")
    return rows.order_by("pk")[:MOST_LINES]


def _new_claims(actor: Actor, wanted: Wanted) -> QuerySet[Claim]:
    begun = Review.objects.filter(claim=OuterRef("pk"), ended_at__isnull=True)
    proposed = Proposal.objects.filter(claim=OuterRef("pk"), state=ProposalState.OPEN)
    return Claim.objects.filter(
        ~Exists(begun),
        ~Exists(proposed),
        AtDesks(_desks(actor, wanted)),
        decided_at__isnull=True,
        closed_at__isnull=True,
    )


def origins_known_to(actor: Actor) -> QuerySet[Origin]:
    """Return the origins whose names the actor may read: confidential ones at their desk only."""
    return Origin.objects.filter(Q(is_confidential=False) | Q(desk__slug__in=desks_of(actor)))


def origins_to_choose(actor: Actor) -> QuerySet[Origin]:
    """Return the newest origins to offer while a person types; others are found by name."""
    return origins_known_to(actor).order_by("-pk")[:MOST_CHOICES]


def origin_meant(actor: Actor, words: str) -> Origin | None:
    """Return the origin a person named: by reference anywhere in `words`, or by its whole name.

    Raises:
        InvalidInput: field `origin`; nobody of that name is on record, or several are.
    """
    known = origins_known_to(actor)
    if not words.strip():
        return None
    for word in words.replace("(", " ").replace(")", " ").split():
        reference = read_reference(word, "OR")
        found = known.filter(reference=reference).first() if reference else None
        if found is not None:
            return found
    named = list(known.filter(name__iexact=words.strip())[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise InvalidInput("origin", "Several origins have this name: give the reference.")
    raise InvalidInput("origin", "No origin of this name is on record: add it first.")
