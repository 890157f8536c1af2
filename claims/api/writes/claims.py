"""Open a claim, and change its own fields."""

import json
from http import HTTPStatus
from typing import Any

from typing_extensions import override

from claims.access import articles_visible_to, visible_to
from claims.api.answers import claims as answers
from claims.api.claims import ClaimList, OneClaim
from claims.api.writes.bodies import (
    CLAIM,
    EXAMPLE_FIGURE,
    RATIONALE_TO_PROPOSE,
    one_field,
    required,
)
from claims.api.writes.desks import DESK, desk_of
from claims.api.writes.fields import Body, Field, a_list, an_object, reference, text, whole, word
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.errors import InvalidInput, NotFound
from claims.models.fields import read_reference
from claims.services import fields
from claims.services.articles import MOST_ARTICLE
from claims.services.edit_or_propose import change_claim
from claims.services.new_claims import Place, open_by_hand
from claims.states import ClaimLinkKind, Verb, Visibility
from claims.types import Actor

MOST_LINKS = 20

PLACE = Body(
    {
        "article": one_field(reference("AR")),
        "start": one_field(whole(least=0, most=MOST_ARTICLE), "code points into its text"),
        "end": one_field(whole(least=1, most=MOST_ARTICLE), "exclusive"),
        "cue": Field(text(most=200), "“according to”"),
        "hedges": Field(a_list(text(most=100), most=20), "“allegedly”"),
    }
)
LINK = Body({"kind": one_field(word(ClaimLinkKind)), "claim": one_field(reference("ST"))})

OPEN = Operation(
    "open_claim",
    Body(
        {
            "desk": DESK,
            **required(CLAIM, "statement"),
            "visibility": Field(word(Visibility), "open where not given"),
            "appearance": Field(an_object(PLACE), "where the claim is made"),
            "links": Field(a_list(an_object(LINK), most=MOST_LINKS), "how it stands to others"),
        }
    ),
    answers.Claim,
    Verb.WRITE,
    is_matched=False,
    statuses=(HTTPStatus.CREATED,),
    example={
        "statement": "About 1,500 North Korean soldiers have reached Russia.",
        "kind": "fact",
        "claimant_text": "South Korea's spy agency",
        "as_of_on": "2024-10-18",
        "figures": [EXAMPLE_FIGURE],
    },
)
EDIT = Operation(
    "edit_claim",
    Body({**CLAIM, "rationale": RATIONALE_TO_PROPOSE}, is_change=True),
    answers.Claim,
    Verb.WRITE,
    statuses=(HTTPStatus.OK, HTTPStatus.ACCEPTED),
    example={"review_by_on": "2024-11-01", "topic": "war-in-ukraine"},
)


class ReadClaim(OneClaim):
    """One claim as it is answered, its revision in the tag."""

    @override
    def state(self, **names: str) -> str:
        state = super().state(**names)
        self.revision = json.loads(state)[1]
        return state


class Claims(Writing, ClaimList):
    """The list of claims, and where one is opened."""

    reader = ReadClaim
    reader_route = "api-claim"

    @writes(OPEN)
    def post(self, act: Act) -> Done:
        """Open a claim: reported, not yet reviewed.

        The same statement sent twice by one person within ten minutes is refused: it is there.
        """
        given = act.given
        claim = open_by_hand(
            act.actor,
            desk=desk_of(act),
            values=act.some(*(name for name in CLAIM if name != "figures")),
            figures=figures_of(given),
            visibility=given.get("visibility", Visibility.OPEN),
            place=_place(act.actor, given.get("appearance")),
            links=[(link["kind"], link["claim"]) for link in given.get("links", ())],
        )
        return Done(claim.reference, HTTPStatus.CREATED)


class ClaimByName(Writing, ReadClaim):
    """One claim, and where its own fields are changed."""

    reader = ReadClaim
    reader_route = "api-claim"

    @writes(EDIT)
    def patch(self, act: Act) -> Done:
        """Change the fields given, at once or as a proposal.

        Of a corroborated claim the wording, kind, claimant, as-of date and figures stay as they
        are until another person signs the change off (202); everything else is done at once (200).
        """
        waits = change_claim(
            act.actor,
            claim_id_of(act),
            values=act.but("rationale"),
            rationale=act.given.get("rationale", ""),
            seen=act.seen,
        )
        return Done(act.reference, HTTPStatus.ACCEPTED if waits else HTTPStatus.OK)


def claim_id_of(act: Act) -> int:
    """Return the key of the claim an address names.

    Raises:
        NotFound: it does not exist for this actor.
    """
    named = read_reference(act.reference, "ST") or ""
    found = visible_to(act.actor).filter(reference=named).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("There is no such claim.")
    return found


def figures_of(given: Any) -> list[Any]:
    """Return the figures of a body, checked."""
    return [fields.figure("figures", item) for item in given.get("figures", ())]


def _place(actor: Actor, given: Any) -> Place | None:
    if given is None:
        return None
    article = articles_visible_to(actor).filter(reference=given["article"]).first()
    if article is None:
        raise InvalidInput("appearance.article", "names no article.")
    hedges = tuple(given.get("hedges", ()))
    return Place(given["start"], given["end"], article, cue=given.get("cue", ""), hedges=hedges)
