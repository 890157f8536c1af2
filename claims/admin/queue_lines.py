"""The queue in words: why each review is there, what brings it forward, who has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.models import Claim, Proposal, Review
from claims.present.badges import Badge, BasisFacts
from claims.present.claim_page import badge_of, claimant_words
from claims.present.evidence import source_words
from claims.present.pending import pending_words
from claims.present.words import counted, label
from claims.queries.desk import QueueLine, Waiting
from claims.queries.desks import desks_of
from claims.queries.queue import (
    ARTICLE_HOURS,
    BEFORE_DUE,
    FLAG_HOURS,
    MOST_ARTICLES,
    PRIORITY_HOURS,
    SHAKEN_HOURS,
    Urgency,
)
from claims.services.settle import FLAG_WORDS
from claims.states import Basis, ClaimKind, ClaimStatus, FlagKind, Ground, ProposalKind
from claims.types import Actor

DAY_HOURS = 24
GRAVEST_FIRST = sorted(FlagKind, key=lambda kind: -FLAG_HOURS[kind])
PRIORITY_WORDS = {1: "high urgency", 2: "", 3: "low urgency"}


@dataclass(frozen=True, slots=True)
class Taken:
    """Who is at a review just now; nobody where `who` is empty."""

    who: str = ""
    until: datetime | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """What a line says of one open review besides its claim."""

    reference: str
    place: str
    taken: Taken
    assignee: str
    is_own: bool
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim in a list of the desk; `review` where one is open."""

    reference: str
    statement: str
    language: str
    claimant: str
    desk: str
    badge: Badge
    ground: str
    basis: BasisFacts
    flags: tuple[FlagKind, ...] = ()
    review: ReviewWords | None = None
    revision: int = 0
    pending: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One cause of work and the claims it touches; `more` of them are not shown here."""

    why: str
    source: str
    source_reference: str
    is_stealth: bool
    since: datetime
    cause: str
    touches: int
    more: int
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One proposal that waits for another person."""

    reference: str
    claim: ClaimRow
    who: str
    what: str
    to: Badge | None
    ground: str
    rationale: str
    since: datetime
    is_own: bool


MOST_CLAIMS = 3
"""Claims of one cause shown in its line; the rest are on its own page."""


def claim_row(
    claim: Claim,
    actor: Actor,
    *,
    flags: Iterable[FlagKind] = (),
    review: ReviewWords | None = None,
    pending: Mapping[str, str] | None = None,
) -> ClaimRow:
    """Return one claim as a list shows it; `pending` is its open proposal, where it is not told."""
    return ClaimRow(
        reference=claim.reference,
        statement=claim.statement,
        language=claim.language,
        claimant=claimant_words(claim, desks=desks_of(actor)),
        desk=claim.desk.name,
        badge=badge_of(claim),
        ground=label(Ground(claim.ground)),
        basis=BasisFacts(
            basis=Basis(claim.basis),
            since=claim.basis_since_at,
            why=claim.basis_reason,
            origins=claim.independent_origins,
        ),
        flags=tuple(flags),
        review=review,
        revision=claim.revision,
        pending=pending_words(pending, kind=ClaimKind(claim.kind)),
    )


def line_of(line: QueueLine, actor: Actor, *, now: datetime) -> Line:
    """Return one line of the queue in words."""
    kinds = {FlagKind(flag.kind) for flag in line.flags}
    reasons = [FLAG_WORDS[kind] for kind in GRAVEST_FIRST if kind in kinds]
    is_shared = line.touches > 1 and line.cause is not None
    shown = line.waiting[:MOST_CLAIMS] if is_shared else line.waiting
    return Line(
        why="; ".join(reasons) or line.waiting[0].review.reason or "asked for by a person",
        source=source_words(line.source) if line.source else "",
        source_reference=line.source.reference if line.source else "",
        is_stealth=any(flag.is_stealth for flag in line.flags),
        since=line.since_at,
        cause=str(line.cause) if is_shared else "",
        touches=line.touches,
        more=line.touches - len(shown),
        claims=tuple(_waiting(item, actor, now=now) for item in shown),
    )


