from claims.present.chain import LinkKind, NodeRole
from claims.present.origin_chain import NamedOrigin, drawing_of
from claims.rules import EvidenceFact, OriginFact, judge
from claims.states import OriginKind, QuoteState, Reliability, Stance

FACTS = {
    "OR-NIS": OriginFact("OR-NIS", "NIS", OriginKind.INSTITUTION, "OR-STATE", Reliability.B),
    "OR-STATE": OriginFact("OR-STATE", "South Korean state", OriginKind.INSTITUTION),
    "OR-MEDIA": OriginFact("OR-MEDIA", "South Korean media", OriginKind.COLLECTIVE),
}
NAMED = {ref: NamedOrigin(fact.name, fact.kind, fact.reliability) for ref, fact in FACTS.items()}


def support(reference, **more):
    return EvidenceFact(reference, Stance.SUPPORTS, QuoteState.STANDING, **more)


def drawn(*evidence):
    opinion = judge(evidence, origins=FACTS)
    pages = {item.reference: f"Page {item.reference}" for item in evidence}
    return drawing_of(opinion, pages=pages, origins=NAMED)


def test_copies_lead_over_the_wire_to_the_one_origin():
    drawing = drawn(
        support("EV-A", relays_evidence="EV-W"),
        support("EV-B", relays_evidence="EV-W"),
        support("EV-W", origin="OR-NIS"),
    )
    assert drawing.lines[0] == (
        "Page EV-A repeats Page EV-W, which has it from NIS, which is part of South Korean state"
    )
    assert [curve.kind for curve in drawing.curves].count(LinkKind.REPEATS) == 2
    assert [curve.kind for curve in drawing.curves].count(LinkKind.PART_OF) == 1


def test_a_page_that_relays_an_origin_repeats_it():
    assert (
        drawn(support("EV-A", relays_origin="OR-NIS")).lines[0].startswith("Page EV-A repeats NIS")
    )


def test_a_page_that_names_nobody_leads_to_the_unknown():
    drawing = drawn(support("EV-A"))
    assert drawing.lines == ("Page EV-A, of unknown origin",)
    assert [box.node.role for box in drawing.boxes] == [NodeRole.PAGE, NodeRole.UNKNOWN]


def test_a_collective_is_drawn_as_one_that_cannot_count():
    box = drawn(support("EV-A", origin="OR-MEDIA")).boxes[1]
    assert (box.node.note, box.node.counts) == ("collective, cannot count", False)


def test_a_circle_of_copies_is_drawn_and_ends_with_nobody():
    drawing = drawn(
        support("EV-A", relays_evidence="EV-B"), support("EV-B", relays_evidence="EV-A")
    )
    assert [curve.is_circular for curve in drawing.curves].count(True) == 1
    assert drawing.lines[0].endswith("a circle, no origin")


def test_what_disputes_is_not_part_of_the_support_s_chain():
    denial = EvidenceFact("EV-D", Stance.DISPUTES, QuoteState.STANDING, origin="OR-NIS")
    assert [box.node.key for box in drawn(support("EV-A"), denial).boxes] == ["EV-A", "nobody"]


def test_an_origin_no_standing_quote_leads_to_is_drawn_as_not_counting():
    altered = EvidenceFact("EV-B", Stance.SUPPORTS, QuoteState.ALTERED, origin="OR-NIS")
    assert [box.node.counts for box in drawn(altered).boxes] == [False, False, False]
    both = drawn(support("EV-A", origin="OR-NIS"), altered).boxes
    assert {box.node.key: box.node.counts for box in both} == {
        "EV-A": True,
        "EV-B": False,
        "OR-NIS": True,
        "OR-STATE": True,
    }
