import pytest

from claims.present.badges import Badge
from claims.present.lines import Handling, Voices, line_for, warning_for
from claims.states import Basis, ClaimKind, ClaimStatus, DisputeKind, Ground

R, C, D = ClaimStatus.REPORTED, ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED
FACT, SAID = ClaimKind.FACT, ClaimKind.STATEMENT
NIS = Voices(said_by=("the NIS",))
DENIED = Voices(said_by=("the NIS",), opposed=(("the garrison", DisputeKind.DENIAL),))


def line(badge, *, ground=Ground.NOT_REVIEWED, voices=NIS, **more):
    return line_for(badge, ground=ground, voices=voices, **more)


@pytest.mark.parametrize(
    ("badge", "voices", "handling", "how"),
    [
        (Badge(C), NIS, "state", "No attribution is needed."),
        (
            Badge(C, SAID),
            NIS,
            "state",
            "Only that it was said, by the NIS: what was said is not established.",
        ),
        (Badge(R), NIS, "attribute", "Write “according to the NIS”."),
        (
            Badge(R),
            DENIED,
            "attribute",
            "Write “according to the NIS”. Add that the garrison denies it.",
        ),
        (Badge(R), Voices(("A", "B")), "attribute", "Write “according to A and B”."),
        (Badge(R), Voices(("A", "B", "C")), "attribute", "Write “according to A, B and others”."),
        (Badge(R), Voices(), "call", "Find out who says so, or leave it out."),
        (
            Badge(D),
            DENIED,
            "call",
            "Attribute it with the denial, or leave it out: “according to the NIS; the garrison denies it”.",
        ),
        (Badge(D), NIS, "call", "Leave it out, or say that it is disputed."),
        (
            Badge(C, FACT, Basis.LOST),
            NIS,
            "call",
            "Until it is settled, attribute it: “according to the NIS”.",
        ),
        (
            Badge(C, FACT, Basis.IN_QUESTION, 1),
            Voices(),
            "call",
            "Until it is settled, leave it out.",
        ),
        (
            Badge(R, FACT, Basis.IN_QUESTION, 2),
            NIS,
            "call",
            "Until it is settled, attribute it: “according to the NIS”.",
        ),
    ],
)
def test_each_status_and_basis_has_its_line(badge, voices, handling, how):
    found = line(badge, voices=voices)
    assert (found.handling, found.how) == (Handling(handling), how)


@pytest.mark.parametrize(
    ("badge", "more", "why"),
    [
        (Badge(D), {"ground": Ground.CONFLICTING_ACCOUNTS}, "disputed: conflicting accounts"),
        (
            Badge(C, FACT, Basis.LOST),
            {"basis_reason": "only 1 independent origin left"},
            "basis lost: only 1 independent origin left",
        ),
        (
            Badge(C, FACT, Basis.IN_QUESTION, 1),
            {"basis_reason": "somebody sent a tip"},
            "basis in question: somebody sent a tip",
        ),
        (Badge(R), {"voices": Voices()}, "nobody is named as saying it"),
        (Badge(C), {"closed": "overtaken"}, "closed: overtaken"),
    ],
)
def test_a_call_says_what_it_is_about(badge, more, why):
    found = line(badge, **more)
    assert found.handling is Handling.CALL
    assert found.why == why


@pytest.mark.parametrize("kind", list(DisputeKind))
def test_each_way_of_disputing_has_its_own_verb(kind):
    found = line(Badge(D), voices=Voices(("A",), (("B", kind),)))
    assert "A; B " in found.how


@pytest.mark.parametrize(
    ("badge", "strong", "is_flat", "warning"),
    [
        (Badge(R), ("verified",), False, "The article’s “verified” is stronger than reported."),
        (
            Badge(R),
            (),
            True,
            "The article states it flat, yet it is reported: name who says so, or hedge.",
        ),
        (Badge(D), ("identified",), False, "The article’s “identified” is stronger than disputed."),
        (
            Badge(C, FACT, Basis.LOST),
            ("proved",),
            False,
            "The article’s “proved” is stronger than corroborated with its basis lost.",
        ),
        (
            Badge(C, SAID),
            (),
            True,
            "The article states it flat, yet only the saying is on record: name who says so, or hedge.",
        ),
        (Badge(R), (), False, ""),
        (Badge(C), ("verified",), True, ""),
    ],
)
def test_words_stronger_than_the_status_are_warned_of(badge, strong, is_flat, warning):
    assert warning_for(badge, strong=strong, is_flat=is_flat) == warning


def test_the_text_carries_the_sign_of_a_call_and_of_a_warning():
    assert line(Badge(C)).signs("") == ""
    assert line(Badge(R)).signs("too strong") == "▲"
    assert line(Badge(D)).signs("too strong") == "☎▲"