def _waiting(item: Waiting, actor: Actor, *, now: datetime) -> ClaimRow:
    kinds = dict.fromkeys(FlagKind(flag.kind) for flag in item.flags)
    words = review_words(item.review, actor, urgency=item.urgency, now=now)
    pending = item.review.pending  # type: ignore[attr-defined]  # annotated
    return claim_row(item.claim, actor, flags=kinds, review=words, pending=pending)


def review_words(
    review: Review, actor: Actor, *, urgency: Urgency | None, now: datetime
) -> ReviewWords:
    """Return what is said of one open review; its place only where its urgency is known."""
    return ReviewWords(
        reference=review.reference,
        place=place_words(urgency) if urgency else "",
        taken=taken_words(review, actor, now=now),
        assignee=str(review.assignee) if review.assignee else "",
        is_own=review.assignee_id == actor.user_id,
        due_at=review.due_at,
        is_overdue=review.due_at is not None and review.due_at < now,
    )


def taken_words(review: Review, actor: Actor, *, now: datetime) -> Taken:
    """Say who is at a review, while their time runs."""
    until = review.taken_until_at
    if until is None or until <= now or review.ended_at is not None:
        return Taken()
    return Taken(str(review.taken_by), until, is_own=review.taken_by_id == actor.user_id)


def place_words(urgency: Urgency) -> str:
    """Say what brings a review forward or puts it back, part by part; empty for its age alone."""
    parts = [f"{reason} {_span(hours)}" for reason, hours in _parts(urgency) if hours]
    return ", ".join(parts)


def _parts(urgency: Urgency) -> Iterator[tuple[str, int]]:
    if urgency.flag is not None:
        yield label(urgency.flag), FLAG_HOURS[urgency.flag]
    if urgency.is_shaken:
        yield "corroborated but shaken", SHAKEN_HOURS
    if urgency.articles:
        where = counted(urgency.articles, one="published article") + " of ours"
        yield f"in {where}", ARTICLE_HOURS * min(urgency.articles, MOST_ARTICLES)
    yield PRIORITY_WORDS[urgency.priority], PRIORITY_HOURS[urgency.priority]


def _span(hours: int) -> str:
    days, rest = divmod(abs(hours), DAY_HOURS)
    amount = f"{abs(hours)} h" if rest else f"{days} d"
    return f"{'+' if hours > 0 else '−'}{amount}"


def order_words() -> list[tuple[str, str]]:
    """Return the whole formula of the order as a table: what counts, and how much."""
    rows: list[tuple[str, str]] = []
    for hours in sorted(set(FLAG_HOURS.values()), reverse=True):
        kinds = [label(kind) for kind in GRAVEST_FIRST if FLAG_HOURS[kind] == hours]
        rows.append((", ".join(kinds), _span(hours) if hours else "nothing"))
    return [
        *rows,
        ("corroborated, and its basis no longer holds", _span(SHAKEN_HOURS)),
        (
            f"each published article of ours it is in, up to {MOST_ARTICLES}",
            _span(ARTICLE_HOURS),
        ),
        *((word, _span(PRIORITY_HOURS[at])) for at, word in PRIORITY_WORDS.items() if word),
        ("a due time", f"at least as if opened {BEFORE_DUE.days} d before it"),
    ]


def sign_off_row(row: Proposal, actor: Actor) -> SignOffRow:
    """Return one proposal in words."""
    is_status = ProposalKind(row.kind) is ProposalKind.STATUS
    kind = ClaimKind(row.claim.kind)
    return SignOffRow(
        reference=row.reference,
        claim=claim_row(row.claim, actor),
        who=str(row.proposed_by),
        what=label(ProposalKind(row.kind)),
        to=Badge(ClaimStatus(row.to_status), kind) if is_status else None,
        ground=label(Ground(row.ground)) if row.ground else "",
        rationale=row.rationale,
        since=row.proposed_at,
        is_own=row.proposed_by_id == actor.user_id,
    )
