"""Which status the evidence supports: value tables, no database."""

import pytest

from claims.errors import TransitionRefused
from claims.rules import (
    Discount,
    EvidenceFact,
    OriginFact,
    basis_of,
    judge,
    procedure,
    why_not_corroborated,
    why_not_disputed,
)
from claims.states import (
    GROUNDS,
    TRANSITIONS,
    Basis,
    ClaimStatus,
    Ground,
    OriginKind,
    Procedure,
    QuoteState,
    Reliability,
    Stance,
)

C, D, R = ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED, ClaimStatus.REPORTED

ORIGINS = {
    fact.reference: fact
    for fact in (
        OriginFact("STATE", "South Korean state", OriginKind.INSTITUTION),
        OriginFact("NIS", "the NIS", OriginKind.INSTITUTION, part_of="STATE"),
        OriginFact("YOON", "Yoon", OriginKind.PERSON, part_of="STATE"),
        OriginFact("KYIV", "Kyiv", OriginKind.INSTITUTION),
        OriginFact("MEDIA", "South Korean media", OriginKind.COLLECTIVE),
        OriginFact("LIAR", "Liar", OriginKind.PERSON, reliability=Reliability.E),
        OriginFact("DOUBT", "Doubt", OriginKind.PERSON, reliability=Reliability.D),
        OriginFact("HERON", "a confidential source", OriginKind.PERSON, is_confidential=True),
        OriginFact(
            "CRANE",
            "a confidential source",
            OriginKind.PERSON,
            is_confidential=True,
            is_confirmed=True,
        ),
        OriginFact("RING1", "Ring", OriginKind.OUTLET, part_of="RING2"),
        OriginFact("RING2", "Ring", OriginKind.OUTLET, part_of="RING1"),
    )
}


def support(reference, origin="", *, state=QuoteState.STANDING, **values) -> EvidenceFact:
    return EvidenceFact(reference, Stance.SUPPORTS, state, origin=origin, **values)


def against(reference, *, state=QuoteState.STANDING) -> EvidenceFact:
    return EvidenceFact(reference, Stance.DISPUTES, state, origin="KYIV")


@pytest.mark.parametrize(
    ("evidence", "roots"),
    [
        ([], ()),
        ([support("A", "NIS")], ("STATE",)),
        ([support("A", "NIS"), support("B", "KYIV")], ("STATE", "KYIV")),
        ([support("A", "NIS"), support("B", "YOON")], ("STATE",)),
        ([support("A", "NIS"), support("B", "KYIV", relays_evidence="A")], ("STATE",)),
        ([support("A", "NIS"), support("B", "KYIV", relays_origin="NIS")], ("STATE",)),
        ([support("A", "NIS"), support("B", "CRANE")], ("STATE", "CRANE")),
        ([support("A", "NIS"), support("B", "KYIV", state=QuoteState.ATTESTED)], ("STATE", "KYIV")),
    ],
)
def test_independence_is_judged_at_the_root(evidence, roots):
    assert judge(evidence, origins=ORIGINS).roots == roots


@pytest.mark.parametrize(
    ("fact", "discount"),
    [
        (support("A"), Discount.ORIGIN_UNKNOWN),
        (support("A", "MEDIA"), Discount.COLLECTIVE),
        (support("A", "NIS", relays_origin="MEDIA"), Discount.COLLECTIVE),
        (support("A", "LIAR"), Discount.UNRELIABLE),
        (support("A", "DOUBT"), Discount.UNRELIABLE),
        (support("A", "HERON"), Discount.UNCONFIRMED),
        (support("A", "NIS", credibility=5), Discount.IMPROBABLE),
        (support("A", "RING1"), Discount.CIRCULAR),
        (support("A", "NIS", relays_evidence="A"), Discount.CIRCULAR),
        (support("A", "NIS", relays_evidence="NOWHERE"), Discount.ORIGIN_UNKNOWN),
        (support("A", "NIS", state=QuoteState.UNCHECKED), Discount.NOT_STANDING),
        (support("A", "NIS", state=QuoteState.ALTERED), Discount.NOT_STANDING),
        (support("A", "NIS", state=QuoteState.MISSING), Discount.NOT_STANDING),
        (support("A", "NIS", is_retracted=True), Discount.RETRACTED),
        (against("A"), Discount.NOT_SUPPORT),
        (support("A", "NIS"), None),
        (support("A", "NIS", credibility=6), None),
    ],
)
def test_what_counts_zero_says_why(fact, discount):
    (weighed,) = judge([fact], origins=ORIGINS).weighed
    assert weighed.discount is discount


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ([], "Nothing supports it yet."),
        ([against("A")], "Nothing supports it yet."),
        ([support("A", "NIS")], "1 page, 1 origin: it comes from the NIS."),
        (
            [support(name, "NIS", source=name) for name in "ABCD"],
            "4 pages, 1 origin: all repeat the NIS.",
        ),
        (
            [support("A", "NIS"), support("B", "YOON")],
            "2 pages, 1 origin: all repeat South Korean state.",
        ),
        (
            [*(support(name, "NIS") for name in "AB"), support("C", "MEDIA")],
            "3 pages, 1 origin: 2 repeat the NIS.",
        ),
        ([support("A", "MEDIA")], "1 page, no known origin: a collective name is not an origin."),
        (
            [support("A", "NIS"), support("B", "KYIV")],
            "2 pages, 2 independent origins: South Korean state, Kyiv.",
        ),
        (
            [support("A", "NIS", is_primary_record=True)],
            "1 page, and 1 primary record of the act.",
        ),
    ],
)
def test_the_opinion_is_said_in_words(evidence, sentence):
    assert judge(evidence, origins=ORIGINS).sentence == sentence


