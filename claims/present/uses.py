"""Words in print: what they rely on, how that stands now, and what was answered for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.models import Use
from claims.present.badges import Badge
from claims.present.claim_page import badge_of
from claims.present.evidence import web_url
from claims.queries.uses import Standing
from claims.services.reliance import why_below
from claims.states import Basis, ClaimKind, ClaimStatus, CorrectionAnswer

ANSWERS = {
    CorrectionAnswer.CORRECTED: "corrected",
    CorrectionAnswer.NOT_NEEDED: "no correction needed",
}


@dataclass(frozen=True, slots=True)
class UseAnswer:
    """What an editor answered to the last fall."""

    words: str
    url: str
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UseLine:
    """One use of a claim in an article of ours.

    `relied` is the badge it was printed under, `badge` the present one. `due_since_at` is None
    where nothing is due; `is_level_again` says that the claim has risen since.
    """

    reference: str
    words: str
    language: str
    article: str
    article_title: str
    desk: str
    claim: str
    statement: str
    badge: Badge
    relied: Badge
    relied_seq: int
    recorded_at: datetime
    is_ended: bool
    due_since_at: datetime | None
    reason: str
    is_level_again: bool
    answer: UseAnswer | None


def use_lines(uses: Iterable[Use]) -> tuple[UseLine, ...]:
    """Return uses in words, each with its article and claim (`queries.uses`)."""
    return tuple(use_line(use) for use in uses)


def use_line(use: Use) -> UseLine:
    """Return one use in words."""
    claim, article = use.claim, use.article
    is_due = use.due_since_at is not None and use.answered_at is None
    on = Standing(ClaimStatus(use.relied_status), Basis(use.relied_basis))
    return UseLine(
        reference=use.reference,
        words=use.words,
        language=article.language,
        article=article.reference,
        article_title=article.title,
        desk=article.desk.name,
        claim=claim.reference,
        statement=claim.statement,
        badge=badge_of(claim),
        relied=Badge(on.status, ClaimKind(claim.kind), on.basis),
        relied_seq=use.relied_seq,
        recorded_at=use.recorded_at,
        is_ended=use.ended_at is not None,
        due_since_at=use.due_since_at if is_due else None,
        reason=use.due_reason,
        is_level_again=is_due and claim.replaced_by_id is None and not why_below(on, claim),
        answer=_answer(use),
    )


def _answer(use: Use) -> UseAnswer | None:
    if use.answered_at is None:
        return None
    return UseAnswer(
        words=ANSWERS[CorrectionAnswer(use.answer)],
        url=web_url(use.answer_url),
        note=use.answer_note,
        who=str(use.answered_by),
        at=use.answered_at,
    )
