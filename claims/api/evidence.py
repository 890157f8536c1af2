"""Evidence: by claim or by source, and one piece of it."""

from claims.access import evidence_visible_to
from claims.api import filters, json_schema
from claims.api.answers import evidence as answers
from claims.api.answers.envelopes import page_of
from claims.api.answers.fields import names_of
from claims.api.description import CURSOR, FIELDS, LIMIT, described, parameter
from claims.api.lists import Listing, Single
from claims.api.shapes.evidence import evidence_shape
from claims.models import Evidence
from claims.states import QuoteState, Stance


@described(
    "list_evidence",
    page_of(answers.Evidence),
    parameter("claim", "Only on this claim, by its reference.", shape=json_schema.reference("ST")),
    parameter(
        "source",
        "Only quoting this source, by its reference.",
        shape=json_schema.reference("SO"),
    ),
    parameter("stance", "Only this stance.", enum=Stance),
    parameter("quote_state", "Only quotes that stand so.", enum=QuoteState),
    FIELDS,
    LIMIT,
    CURSOR,
)
class EvidenceList(Listing):
    """Evidence on the claims its reader may see, withdrawn evidence too, newest first."""

    model = Evidence
    rows = evidence_visible_to
    shape = evidence_shape
    field_names = names_of(answers.Evidence)
    filters = {
        "claim": filters.OF_CLAIM,
        "source": filters.OF_SOURCE,
        "stance": filters.word("stance", Stance),
        "quote_state": filters.word("quote_state", QuoteState),
    }


@described("read_evidence", answers.Evidence, FIELDS)
class OneEvidence(Single):
    """One piece of evidence."""

    prefix = "EV"
    noun = "evidence"
    rows = evidence_visible_to
    shape = evidence_shape
    field_names = names_of(answers.Evidence)
