"""Flags open reviews; people end them."""

import uuid
from dataclasses import dataclass, field

from claims.errors import InvalidInput, RuleRefused, TransitionRefused
from claims.models import Claim, Evidence, Flag, Review, Snapshot, Source
from claims.services.ledger import Recorder, Text, recording
from claims.services.rounds import end_review, open_review, reopen, required
from claims.services.settle import FLAG_WORDS, lock_claim, settle
from claims.states import (
    GROUNDS,
    ClaimStatus,
    EntryKind,
    FlagAnswer,
    FlagKind,
    Ground,
    ReviewOutcome,
    Verb,
)
from claims.types import Actor

RAISED_BY_PEOPLE = frozenset({FlagKind.OBJECTION, FlagKind.COMPLAINT, FlagKind.TIP})


@dataclass(frozen=True, slots=True)
class Cause:
    """The one event behind a flag: flags that share `id` are worked on one page."""

    source: Source | None = None
    before: Snapshot | None = None
    after: Snapshot | None = None
    is_stealth: bool = False
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def raise_flag(
    claim: Claim,
    kind: FlagKind,
    *,
    record: Recorder,
    cause: Cause,
    evidence: Evidence | None = None,
    found: str = "",
    detail: str = "",
) -> Flag | None:
    """Raise one flag on a locked claim, opening its review; the same flag is raised once.

    The caller settles the claim afterwards. Returns None where the very flag is there already.
    """
    if Flag.objects.filter(claim=claim, kind=kind, cause=cause.id, evidence=evidence).exists():
        return None
    reopen(claim, record=record)
    review = open_review(claim, reason=FLAG_WORDS[kind], record=record)
    person = record.actor.user_id
    flag = Flag.objects.create(
        claim=claim,
        review=review,
        kind=kind,
        cause=cause.id,
        source=cause.source,
        evidence=evidence,
        before=cause.before,
        after=cause.after,
        found=found,
        detail=detail,
        is_stealth=cause.is_stealth,
        raised_at=record.at,
        raised_by_id=person,
    )
    record.add(
        EntryKind.FLAG_RAISED,
        claim=claim.reference,
        flag=kind,
        cause=str(cause.id),
        review=review.reference,
        evidence=evidence.reference if evidence else None,
        about_source=cause.source.reference if cause.source else None,
        before=cause.before.sha256 if cause.before else None,
        after=cause.after.sha256 if cause.after else None,
        found=Text(found),
        comment=Text(detail),
        is_stealth=cause.is_stealth,
    )
    return flag


def answer_flags(claim: Claim, *, answer: FlagAnswer, record: Recorder) -> None:
    """Answer every open flag of a claim in one way."""
    Flag.objects.filter(claim=claim, answered_at__isnull=True).update(
        answered_at=record.at, answered_by_id=record.actor.user_id, answer=answer
    )


def stands(
    actor: Actor, claim_id: int, *, rationale: str, seen: int, ground: Ground | None = None
) -> Claim:
    """End the open review, or the first one: the status stands, because of `rationale`.

    Args:
        actor: a fact-checker or editor of the claim's desk.
        claim_id: which claim.
        rationale: why, in words; kept for good.
        seen: the revision the caller saw.
        ground: a better ground of the same status, as when a first review finds a single origin.

    Raises:
        RuleRefused: the claim is corroborated, so a second person must agree (propose it), or
            there is nothing to review.
        TransitionRefused: `ground` is none of the status, or takes a second person.
    """
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.DECIDE, seen=seen)
        why = required(rationale)
        if claim.status == ClaimStatus.CORROBORATED:
            raise RuleRefused(
                "The claim is corroborated: that it stands takes a second person. Propose it."
            )
        if ground is not None:
            _require_same_status(claim, ground)
        apply_stands(claim, rationale=why, record=record, ground=ground)
        settle(claim, record=record)
        return claim


def _require_same_status(claim: Claim, ground: Ground) -> None:
    grounds = GROUNDS[ClaimStatus(claim.status)]
    if ground not in grounds:
        names = ", ".join(grounds)
        raise TransitionRefused(f"“{ground}” is no ground for {claim.status}: {names}.")
    if ground is Ground.SHOWN_FALSE:
        raise TransitionRefused("That it is shown false takes a second person: propose it.")


def apply_stands(
    claim: Claim, *, rationale: str, record: Recorder, ground: Ground | None = None
) -> None:
    """Answer all open flags *stands*, set a better ground if there is one, and end the review."""
    review = Review.objects.filter(claim=claim, ended_at__isnull=True).first()
    is_first = claim.decided_at is None
    if review is None and not claim.open_flags and not is_first:
        raise RuleRefused("There is no open review or flag to answer.")
    answer_flags(claim, answer=FlagAnswer.STANDS, record=record)
    claim.decided_at = claim.decided_at or record.at
    if ground is not None and ground != claim.ground:
        claim.ground = ground
        record.add(
            EntryKind.GROUND_CHANGED,
            claim=claim.reference,
            sets={claim.reference: {"ground": ground}},
        )
    record.add(
        EntryKind.REVIEW_STANDS,
        claim=claim.reference,
        review=review.reference if review else None,
        rationale=Text(rationale),
    )
    end_review(claim, outcome=ReviewOutcome.STANDS, record=record)


def ask_for_review(
    actor: Actor, claim_id: int, *, kind: FlagKind, detail: str, seen: int | None = None
) -> Claim:
    """Raise a flag by hand: an objection, a complaint or a tip."""
    if kind not in RAISED_BY_PEOPLE:
        raise InvalidInput("kind", f"“{kind}” is raised by the watch, not by people.")
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.SEE, seen=seen)
        raise_flag(claim, kind, record=record, cause=Cause(), detail=required(detail, "detail"))
        settle(claim, record=record)
        return claim
