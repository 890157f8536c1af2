"""One act on many claims: each in a transaction of its own, through the services of one claim.

Nothing here raises a status: what takes two people is proposed, and nothing is signed off.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import OperationalError, transaction

from claims.access import visible_to
from claims.errors import NotFound, RecordError, RevisionMoved, RuleRefused
from claims.models import Claim, Evidence, Review, Source
from claims.queries.ledger import history
from claims.services import claims, proposals, reviews, sources, status, work
from claims.services.settle import lock_claim
from claims.states import ClaimStatus, CloseReason, Ground, Verb, Visibility
from claims.types import Actor

MOST_AT_ONCE = 200
MOST_ENTRIES_READ = 20
NOT_IN_TIME = "The database did not answer in time: nothing was written for this claim."


class Act(StrEnum):
    """What may be done to many claims at once."""

    ASSIGN = "assign"
    GIVE_BACK = "give_back"
    PRIORITY = "priority"
    DUE = "due"
    STANDS = "stands"
    LOWER = "lower"
    DISPUTE = "dispute"
    CORROBORATE = "corroborate"
    CLOSE = "close"
    LOOK = "look"
    SHOW_TO = "show_to"


@dataclass(frozen=True, slots=True)
class Order:
    """An act with what it needs; fields that belong to other acts stay empty.

    `to` is the reference of a person; `why` the rationale or note, kept with each claim.
    """

    act: Act
    to: str = ""
    priority: int = 0
    due_at: datetime | None = None
    ground: Ground | None = None
    reason: CloseReason | None = None
    visibility: Visibility | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A claim as somebody saw it when they chose it."""

    reference: str
    revision: int


