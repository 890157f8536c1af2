"""Link evidence to a claim, change it, withdraw it."""

from http import HTTPStatus
from typing import Any

from typing_extensions import override

from claims.access import evidence_visible_to, sources_visible_to, visible_to
from claims.api.answers import evidence as answers
from claims.api.evidence import EvidenceList, OneEvidence
from claims.api.writes.bodies import (
    EVIDENCE,
    EXAMPLE_FIGURE,
    MOST_URL,
    NOTE,
    RATIONALE_TO_PROPOSE,
    one_field,
)
from claims.api.writes.claims import figures_of
from claims.api.writes.fields import Body, Field, an_object, reference, text, web_address, word
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.errors import InvalidInput, NotFound
from claims.models import Source
from claims.models.fields import read_reference
from claims.services.edit_or_propose import change_evidence
from claims.services.evidence import Item, add_evidence, withdraw_evidence
from claims.services.settle import lock_claim
from claims.states import SourceKind, Verb
from claims.types import Actor

ITEM = Body(
    {
        "kind": one_field(word(SourceKind, but=frozenset({SourceKind.PAGE}))),
        "title": one_field(text(most=500), "what it is: “Call with Ms Kim, 18 October”"),
    }
)
PLACES = ("page_url", "source", "item")

ADD = Operation(
    "add_evidence",
    Body(
        {
            "claim": one_field(reference("ST"), "which claim it is for or against"),
            "page_url": Field(web_address(most=MOST_URL), "of a web page, new or known; or"),
            "source": Field(reference("SO"), "a source on record; or"),
            "item": Field(an_object(ITEM), "an offline item that is put on record with it"),
            **EVIDENCE,
            "note": Field(NOTE, "how you know the words, where nobody else can read them"),
        }
    ),
    answers.Evidence,
    Verb.WRITE,
    is_matched=False,
    statuses=(HTTPStatus.CREATED,),
    example={
        "claim": "ST-7K2M9Q",
        "page_url": "https://www.example.com/world/soldiers",
        "stance": "supports",
        "quote": "about 1,500 soldiers have already been moved",
        "origin": "OR-4D8V1N",
        "figures": [EXAMPLE_FIGURE],
    },
)
EDIT = Operation(
    "edit_evidence",
    Body({**EVIDENCE, "rationale": RATIONALE_TO_PROPOSE}, is_change=True),
    answers.Evidence,
    Verb.WRITE,
    statuses=(HTTPStatus.OK, HTTPStatus.ACCEPTED),
    example={"credibility": 2, "origin": "OR-4D8V1N"},
)
WITHDRAW = Operation(
    "withdraw_evidence",
    Body({"reason": one_field(NOTE, "why; kept for good")}),
    answers.Evidence,
    Verb.WRITE,
    example={"reason": "The page quotes another speech."},
)


class ReadEvidence(OneEvidence):
    """One piece of evidence as it is answered: its revision is its claim's."""

    @override
    def state(self, **names: str) -> str:
        named = read_reference(names["reference"], "EV") or ""
        found = evidence_visible_to(self.actor).filter(reference=named)
        self.revision = found.values_list("claim__revision", flat=True).first()
        return super().state(**names)


class EvidenceRows(Writing, EvidenceList):
    """The list of evidence, and where some is added."""

    reader = ReadEvidence
    reader_route = "api-evidence"

    @writes(ADD)
    def post(self, act: Act) -> Done:
        """Link a source to a claim as evidence; the quote is unchecked until the watch finds it.

        A page is looked at soon. A quote of a source that the claim has already is refused.
        """
        given = act.given
        chosen = [name for name in PLACES if name in given]
        if len(chosen) != 1:
            raise InvalidInput("page_url", f"name one of: {', '.join(PLACES)}.")
        row = add_evidence(
            act.actor,
            _claim_id(act.actor, given["claim"]),
            values=act.some(*(name for name in EVIDENCE if name != "figures")),
            url=given.get("page_url", ""),
            source=_source(act.actor, given),
            figures=figures_of(given),
            note=given.get("note", ""),
        )
        return Done(row.reference, HTTPStatus.CREATED)


class EvidenceByName(Writing, ReadEvidence):
    """One piece of evidence, and where it is changed."""

    reader = ReadEvidence
    reader_route = "api-evidence"

    @writes(EDIT)
    def patch(self, act: Act) -> Done:
        """Change the fields given, at once or as a proposal.

        Where a corroborated claim counts this evidence, it stays as it is until another person
        signs the change off (202). Another quote is unchecked until the watch finds it.
        """
        waits = change_evidence(
            act.actor,
            read_reference(act.reference, "EV") or "",
            values=act.but("rationale"),
            rationale=act.given.get("rationale", ""),
            seen=act.seen,
        )
        return Done(act.reference, HTTPStatus.ACCEPTED if waits else HTTPStatus.OK)


class Withdrawal(Writing):
    """Where evidence is withdrawn."""

    reader = ReadEvidence
    reader_route = "api-evidence"

    @writes(WITHDRAW)
    def post(self, act: Act) -> Done:
        """Withdraw evidence at once, whatever the claim's status; it stays in the record."""
        named = read_reference(act.reference, "EV") or ""
        rows = evidence_visible_to(act.actor).filter(reference=named)
        claim_id = rows.values_list("claim_id", flat=True).first()
        if claim_id is None:
            raise NotFound("There is no such evidence.")
        lock_claim(act.actor, claim_id, verb=Verb.SEE, seen=act.seen)
        withdraw_evidence(act.actor, named, reason=act.given["reason"])
        return Done(act.reference)


def _claim_id(actor: Actor, name: str) -> int:
    found = visible_to(actor).filter(reference=name).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("claim", "names no claim.")
    return found


def _source(actor: Actor, given: Any) -> Source | Item | None:
    if "item" in given:
        return Item(given["item"]["kind"], given["item"]["title"])
    if "source" not in given:
        return None
    found = sources_visible_to(actor).select_related("merged_into")
    source = found.filter(reference=given["source"]).first()
    if source is None:
        raise InvalidInput("source", "names no source.")
    return source.merged_into or source
