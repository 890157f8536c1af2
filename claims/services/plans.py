"""Change a review's plan only where it still is what its reader saw."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.db import transaction

from claims.access import reviews_visible_to
from claims.errors import NotFound, RuleRefused
from claims.models import Review
from claims.services import work
from claims.services.settle import lock_claim
from claims.states import Verb
from claims.types import Actor


class PlanMoved(RuleRefused):
    """Somebody changed the plan since its reader saw it."""


def _due(review: Review) -> str:
    return review.due_at.astimezone(UTC).isoformat() if review.due_at else ""


PLANNED: Mapping[str, Callable[[Review], str]] = {
    "to": lambda review: review.assignee.reference if review.assignee else "",
    "due_at": _due,
    "priority": lambda review: str(review.claim.priority),
}
"""The parts of a plan, and how each stands, in words that can be compared."""


def change_plan(
    actor: Actor, reference: str, *, part: str, to: str | datetime | int | None, was: str
) -> Review:
    """Set one part of a plan; where it is so already, nothing is written.

    Args:
        actor: a fact-checker or editor of its desk.
        reference: of the review.
        part: one of `PLANNED`.
        to: what it is to be: a person's reference, a time, an urgency.
        was: how it stood when its reader saw it, as `PLANNED` says it.

    Raises:
        PlanMoved: it stands otherwise by now.
        RecordError: as `work.assign`, `work.set_due` and `work.set_priority`.
    """
    with transaction.atomic():
        review = _locked(actor, reference)
        now = PLANNED[part](review)
        wanted = to.astimezone(UTC).isoformat() if isinstance(to, datetime) else str(to or "")
        if now == wanted:
            return review
        if now != was:
            raise PlanMoved("Somebody changed this meanwhile.")
        if isinstance(to, int):
            work.set_priority(actor, reference, priority=to)
        elif part == "to":
            work.assign(actor, reference, to=wanted)
        else:
            work.set_due(actor, reference, due_at=to if isinstance(to, datetime) else None)
        return _read(actor, reference)


def _locked(actor: Actor, reference: str) -> Review:
    lock_claim(actor, _read(actor, reference).claim_id, verb=Verb.DECIDE)
    return _read(actor, reference)


def _read(actor: Actor, reference: str) -> Review:
    rows = reviews_visible_to(actor).select_related("claim__desk", "assignee")
    review = rows.filter(reference=reference).first()
    if review is None:
        raise NotFound("There is no such review.")
    return review
