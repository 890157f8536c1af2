"""Decide on a claim: its status at once or by proposal, its end, and what asks for eyes."""

from http import HTTPStatus

from claims.api.answers import claims as answers
from claims.api.writes.bodies import NOTE, RATIONALE, one_field
from claims.api.writes.claims import ReadClaim, claim_id_of
from claims.api.writes.fields import Body, Field, reference, word
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.errors import RuleRefused
from claims.models import Proposal
from claims.services import proposals
from claims.services.claims import close, reopen_claim
from claims.services.reviews import RAISED_BY_PEOPLE, ask_for_review
from claims.services.settle import lock_claim
from claims.services.status import decide
from claims.states import (
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    ProposalState,
    Verb,
)

_WATCHED = frozenset(FlagKind) - RAISED_BY_PEOPLE
_PARTED = frozenset({CloseReason.SPLIT})

DECIDE = Operation(
    "decide_status",
    Body(
        {
            "status": one_field(
                word(ClaimStatus, but=frozenset({ClaimStatus.CORROBORATED})),
                "disputed, or reported of a corroborated claim",
            ),
            "ground": one_field(word(Ground), "one of the status"),
            "rationale": RATIONALE,
        }
    ),
    answers.Claim,
    Verb.DECIDE,
    example={
        "status": "disputed",
        "ground": "conflicting_accounts",
        "rationale": "The ministry's own figure of the same day is lower.",
    },
)
PROPOSE = Operation(
    "propose_status",
    Body(
        {
            "status": one_field(word(ClaimStatus)),
            "ground": one_field(word(Ground), "one of the status"),
            "rationale": RATIONALE,
        }
    ),
    answers.Claim,
    Verb.PROPOSE,
    statuses=(HTTPStatus.ACCEPTED,),
    example={
        "status": "corroborated",
        "ground": "independent_origins",
        "rationale": "Two agencies of two states say so, each from its own sources.",
    },
)
WITHDRAW = Operation(
    "withdraw_proposal",
    Body({"reason": one_field(NOTE, "why; both people read it")}),
    answers.Claim,
    Verb.PROPOSE,
    example={"reason": "A third account came in."},
)
CLOSE = Operation(
    "close_claim",
    Body(
        {
            "reason": one_field(word(CloseReason, but=_PARTED)),
            "note": one_field(NOTE, "the same in words; kept for good"),
            "replaced_by": Field(reference("ST"), "the claim that stands in its place"),
        }
    ),
    answers.Claim,
    Verb.DECIDE,
    example={"reason": "duplicate", "note": "Said before.", "replaced_by": "ST-7K2M9Q"},
)
REOPEN = Operation(
    "reopen_claim",
    Body({"note": one_field(NOTE, "why; opens a review")}),
    answers.Claim,
    Verb.DECIDE,
    example={"note": "It is said again."},
)
FLAG = Operation(
    "raise_flag",
    Body(
        {
            "kind": one_field(word(FlagKind, but=_WATCHED), "an objection is another desk's"),
            "detail": one_field(NOTE, "what the desk should know; kept for good"),
        }
    ),
    answers.Claim,
    Verb.PROPOSE,
    is_matched=False,
    statuses=(HTTPStatus.CREATED,),
    example={"kind": "complaint", "detail": "A reader writes that the figure is of 2023."},
)


class ClaimStep(Writing):
    """Something done to one claim."""

    reader = ReadClaim
    reader_route = "api-claim"


class Status(ClaimStep):
    """Where a status is decided by one person."""

    @writes(DECIDE)
    def post(self, act: Act) -> Done:
        """Change a status that one person may change at once, ending the open review.

        *Shown false* takes two people: the claim is disputed at once, the ground is proposed.
        """
        decide(
            act.actor,
            claim_id_of(act),
            to=act.given["status"],
            ground=act.given["ground"],
            rationale=act.given["rationale"],
            seen=act.seen,
        )
        return Done(act.reference)


class Proposals(ClaimStep):
    """Where a status is proposed."""

    @writes(PROPOSE)
    def post(self, act: Act) -> Done:
        """Propose a status that another person must sign off, in a browser.

        A token never signs off, and the ground of an editor's override is not for it.
        """
        proposals.propose(
            act.actor,
            claim_id_of(act),
            to=act.given["status"],
            ground=act.given["ground"],
            rationale=act.given["rationale"],
            seen=act.seen,
        )
        return Done(act.reference, HTTPStatus.ACCEPTED)


class Withdrawal(ClaimStep):
    """Where a proposal is taken back."""

    @writes(WITHDRAW)
    def post(self, act: Act) -> Done:
        """Take back the proposal that waits: one's own, or at one's desk as an editor."""
        claim = lock_claim(act.actor, claim_id_of(act), verb=Verb.SEE, seen=act.seen)
        waiting = Proposal.objects.filter(claim=claim, state=ProposalState.OPEN)
        found = waiting.values_list("reference", flat=True).first()
        if found is None:
            raise RuleRefused("No proposal waits on this claim.")
        proposals.withdraw(act.actor, found, reason=act.given["reason"])
        return Done(act.reference)


class Closing(ClaimStep):
    """Where a claim is closed."""

    @writes(CLOSE)
    def post(self, act: Act) -> Done:
        """Stop working a claim: it keeps status and history and leaves the queue."""
        close(
            act.actor,
            claim_id_of(act),
            reason=act.given["reason"],
            note=act.given["note"],
            seen=act.seen,
            replaced_by=act.given.get("replaced_by", ""),
        )
        return Done(act.reference)


class Reopening(ClaimStep):
    """Where a closed claim is worked again."""

    @writes(REOPEN)
    def post(self, act: Act) -> Done:
        """Work a closed claim again; opens a review."""
        reopen_claim(act.actor, claim_id_of(act), note=act.given["note"], seen=act.seen)
        return Done(act.reference)


class Flags(ClaimStep):
    """Where people ask for a review."""

    @writes(FLAG)
    def post(self, act: Act) -> Done:
        """Raise an objection, a complaint or a tip: the claim goes back to its desk."""
        kind, detail = act.given["kind"], act.given["detail"]
        ask_for_review(act.actor, claim_id_of(act), kind=kind, detail=detail)
        return Done(act.reference, HTTPStatus.CREATED)
