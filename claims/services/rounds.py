"""Rounds of work: a claim's review opens, ends, and opens again."""

from collections.abc import Sequence

from claims.errors import InvalidInput
from claims.models import Claim, Flag, Review
from claims.services.ledger import Recorder, Text
from claims.services.sources import look_again
from claims.states import EntryKind, ReviewOutcome


def open_review(claim: Claim, *, reason: str, record: Recorder) -> Review:
    """Return the claim's open review, opening one if there is none."""
    return open_reviews([(claim, reason)], record=record)[claim.pk]


def open_reviews(wanted: Sequence[tuple[Claim, str]], *, record: Recorder) -> dict[int, Review]:
    """Return the open review of each locked claim by claim id, opening those that are missing.

    Args:
        wanted: different claims, each with the reason for which it goes back to people.
        record: of the running transaction.
    """
    claims = [claim.pk for claim, _ in wanted]
    rows = Review.objects.filter(claim__in=claims, ended_at__isnull=True)
    found = {review.claim_id: review for review in rows}
    missing = [
        Review(claim=claim, reason=reason, opened_at=record.at, opened_by_id=record.actor.user_id)
        for claim, reason in wanted
        if claim.pk not in found
    ]
    for review in Review.objects.bulk_create(missing):
        record.add(
            EntryKind.REVIEW_OPENED,
            claim=review.claim.reference,
            sets={
                review.reference: {
                    "state": "open",
                    "reason": Text(review.reason),
                    "opened_at": record.at,
                }
            },
        )
        found[review.claim_id] = review
    return found


def reopen(claim: Claim, *, record: Recorder) -> None:
    """Put a closed claim back to work."""
    if claim.closed_at is None:
        return
    claim.closed_at = None
    claim.close_reason = ""
    look_again(claim, record=record)
    record.add(
        EntryKind.CLAIM_REOPENED,
        claim=claim.reference,
        sets={
            claim.reference: {
                "closed_at": None,
                "close_reason": None,
                "replaced_by": claim.replaced_by.reference if claim.replaced_by else None,
            }
        },
    )


def end_review(
    claim: Claim, *, outcome: ReviewOutcome, record: Recorder, rationale: str = ""
) -> Review | None:
    """End the claim's open review, if there is one; its flags are the caller's to answer."""
    review = Review.objects.filter(claim=claim, ended_at__isnull=True).first()
    if review is None:
        return None
    review.ended_at = record.at
    review.ended_by_id = record.actor.user_id
    review.outcome = outcome
    review.taken_until_at = None
    review.save(update_fields=["ended_at", "ended_by", "outcome", "taken_until_at"])
    record.add(
        EntryKind.REVIEW_ENDED,
        claim=claim.reference,
        sets={review.reference: {"state": "ended", "outcome": outcome, "ended_at": record.at}},
        rationale=Text(rationale),
    )
    return review


def return_to_work(claim: Claim, *, reason: str, record: Recorder) -> None:
    """Open a review again after a proposal ended without approval, open flags and all."""
    review = open_review(claim, reason=reason, record=record)
    Flag.objects.filter(claim=claim, answered_at__isnull=True).update(review=review)


def required(text: str, name: str = "rationale") -> str:
    """Return the text without surrounding white space, or say which field is empty."""
    text = text.strip()
    if not text:
        raise InvalidInput(name, "say why in a few words.")
    return text
