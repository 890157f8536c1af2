"""Who works on which open review: taken for a while, assigned, due, more or less urgent.

Whose a review is, when it is due and how urgent its claim is are decisions: each is an entry.
That somebody is at it just now is none: it ends by itself, without anybody acting, so an entry
would go on saying what is no longer so. It lies in the review's row alone (`taken_by`,
`taken_until_at`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from claims.access import require, reviews_visible_to
from claims.errors import InvalidInput, NotFound, RuleRefused
from claims.models import Claim, Flag, Review, User
from claims.queries.causes import MOST_TOGETHER
from claims.queries.desk import colleagues_at
from claims.queries.queue import (
    EVERYTHING,
    PRIORITY_HOURS,
    Wanted,
    counts_from_sql,
    decided_by,
    is_free,
    lead_cause,
    takeable,
)
from claims.services import edits, fields
from claims.services.ledger import Recorder, Text, recording
from claims.services.notifications import tell
from claims.services.settle import lock_claim, settle
from claims.states import EntryKind, NotificationKind, Verb
from claims.types import Actor

TAKEN_FOR = timedelta(minutes=settings.REVIEW_TAKEN_MIN)
MOST_RECKONED = 2_000
HANDING_OUT = 0x57E8
"""Advisory lock: places are reckoned, and reviews handed out, by one at a time."""


def take_next(actor: Actor, *, wanted: Wanted = EVERYTHING) -> Review | None:
    """Give the most urgent free review to one person; None where nothing is free.

    Of two people at once each gets another: one chooses after the other, and a row that some
    other writer holds is passed over. With a review come the free ones that the same source
    change opened, up to `MOST_TOGETHER`: they are answered on one page, by one person.

    Args:
        actor: a fact-checker or editor; reviews assigned to others are left to them.
        wanted: the part of the queue to take from.
    """
    reckon_places()
    with transaction.atomic():
        _alone()
        free = takeable(actor, wanted).select_for_update(
            of=("self",), skip_locked=True, no_key=True
        )
        review = free.select_related("claim__desk").first()
        if review is None:
            return None
        require(actor, Verb.DECIDE, review.claim.desk)
        together = [review.pk, *_together(actor, review)]
        Review.objects.filter(pk__in=together).update(**_hold(actor))
        review.refresh_from_db(fields=["taken_by", "taken_until_at"])
        return review


def _together(actor: Actor, review: Review) -> list[int]:
    """Lock and return the free reviews the same change of a source opened, this one left out."""
    flags = Flag.objects.filter(claim=review.claim_id, answered_at__isnull=True)
    first = flags.order_by("raised_at", "pk").first()
    if first is None:
        return []
    free = takeable(actor).exclude(pk=review.pk)
    return list(_under(free, first.cause)[: MOST_TOGETHER - 1].values_list("pk", flat=True))


def _under(rows: QuerySet[Review], cause: UUID) -> QuerySet[Review]:
    """Lock those of some reviews that are worked under one cause, what others lock left out."""
    touched = Flag.objects.filter(cause=cause, answered_at__isnull=True)
    own = rows.filter(claim__in=touched.values("claim")).annotate(lead=lead_cause())
    return own.filter(lead=cause).select_for_update(of=("self",), skip_locked=True, no_key=True)


def _hold(actor: Actor) -> dict[str, object]:
    return {"taken_by": actor.user_id, "taken_until_at": Now() + TAKEN_FOR}


def take_together(actor: Actor, cause: UUID) -> int:
    """Take the free reviews worked under one cause, and go on having one's own; return how many.

    Raises:
        RuleRefused: others have them all.
    """
    with transaction.atomic():
        _alone()
        own = Q(taken_by=actor.user_id)
        free = decided_by(actor).filter(is_free() | own)
        ids = list(_under(free, cause)[:MOST_TOGETHER].values_list("pk", flat=True))
        if not ids:
            raise RuleRefused("None of these reviews is free to take.")
        return Review.objects.filter(pk__in=ids).update(**_hold(actor))


def release_together(actor: Actor, cause: UUID) -> int:
    """Give back every review worked under one cause that the person has; return how many."""
    with transaction.atomic():
        own = decided_by(actor).filter(taken_by=actor.user_id, taken_until_at__gt=Now())
        ids = list(_under(own, cause).values_list("pk", flat=True))
        return Review.objects.filter(pk__in=ids).update(taken_until_at=None)


def take(actor: Actor, reference: str) -> Review:
    """Take one review, or go on having it; one whose time ran out may be taken over.

    Raises:
        NotFound: no such review for this actor.
        NotAllowed: they decide nothing at its desk.
        RuleRefused: it has ended, or somebody else has it.
    """
    with transaction.atomic():
        review = _lock_review(actor, reference)
        held = Review.objects.filter(pk=review.pk, taken_until_at__gt=Now()).exists()
        if held and review.taken_by_id != actor.user_id:
            raise RuleRefused(f"{review.taken_by} has taken this review meanwhile.")
        Review.objects.filter(pk=review.pk).update(**_hold(actor))
        review.refresh_from_db(fields=["taken_by", "taken_until_at"])
        return review


def release(actor: Actor, reference: str) -> Review:
    """Give a review back before its time runs out.

    Raises:
        RuleRefused: it has ended, or it is not theirs to give back.
    """
    with transaction.atomic():
        review = _lock_review(actor, reference)
        if review.taken_by_id != actor.user_id:
            raise RuleRefused("You have not taken this review.")
        review.taken_until_at = None
        review.save(update_fields=["taken_until_at"])
        return review


def _lock_review(actor: Actor, reference: str) -> Review:
    rows = reviews_visible_to(actor).select_related("claim__desk", "taken_by")
    review = rows.select_for_update(of=("self",), no_key=True).filter(reference=reference).first()
    return _open(actor, review)


def _open(actor: Actor, review: Review | None) -> Review:
    if review is None:
        raise NotFound("There is no such review.")
    require(actor, Verb.DECIDE, review.claim.desk)
    if review.ended_at is not None:
        raise RuleRefused("This review has ended.")
    return review


def assign(actor: Actor, reference: str, *, to: str) -> Review:
    """Say whose review it is, until that changes; an entry.

    Args:
        actor: a fact-checker or editor of its desk.
        reference: of the review (RE-...).
        to: the reference of a fact-checker or editor of the same desk (PE-...); empty for nobody.

    Raises:
        InvalidInput: field `to`: they do not decide at this desk.
    """
    with recording(actor) as record:
        review, claim = _lock_with_claim(actor, reference)
        person = _colleague(claim, to) if to else None
        if review.assignee_id == (person.pk if person else None):
            return review
        give(review, claim, to=person, record=record)
        told = [person.pk] if person else []
        kind = NotificationKind.ASSIGNED
        tell(kind, claim=claim, to=told, record=record, about=review.reference)
        return review


def give(review: Review, claim: Claim, *, to: User | None, record: Recorder) -> None:
    """Say whose a review is, claim and review locked by the caller; an entry."""
    review.assignee = to
    review.save(update_fields=["assignee"])
    record.add(
        EntryKind.REVIEW_ASSIGNED,
        claim=claim.reference,
        sets={review.reference: {"assignee": to.reference if to else None}},
        note=Text(f"to {to}" if to else "to nobody"),
    )


def _lock_with_claim(actor: Actor, reference: str) -> tuple[Review, Claim]:
    """Lock the claim first, then its review: the order every writer keeps."""
    found = reviews_visible_to(actor).filter(reference=reference).values_list("claim_id", flat=True)
    claim_id = found.first()
    if claim_id is None:
        raise NotFound("There is no such review.")
    claim = lock_claim(actor, claim_id, verb=Verb.DECIDE)
    return _lock_review(actor, reference), claim


def _colleague(claim: Claim, reference: str) -> User:
    person = colleagues_at(claim).filter(reference=reference).first()
    if person is None:
        raise InvalidInput("to", f"nobody of that name decides at the desk “{claim.desk}”.")
    return person


def set_due(actor: Actor, reference: str, *, due_at: datetime | None) -> Review:
    """Say until when a review is to be done, or that it is due no more; an entry.

    Raises:
        InvalidInput: field `due_at`: it lies before the review opened.
    """
    with recording(actor) as record:
        review, claim = _lock_with_claim(actor, reference)
        if due_at is not None and due_at <= review.opened_at:
            raise InvalidInput("due_at", "lies before the review opened.")
        if review.due_at == due_at:
            return review
        review.due_at, review.counts_from_at = due_at, None
        review.save(update_fields=["due_at", "counts_from_at"])
        record.add(
            EntryKind.REVIEW_DUE_SET,
            claim=claim.reference,
            sets={review.reference: {"due_at": due_at}},
        )
        return review


def set_priority(actor: Actor, reference: str, *, priority: int) -> Claim:
    """Say how urgent a review's claim is: 1 high, 2 usual, 3 low; an entry."""
    with recording(actor) as record:
        _, claim = _lock_with_claim(actor, reference)
        fields.whole("priority", priority, least=min(PRIORITY_HOURS), most=max(PRIORITY_HOURS))
        if claim.priority != priority:
            edits.apply_edit(claim, {"claim": {"priority": priority}}, record=record)
            settle(claim, record=record)
        return claim


def reckon_places() -> int:
    """Give every review that has none its place in the queue; return how many.

    A review loses its place whenever its claim changes (a trigger), and is new without one. Rows
    that somebody is changing are left for the next look.
    """
    unplaced = Review.objects.filter(ended_at__isnull=True, counts_from_at__isnull=True)
    if not unplaced.exists():
        return 0
    with transaction.atomic():
        _alone()
        rows = unplaced.select_for_update(skip_locked=True, no_key=True).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:MOST_RECKONED])
        return Review.objects.filter(pk__in=ids).update(counts_from_at=counts_from_sql())


def _alone() -> None:
    """Wait until nobody else hands out reviews, and let nobody until the transaction ends.

    Locks on rows would not do: of the reviews of one change two people could get some each.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HANDING_OUT])
