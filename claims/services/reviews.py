"""Flags open reviews; people end them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.errors import InvalidInput, RuleRefused, TransitionRefused
from claims.models import Claim, Evidence, Flag, Review, Snapshot, Source, User
from claims.services import fields
from claims.services.ledger import Plain, Recorder, Text, recording
from claims.services.notifications import tell
from claims.services.rounds import end_review, open_reviews, reopen, required
from claims.services.settle import FLAG_WORDS, lock_claim, settle
from claims.states import (
    GROUNDS,
    ClaimStatus,
    EntryKind,
    FlagAnswer,
    FlagKind,
    Ground,
    NotificationKind,
    ReviewOutcome,
    Role,
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


@dataclass(frozen=True, slots=True)
class NewFlag:
    """One flag to raise: on which claim, why, about which of its evidence, and what was found."""

    claim: Claim
    kind: FlagKind
    cause: Cause
    evidence: Evidence | None = None
    found: str = ""
    detail: str = ""


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
    flag = NewFlag(claim, kind, cause, evidence, found, detail)
    return next(iter(raise_flags([flag], record=record)), None)


def raise_flags(flags: Sequence[NewFlag], *, record: Recorder) -> list[Flag]:
    """Raise flags on locked claims, opening their reviews; the caller settles the claims.

    Returns:
        Those raised, in their order; of one that is there already there is no second.
    """
    new = _not_raised_yet(flags)
    if not new:
        return []
    firsts: dict[int, NewFlag] = {}
    for flag in new:
        firsts.setdefault(flag.claim.pk, flag)
    for first in firsts.values():
        reopen(first.claim, record=record)
    reasons = [(first.claim, FLAG_WORDS[first.kind]) for first in firsts.values()]
    reviews = open_reviews(reasons, record=record)
    raised = [_flag(flag, reviews[flag.claim.pk], record=record) for flag in new]
    return Flag.objects.bulk_create(raised)


def _not_raised_yet(flags: Sequence[NewFlag]) -> list[NewFlag]:
    claims = {flag.claim.pk for flag in flags}
    causes = {flag.cause.id for flag in flags}
    there = Flag.objects.filter(claim__in=claims, cause__in=causes)
    seen: set[tuple[object, ...]] = set(there.values_list("claim", "kind", "cause", "evidence"))
    new = []
    for flag in flags:
        evidence = flag.evidence.pk if flag.evidence else None
        key = (flag.claim.pk, flag.kind.value, flag.cause.id, evidence)
        if key not in seen:
            seen.add(key)
            new.append(flag)
    return new


def _flag(flag: NewFlag, review: Review, *, record: Recorder) -> Flag:
    """Enter one flag in the ledger and return its row, not yet saved."""
    claim, cause, evidence = flag.claim, flag.cause, flag.evidence
    record.add(
        EntryKind.FLAG_RAISED,
        claim=claim.reference,
        flag=flag.kind,
        cause=str(cause.id),
        review=review.reference,
        evidence=evidence.reference if evidence else None,
        about_source=cause.source.reference if cause.source else None,
        before=cause.before.sha256 if cause.before else None,
        after=cause.after.sha256 if cause.after else None,
        found=Text(flag.found),
        comment=Text(flag.detail),
        is_stealth=cause.is_stealth,
        raised_at=record.at,
    )
    return Flag(
        claim=claim,
        review=review,
        kind=flag.kind,
        cause=cause.id,
        source=cause.source,
        evidence=evidence,
        before=cause.before,
        after=cause.after,
        found=flag.found,
        detail=flag.detail,
        is_stealth=cause.is_stealth,
        raised_at=record.at,
        raised_by_id=record.actor.user_id,
    )


def answer_flags(claim: Claim, *, answer: FlagAnswer, record: Recorder) -> None:
    """Answer every open flag of a claim in one way, and tell whoever raised one.

    The entry of the decision that answers them says so; the caller has made it.
    """
    flags = Flag.objects.filter(claim=claim, answered_at__isnull=True)
    raised_by = list(flags.exclude(raised_by=None).values_list("raised_by", flat=True))
    if flags.update(answered_at=record.at, answered_by_id=record.actor.user_id, answer=answer):
        told: Plain = {"answer": answer, "at": record.at}
        if not record.beside(claim.reference, flags_answered=told):
            raise ValueError("flags are answered by a decision, which has an entry")
    tell(NotificationKind.FLAG_ANSWERED, claim=claim, to=raised_by, record=record)


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
        sets={claim.reference: {"decided_at": claim.decided_at}},
        review=review.reference if review else None,
        rationale=Text(rationale),
    )
    answer_flags(claim, answer=FlagAnswer.STANDS, record=record)
    end_review(claim, outcome=ReviewOutcome.STANDS, record=record)


def ask_for_review(
    actor: Actor, claim_id: int, *, kind: FlagKind, detail: str, seen: int | None = None
) -> Claim:
    """Raise a flag by hand: an objection, a complaint or a tip.

    Args:
        actor: anybody the claim exists for; an objection is another desk's.
        claim_id: which claim.
        kind: one of `RAISED_BY_PEOPLE`.
        detail: what the desk should know; kept for good.
        seen: the revision the caller saw; None where it does not matter.

    Raises:
        InvalidInput: field `kind`: not raised by people, or an objection to one's own desk; field
            `detail`: empty, too long, or with control characters.
    """
    if kind not in RAISED_BY_PEOPLE:
        raise InvalidInput("kind", f"“{kind}” is raised by the watch, not by people.")
    said = fields.text_of("detail", detail, most=fields.MOST_NOTE, is_required=True)
    with recording(actor) as record:
        claim = lock_claim(actor, claim_id, verb=Verb.SEE, seen=seen)
        if kind is FlagKind.OBJECTION:
            _require_another_desk(actor, claim)
        raise_flag(claim, kind, record=record, cause=Cause(), detail=said)
        if kind is FlagKind.OBJECTION:
            editors = _editors_of(claim)
            tell(NotificationKind.OBJECTION_RAISED, claim=claim, to=editors, record=record)
        settle(claim, record=record)
        return claim


def may_object(actor: Actor, claim: Claim) -> bool:
    """Whether the actor belongs to another desk than the claim's: only those object."""
    return bool(actor.roles) and actor.role_at(claim.desk.slug) is None


def _require_another_desk(actor: Actor, claim: Claim) -> None:
    if not may_object(actor, claim):
        raise InvalidInput("kind", "an objection is another desk's; at your own, send a tip.")


def _editors_of(claim: Claim) -> list[int]:
    editors = User.objects.filter(
        is_active=True,
        memberships__desk=claim.desk_id,
        memberships__ended_at__isnull=True,
        memberships__role=Role.EDITOR,
    )
    return list(editors.values_list("pk", flat=True))