class Fate(StrEnum):
    """What became of one chosen claim."""

    DONE = "done"
    DONE_BEFORE = "done_before"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one chosen claim, or would; `words` say what, or why not."""

    reference: str
    fate: Fate
    words: str


class DoneBefore(RuleRefused):
    """It is so already; nothing more is written."""


def rehearse(actor: Actor, order: Order, chosen: Iterable[Chosen]) -> list[Result]:
    """Say what `carry_out` would do with each claim now: the services run, and are rolled back.

    Args:
        actor: whose rights count.
        order: what is to be done.
        chosen: claims with the revision at which each was chosen.
    """
    return [_result(actor, order, one, is_rehearsal=True) for one in chosen]


def carry_out(
    actor: Actor, order: Order, chosen: Iterable[Chosen], *, since_seq: int = 0
) -> list[Result]:
    """Do it to each claim in its own transaction; a refusal of one leaves the others alone.

    Sent a second time it changes nothing more.

    Args:
        actor: whose rights count.
        order: what is to be done.
        chosen: claims with the revision at which each was chosen; one changed since is left.
        since_seq: the last ledger entry when the claims were shown: tells one's own doubled
            order from somebody else's change. 0 where it is not known.
    """
    return [_result(actor, order, one, since_seq=since_seq) for one in chosen]


def _result(
    actor: Actor, order: Order, one: Chosen, *, is_rehearsal: bool = False, since_seq: int = 0
) -> Result:
    try:
        words = _attempt(actor, order, one, is_rehearsal=is_rehearsal)
    except RevisionMoved as moved:
        if since_seq and _is_own_doing(actor, one.reference, since_seq=since_seq):
            return Result(one.reference, Fate.DONE_BEFORE, "You did this a moment ago.")
        return Result(one.reference, Fate.OVERTAKEN, str(moved))
    except DoneBefore as error:
        return Result(one.reference, Fate.DONE_BEFORE, str(error))
    except RecordError as error:
        return Result(one.reference, Fate.REFUSED, str(error))
    except OperationalError:
        return Result(one.reference, Fate.REFUSED, NOT_IN_TIME)
    return Result(one.reference, Fate.DONE, words)


def _attempt(actor: Actor, order: Order, one: Chosen, *, is_rehearsal: bool) -> str:
    with transaction.atomic():
        words = _act(actor, order, one)
        transaction.set_rollback(is_rehearsal)
    return words


def _act(actor: Actor, order: Order, one: Chosen) -> str:
    claim_id = visible_to(actor).filter(reference=one.reference).values_list("pk", flat=True)
    found = claim_id.first()
    if found is None:
        raise NotFound("There is no such claim.")
    claim = lock_claim(actor, found, verb=Verb.SEE, seen=one.revision)
    return ACTS[order.act](actor, order, claim)


def _is_own_doing(actor: Actor, reference: str, *, since_seq: int) -> bool:
    """Whether all that happened to a claim since was done by this very person."""
    entries = history(actor, reference, limit=MOST_ENTRIES_READ)
    newer = [entry for entry in entries if entry.seq > since_seq]
    people = {(entry.body or {}).get("actor", {}).get("person") for entry in newer}
    return people == {actor.reference}


def _open_review(claim: Claim) -> Review:
    review = Review.objects.filter(claim=claim, ended_at__isnull=True).first()
    if review is None:
        raise RuleRefused("No review of it is open.")
    return review


def _assign(actor: Actor, order: Order, claim: Claim) -> str:
    review = _open_review(claim)
    had = review.assignee_id
    now = work.assign(actor, review.reference, to=order.to)
    if had == now.assignee_id:
        raise DoneBefore(f"Assigned to {now.assignee or 'nobody'} already.")
    return f"assigned to {now.assignee or 'nobody'}"


def _give_back(actor: Actor, _: Order, claim: Claim) -> str:
    review = _open_review(claim)
    is_taken = review.taken_by_id == actor.user_id and review.taken_until_at is not None
    if not is_taken and review.assignee_id != actor.user_id:
        raise DoneBefore("You have not taken it, and it is not assigned to you.")
    if is_taken:
        work.release(actor, review.reference)
    if review.assignee_id == actor.user_id:
        work.assign(actor, review.reference, to="")
    return "given back: anybody may take it"


def _priority(actor: Actor, order: Order, claim: Claim) -> str:
    if claim.priority == order.priority:
        raise DoneBefore("It is as urgent as that already.")
    payload = {"claim": {"priority": order.priority}}
    claims.edit_claim(actor, claim.pk, payload=payload, seen=claim.revision)
    return "its urgency changes"


def _due(actor: Actor, order: Order, claim: Claim) -> str:
    review = _open_review(claim)
    if review.due_at == order.due_at:
        raise DoneBefore("That is its due time already.")
    work.set_due(actor, review.reference, due_at=order.due_at)
    return "due time set" if order.due_at else "due no more"


def _stands(actor: Actor, order: Order, claim: Claim) -> str:
    common = {"rationale": order.why, "seen": claim.revision}
    if claim.status == ClaimStatus.CORROBORATED:
        proposals.propose_stands(actor, claim.pk, **common)  # type: ignore[arg-type]  # two words of two kinds
        return "proposed that it stands: another person signs it off"
    reviews.stands(actor, claim.pk, **common)  # type: ignore[arg-type]  # the same
    return f"stands: {claim.status}"


def _decide(actor: Actor, order: Order, claim: Claim, *, to: ClaimStatus) -> str:
    ground = order.ground or Ground.NOT_REVIEWED
    now = status.decide(
        actor, claim.pk, to=to, ground=ground, rationale=order.why, seen=claim.revision
    )
    waits = "" if now.ground == ground else "; that it is shown false waits for sign-off"
    return f"{claim.status} → {now.status}{waits}"


def _lower(actor: Actor, order: Order, claim: Claim) -> str:
    return _decide(actor, order, claim, to=ClaimStatus.REPORTED)


def _dispute(actor: Actor, order: Order, claim: Claim) -> str:
    return _decide(actor, order, claim, to=ClaimStatus.DISPUTED)


def _corroborate(actor: Actor, order: Order, claim: Claim) -> str:
    proposals.propose(
        actor,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=order.ground or Ground.INDEPENDENT_ORIGINS,
        rationale=order.why,
        seen=claim.revision,
    )
    return "proposed corroborated: nothing changes until another person signs it off"


def _close(actor: Actor, order: Order, claim: Claim) -> str:
    reason = order.reason or CloseReason.NO_LONGER_FOLLOWED
    claims.close(actor, claim.pk, reason=reason, note=order.why, seen=claim.revision)
    return "closed"


def _look(actor: Actor, _: Order, claim: Claim) -> str:
    linked = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True).values("source")
    fetched = Source.objects.filter(pk__in=linked, is_fetched=True).order_by("pk")
    pages = list(fetched.values_list("reference", flat=True))
    if not pages:
        raise RuleRefused("Nothing is linked to it that the watch fetches.")
    for reference in pages:
        sources.recheck_now(actor, reference)
    number = f"{len(pages)} linked sources are" if len(pages) > 1 else "its linked source is"
    return f"{number} looked at in the next round"


def _show_to(actor: Actor, order: Order, claim: Claim) -> str:
    to = order.visibility or Visibility.RESTRICTED
    if claim.visibility == to:
        raise DoneBefore("It is seen so already.")
    claims.set_visibility(actor, claim.pk, to=to, seen=claim.revision)
    return f"{claim.visibility} → {to}"


ACTS: Mapping[Act, Callable[[Actor, Order, Claim], str]] = {
    Act.ASSIGN: _assign,
    Act.GIVE_BACK: _give_back,
    Act.PRIORITY: _priority,
    Act.DUE: _due,
    Act.STANDS: _stands,
    Act.LOWER: _lower,
    Act.DISPUTE: _dispute,
    Act.CORROBORATE: _corroborate,
    Act.CLOSE: _close,
    Act.LOOK: _look,
    Act.SHOW_TO: _show_to,
}
"""How each act is done to one locked claim; returns what happened, in a few words."""
