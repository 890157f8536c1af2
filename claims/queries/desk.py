"""What waits for the people of a desk: flagged claims, proposals to sign off, new claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.access import reviews_visible_to, visible_to
from claims.errors import InvalidInput
from claims.models import Claim, Flag, Origin, Proposal, Review, Source
from claims.models.fields import read_reference
from claims.queries.desks import desks_of
from claims.states import ProposalState
from claims.types import Actor

MOST_LINES = 200
MOST_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim under review, with its open flags, oldest first."""

    claim: Claim
    review: Review
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One cause and the claims it touches: one event is worked on together.

    `flags` are those of the cause on all its claims; none where no flag opened the review.
    """

    since_at: datetime
    waiting: tuple[Waiting, ...]
    flags: tuple[Flag, ...] = ()
    source: Source | None = None


def queue_of(actor: Actor) -> tuple[QueueLine, ...]:
    """Return the open reviews of the actor's desks by cause, oldest first; two queries."""
    rows = (
        reviews_visible_to(actor)
        .filter(ended_at__isnull=True, claim__desk__slug__in=desks_of(actor))
        .select_related("claim__desk", "claim__claimant")
        .order_by("opened_at", "pk")
    )
    reviews = list(rows[:MOST_LINES])
    flags = _open_flags(review.claim_id for review in reviews)
    lines: dict[UUID | int, list[Waiting]] = {}
    for review in reviews:
        own = flags.get(review.claim_id, ())
        cause = own[0].cause if own else review.pk
        lines.setdefault(cause, []).append(Waiting(review.claim, review, own))
    return tuple(_line(waiting) for waiting in lines.values())


def _open_flags(claim_ids: Iterable[int]) -> dict[int, tuple[Flag, ...]]:
    rows = Flag.objects.filter(claim_id__in=list(claim_ids), answered_at__isnull=True)
    found: dict[int, tuple[Flag, ...]] = {}
    for flag in rows.select_related("source").order_by("raised_at", "pk"):
        found[flag.claim_id] = (*found.get(flag.claim_id, ()), flag)
    return found


def _line(waiting: list[Waiting]) -> QueueLine:
    first = next(iter(waiting[0].flags), None)
    cause = first.cause if first else None
    return QueueLine(
        since_at=min(item.review.opened_at for item in waiting),
        waiting=tuple(waiting),
        flags=tuple(flag for item in waiting for flag in item.flags if flag.cause == cause),
        source=first.source if first else None,
    )


def proposals_of(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals that wait for sign-off at the actor's desks, oldest first."""
    rows = Proposal.objects.filter(
        state=ProposalState.OPEN,
        claim__in=visible_to(actor),
        claim__desk__slug__in=desks_of(actor),
    )
    rows = rows.select_related("claim__desk", "claim__claimant", "proposed_by")
    return rows.order_by("proposed_at", "pk")[:MOST_LINES]


def new_claims_of(actor: Actor) -> QuerySet[Claim]:
    """Return the claims of the actor's desks nobody decided on or reviews yet, oldest first."""
    begun = Review.objects.filter(claim=OuterRef("pk"), ended_at__isnull=True)
    proposed = Proposal.objects.filter(claim=OuterRef("pk"), state=ProposalState.OPEN)
    rows = visible_to(actor).filter(
        ~Exists(begun),
        ~Exists(proposed),
        desk__slug__in=desks_of(actor),
        decided_at__isnull=True,
        closed_at__isnull=True,
    )
    return rows.select_related("desk", "claimant").order_by("pk")[:MOST_LINES]


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
