"""The fields that bodies are made of: those of a claim, of evidence, of a source, of a figure."""

from collections.abc import Mapping
from dataclasses import replace

from claims.api.writes.fields import (
    DAY,
    DECIMAL,
    YES,
    Body,
    Field,
    Kind,
    a_list,
    an_object,
    reference,
    slug,
    text,
    whole,
    word,
    words,
)
from claims.services.fields import MOST_LINE, MOST_NOTE, MOST_QUOTE, MOST_STATEMENT
from claims.states import (
    ClaimKind,
    DisputeKind,
    FigureQualifier,
    FigureScope,
    Stance,
)

MOST_FIGURES = 50
MOST_URL = 2048

NOTE = text(most=MOST_NOTE)
LINE = text(most=MOST_LINE)
TAG = text(most=16)

RATIONALE = Field(NOTE, "why, in words; kept for good", is_required=True)
RATIONALE_TO_PROPOSE = Field(
    NOTE, "why, in words; required where the change waits for a second person"
)

FIGURE = Body(
    {
        "value": Field(DECIMAL, "a decimal, as text so that nothing rounds it", is_required=True),
        "value_high": Field(DECIMAL, "the upper end of a range", may_be_null=True),
        "unit": Field(text(most=100)),
        "qualifier": Field(word(FigureQualifier)),
        "scope": Field(word(FigureScope)),
        "as_of_on": Field(DAY, may_be_null=True),
        "text": Field(text(most=200), "the figure as the words give it"),
    }
)
FIGURES = Field(a_list(an_object(FIGURE), most=MOST_FIGURES), "all it has from now on")

_ORIGIN = reference("OR")

CLAIM: Mapping[str, Field] = {
    "statement": Field(text(most=MOST_STATEMENT), "one checkable sentence"),
    "kind": Field(word(ClaimKind), "fact: it is so; statement: it was said"),
    "language": Field(words(most=16), "BCP 47; en where not given"),
    "claimant": Field(_ORIGIN, "who says so, an origin on record", may_be_null=True),
    "claimant_text": Field(LINE, "the words used for them", may_be_null=True),
    "as_of_on": Field(DAY, may_be_null=True),
    "expected_by_on": Field(DAY, "of a forecast, which is a statement", may_be_null=True),
    "review_by_on": Field(DAY, "flagged on that day", may_be_null=True),
    "topic": Field(slug(most=60), "a-z, 0-9 and single hyphens", may_be_null=True),
    "priority": Field(whole(least=1, most=3), "1 high, 2 usual, 3 low"),
    "figures": FIGURES,
}

EVIDENCE: Mapping[str, Field] = {
    "stance": Field(word(Stance)),
    "dispute_kind": Field(word(DisputeKind), "of disputing evidence", may_be_null=True),
    "quote": Field(text(most=MOST_QUOTE), "the words, in their own language"),
    "prefix": Field(text(most=MOST_NOTE), "what stands before the quote", may_be_null=True),
    "suffix": Field(text(most=MOST_NOTE), "what stands after it", may_be_null=True),
    "language": Field(TAG, "BCP 47", may_be_null=True),
    "translation": Field(text(most=MOST_QUOTE), may_be_null=True),
    "locator": Field(LINE, "page, minute, paragraph", may_be_null=True),
    "credibility": Field(whole(least=1, most=6), "6: it cannot be judged"),
    "origin": Field(_ORIGIN, "whom the information comes from", may_be_null=True),
    "relays_origin": Field(_ORIGIN, "the origin it repeats", may_be_null=True),
    "relays_evidence": Field(reference("EV"), "the evidence it repeats", may_be_null=True),
    "is_primary_record": Field(YES, "the record of an act itself: the letter, the vote"),
    "figures": FIGURES,
}

EXAMPLE_FIGURE = {"value": "1500", "unit": "soldiers", "qualifier": "about"}


def required(fields: Mapping[str, Field], *names: str) -> dict[str, Field]:
    """Return the fields with some of them required."""
    return {
        name: replace(one, is_required=True) if name in names else one
        for name, one in fields.items()
    }


def one_field(kind: Kind, words: str = "") -> Field:
    """Return a field that must be given."""
    return Field(kind, words, is_required=True)
