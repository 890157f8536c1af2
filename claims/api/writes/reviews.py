"""Work a review: take it, say whose it is and until when, and end it."""

from http import HTTPStatus

from typing_extensions import override

from claims.access import reviews_visible_to
from claims.api.answers import reviews as answers
from claims.api.reviews import OneReview
from claims.api.writes.bodies import RATIONALE
from claims.api.writes.fields import MOMENT, Body, Field, reference, word
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.errors import InvalidInput, NotFound, RuleRefused
from claims.models import Claim, Review
from claims.models.fields import read_reference
from claims.services import proposals, reviews, work
from claims.services.settle import lock_claim
from claims.states import ClaimStatus, Ground, Verb

TAKE = Operation("take_review", Body(), answers.Review, Verb.DECIDE, is_matched=False)
RELEASE = Operation("release_review", Body(), answers.Review, Verb.DECIDE, is_matched=False)
ASSIGN = Operation(
    "assign_review",
    Body(
        {
            "to": Field(
                reference("PE"),
                "a fact-checker or editor of the desk; null for nobody",
                is_required=True,
                may_be_null=True,
            )
        }
    ),
    answers.Review,
    Verb.DECIDE,
    example={"to": "PE-7K2M9Q"},
)
DUE = Operation(
    "set_review_due",
    Body({"due_at": Field(MOMENT, "null: due no more", is_required=True, may_be_null=True)}),
    answers.Review,
    Verb.DECIDE,
    example={"due_at": "2024-10-21T16:00:00Z"},
)
STANDS = Operation(
    "let_stand",
    Body({"rationale": RATIONALE, "ground": Field(word(Ground), "a better one of its status")}),
    answers.Review,
    Verb.DECIDE,
    statuses=(HTTPStatus.OK, HTTPStatus.ACCEPTED),
    example={"rationale": "The page moved its figure into the second paragraph; it is the same."},
)


class ReadReview(OneReview):
    """One review as it is answered: its revision is its claim's."""

    @override
    def state(self, **names: str) -> str:
        named = read_reference(names["reference"], "RE") or ""
        found = reviews_visible_to(self.actor).filter(reference=named)
        self.revision = found.values_list("claim__revision", flat=True).first()
        return super().state(**names)


class ReviewStep(Writing):
    """Something done to one review."""

    reader = ReadReview
    reader_route = "api-review"


class Taking(ReviewStep):
    """Where a review is taken."""

    @writes(TAKE)
    def post(self, act: Act) -> Done:
        """Take a review, or go on having it: for half an hour nobody else is handed it."""
        work.take(act.actor, _name(act))
        return Done(act.reference)


class Release(ReviewStep):
    """Where a review is given back."""

    @writes(RELEASE)
    def post(self, act: Act) -> Done:
        """Give back a review before its time runs out."""
        work.release(act.actor, _name(act))
        return Done(act.reference)


class Assignment(ReviewStep):
    """Where it is said whose a review is."""

    @writes(ASSIGN)
    def post(self, act: Act) -> Done:
        """Say whose a review is, until that changes."""
        _seen_claim(act)
        work.assign(act.actor, _name(act), to=act.given["to"] or "")
        return Done(act.reference)


class Deadline(ReviewStep):
    """Where it is said when a review is due."""

    @writes(DUE)
    def post(self, act: Act) -> Done:
        """Say until when a review is to be done, or that it is due no more."""
        _seen_claim(act)
        work.set_due(act.actor, _name(act), due_at=act.given["due_at"])
        return Done(act.reference)


class Standing(ReviewStep):
    """Where a review ends without a change of status."""

    @writes(STANDS)
    def post(self, act: Act) -> Done:
        """End a review: the status stands, and its flags are answered.

        Of a corroborated claim that is a proposal: another person signs it off (202).
        """
        claim = _seen_claim(act)
        _require_open(act)
        rationale, ground = act.given["rationale"], act.given.get("ground")
        if claim.status != ClaimStatus.CORROBORATED:
            reviews.stands(act.actor, claim.pk, rationale=rationale, seen=act.seen, ground=ground)
            return Done(act.reference)
        if ground is not None:
            raise InvalidInput("ground", "of a corroborated claim it stays as it is.")
        proposals.propose_stands(act.actor, claim.pk, rationale=rationale, seen=act.seen)
        return Done(act.reference, HTTPStatus.ACCEPTED)


def _name(act: Act) -> str:
    return read_reference(act.reference, "RE") or ""


def _found(act: Act) -> Review:
    found = reviews_visible_to(act.actor).filter(reference=_name(act)).first()
    if found is None:
        raise NotFound("There is no such review.")
    return found


def _seen_claim(act: Act) -> Claim:
    """Lock the review's claim, in the revision that was seen."""
    return lock_claim(act.actor, _found(act).claim_id, verb=Verb.SEE, seen=act.seen)


def _require_open(act: Act) -> None:
    if _found(act).ended_at is not None:
        raise RuleRefused("This review has ended.")