def test_every_status_has_a_row_in_the_table_and_grounds_of_its_own():
    assert set(TRANSITIONS) == set(GROUNDS) == set(ClaimStatus)
    grounds = [ground for of_status in GROUNDS.values() for ground in of_status]
    assert sorted(grounds) == sorted(Ground)


@pytest.mark.parametrize(
    ("was", "to", "procedure_"),
    [
        (R, D, Procedure.AT_ONCE),
        (C, R, Procedure.AT_ONCE),
        (C, D, Procedure.AT_ONCE),
        (R, C, Procedure.SIGN_OFF),
        (D, C, Procedure.SIGN_OFF),
        (D, R, Procedure.SIGN_OFF),
    ],
)
def test_a_move_takes_as_many_people_as_the_table_says(was, to, procedure_):
    assert procedure(was, to, ground=GROUNDS[to][0]) is procedure_


@pytest.mark.parametrize("status", list(ClaimStatus))
def test_the_same_status_again_is_no_change_of_status(status):
    with pytest.raises(TransitionRefused):
        procedure(status, status, ground=GROUNDS[status][0])


TWO = [support("A", "NIS"), support("B", "KYIV")]


@pytest.mark.parametrize(
    ("evidence", "ground", "rationale", "refused"),
    [
        (TWO, Ground.INDEPENDENT_ORIGINS, "", False),
        (TWO[:1], Ground.INDEPENDENT_ORIGINS, "", True),
        (TWO, Ground.PRIMARY_RECORD, "", True),
        ([support("A", "NIS", is_primary_record=True)], Ground.PRIMARY_RECORD, "", False),
        ([], Ground.EDITOR_OVERRIDE, "", False),
        ([*TWO, against("X")], Ground.INDEPENDENT_ORIGINS, "It is late.", True),
        ([*TWO, against("X")], Ground.INDEPENDENT_ORIGINS, "X is a bare denial.", False),
        ([*TWO, against("X")], Ground.EDITOR_OVERRIDE, "It is late.", True),
        (
            [*TWO, against("X", state=QuoteState.MISSING)],
            Ground.INDEPENDENT_ORIGINS,
            "",
            False,
        ),
    ],
)
def test_corroboration_needs_origins_or_a_record_and_an_answer_to_what_disputes(
    evidence, ground, rationale, refused
):
    opinion = judge(evidence, origins=ORIGINS)
    said = why_not_corroborated(opinion, ground=ground, rationale=rationale, names={})
    assert bool(said) is refused


@pytest.mark.parametrize(
    ("evidence", "is_editor", "refused"),
    [
        ([against("X")], False, False),
        ([against("X", state=QuoteState.UNCHECKED)], False, True),
        ([support("A", "NIS", is_retracted=True)], False, False),
        (TWO, False, True),
        (TWO, True, False),
    ],
)
def test_dispute_needs_evidence_a_retraction_or_an_editor(evidence, is_editor, refused):
    opinion = judge(evidence, origins=ORIGINS)
    assert bool(why_not_disputed(opinion, is_editor=is_editor)) is refused


@pytest.mark.parametrize(
    ("status", "ground", "evidence", "flags", "basis"),
    [
        (R, Ground.NOT_REVIEWED, [], [], Basis.HOLDS),
        (R, Ground.SINGLE_ORIGIN, TWO, ["altered"], Basis.IN_QUESTION),
        (C, Ground.INDEPENDENT_ORIGINS, TWO, [], Basis.HOLDS),
        (C, Ground.INDEPENDENT_ORIGINS, TWO, ["altered"], Basis.IN_QUESTION),
        (C, Ground.INDEPENDENT_ORIGINS, TWO[:1], ["altered"], Basis.LOST),
        (C, Ground.PRIMARY_RECORD, TWO, [], Basis.LOST),
        (C, Ground.EDITOR_OVERRIDE, [], [], Basis.HOLDS),
        (D, Ground.CONFLICTING_ACCOUNTS, [against("X")], [], Basis.HOLDS),
        (D, Ground.CONFLICTING_ACCOUNTS, TWO, [], Basis.LOST),
        (D, Ground.OUT_OF_CONTEXT, TWO, [], Basis.HOLDS),
    ],
)
def test_the_basis_follows_from_rule_and_flags(status, ground, evidence, flags, basis):
    opinion = judge(evidence, origins=ORIGINS)
    assert basis_of(status, ground, opinion=opinion, open_flags=flags)[0] is basis
