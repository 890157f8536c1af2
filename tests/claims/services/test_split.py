"""Splitting: each part gets its own words, figures and evidence; the old claim answers for ever."""

from decimal import Decimal

import pytest

from claims.errors import InvalidInput, NotAllowed, RevisionMoved
from claims.models import Appearance, Claim, ClaimLink, Evidence, Figure, Flag, Proposal
from claims.queries.projection import verify_claims
from claims.services import proposals
from claims.services.articles import add_appearance, add_article
from claims.services.reviews import ask_for_review
from claims.services.split import MOST_PARTS, Part, split
from claims.states import ClaimStatus, FlagKind, Ground, ProposalState, Visibility
from claims.types import FigureValue
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

ARRIVED, FOLLOW = "1,500 soldiers have arrived.", "12,000 soldiers are to follow."


@pytest.fixture
def claim(cast):
    claim = make_claim(cast, "1,500 soldiers have arrived and 12,000 are to follow.", language="ko")
    for name in ("Agency one", "Agency two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


def references(claim):
    return [row.reference for row in Evidence.objects.filter(claim=claim).order_by("pk")]


def cut(cast, claim, *parts, actor=None, **values):
    given = {"note": "Two claims in one.", "seen": fresh(claim).revision, **values}
    made = parts or (Part({"statement": ARRIVED}), Part({"statement": FOLLOW}))
    return split(actor or cast.ada, claim.pk, parts=made, **given)


def test_the_parts_are_new_claims_linked_to_the_old(cast, claim):
    first, second = cut(cast, claim)
    assert (first.statement, second.statement) == (ARRIVED, FOLLOW)
    assert {first.language, second.language} == {"ko"}
    links = ClaimLink.objects.filter(other=claim, kind="part_of", is_split_off=True)
    assert set(links.values_list("claim", flat=True)) == {first.pk, second.pk}
    now = fresh(claim)
    assert (now.close_reason, now.replaced_by) == ("split", first)
    assert verify_claims() == 3


def test_each_part_takes_the_figures_and_evidence_chosen_for_it(cast, claim):
    one, two = references(claim)
    soldiers = FigureValue(Decimal(12_000), unit="soldiers")
    first, second = cut(
        cast,
        claim,
        Part({"statement": ARRIVED}, evidence=[one]),
        Part({"statement": FOLLOW, "kind": "statement"}, figures=[soldiers], evidence=[one, two]),
    )
    assert [len(references(part)) for part in (first, second)] == [1, 2]
    assert fresh(second).independent_origins == 2
    assert Figure.objects.get(claim=second).value == 12_000
    assert not Figure.objects.filter(claim=first).exists()
    assert references(claim) == [one, two]


def test_no_part_inherits_the_status(cast, claim):
    proposal = proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    every = references(claim)
    parts = cut(
        cast,
        claim,
        Part({"statement": ARRIVED}, evidence=every),
        Part({"statement": FOLLOW}, evidence=every),
    )
    assert {fresh(part).status for part in parts} == {ClaimStatus.REPORTED}
    assert {fresh(part).ground for part in parts} == {Ground.NOT_REVIEWED}
    assert fresh(claim).status == ClaimStatus.CORROBORATED


def test_an_open_proposal_is_void_and_the_review_ends(cast, claim):
    proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=claim.revision,
    )
    ask_for_review(cast.ben, claim.pk, kind=FlagKind.TIP, detail="Two claims in one.")
    cut(cast, claim)
    assert Proposal.objects.get().state == ProposalState.VOID
    assert not claim.reviews.filter(ended_at=None).exists()
    assert not Flag.objects.filter(answered_at=None).exists()


def test_parts_are_marked_where_the_old_claim_was_and_seen_by_the_same(cast):
    hidden = make_claim(cast, visibility=Visibility.RESTRICTED)
    row = make_evidence(cast, hidden)
    article = add_article(cast.ada, desk=cast.desk, text="It is so.", values={"title": "A"})
    add_appearance(cast.ada, hidden.pk, article=article.reference, start=0, end=9)
    parts = cut(
        cast,
        hidden,
        Part({"statement": ARRIVED}, evidence=[row.reference]),
        Part({"statement": FOLLOW}),
    )
    assert {part.visibility for part in parts} == {Visibility.RESTRICTED}
    assert Appearance.objects.filter(claim__in=parts, start=0, end=9).count() == 2


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([Part({"statement": ARRIVED})], "into 2 to 6"),
        ([Part({"statement": f"Part {n}."}) for n in range(MOST_PARTS + 1)], "into 2 to 6"),
        ([Part({"statement": ARRIVED}), Part({"statement": ARRIVED.upper()})], "say the same"),
        ([Part({"statement": ARRIVED}), Part({"statement": " "})], "is required"),
        (
            [Part({"statement": ARRIVED}), Part({"statement": FOLLOW}, evidence=["EV-000000"])],
            "there is no EV-000000",
        ),
        (
            [Part({"statement": ARRIVED}), Part({"statement": FOLLOW, "status": "disputed"})],
            "not a field",
        ),
    ],
)
def test_a_split_that_makes_no_sense_writes_nothing(cast, claim, parts, reason):
    with pytest.raises(InvalidInput, match=reason):
        cut(cast, claim, *parts)
    assert Claim.objects.count() == 1
    assert fresh(claim).closed_at is None


def test_a_split_is_made_once_and_by_its_desk(cast, claim):
    with pytest.raises(NotAllowed):
        cut(cast, claim, actor=cast.omar)
    seen = claim.revision
    cut(cast, claim)
    with pytest.raises(RevisionMoved):
        cut(cast, claim, seen=seen)
    assert Claim.objects.count() == 3
