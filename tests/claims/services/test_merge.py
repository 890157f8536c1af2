"""Merging: the duplicate is closed and answers with the other; no status is ever raised by it."""

import pytest

from claims.errors import InvalidInput, NotAllowed, RevisionMoved, RuleRefused
from claims.models import Appearance, Claim, ClaimLink, Evidence, Flag, Proposal
from claims.queries.projection import verify_claims
from claims.services import proposals
from claims.services.articles import add_appearance, add_article
from claims.services.claims import close, open_claim, reopen_claim
from claims.services.ledger import recording
from claims.services.merge import merge
from claims.services.reviews import Cause, ask_for_review, raise_flag
from claims.services.settle import lock_claim, settle
from claims.states import (
    ClaimStatus,
    CloseReason,
    FlagKind,
    Ground,
    ProposalState,
    QuoteState,
    Verb,
    Visibility,
)
from claims.types import MACHINE
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin


@pytest.fixture
def kept(cast):
    return make_claim(cast)


@pytest.fixture
def double(cast):
    """A duplicate with two independent origins."""
    claim = make_claim(cast, "Soldiers, 1,500 of them, are there.")
    for name in ("Agency one", "Agency two"):
        make_evidence(cast, claim, origin=make_origin(cast, name))
    return fresh(claim)


def merged(cast, claim, into, **values):
    given = {"note": "They say the same.", "seen": fresh(claim).revision, **values}
    return merge(given.pop("actor", cast.ada), claim.pk, into=into.reference, **given)


def references(claim):
    rows = Evidence.objects.filter(claim=claim).order_by("pk")
    return [row.reference for row in rows]


def test_the_duplicate_is_closed_and_answers_with_the_other(cast, kept, double):
    assert merged(cast, double, kept) == kept
    now = fresh(double)
    assert (now.close_reason, now.replaced_by) == (CloseReason.DUPLICATE, kept)
    assert ClaimLink.objects.get(claim=double, other=kept).kind == "duplicates"
    assert verify_claims() == 2


def test_chosen_evidence_is_joined_and_the_old_rows_stay(cast, kept, double):
    first, second = references(double)
    merged(cast, double, kept, evidence=[first])
    (row,) = Evidence.objects.filter(claim=kept)
    old = Evidence.objects.get(reference=first)
    assert row.reference not in {first, second}
    same = ("source_id", "quote", "quote_state", "origin_id", "stance")
    assert [getattr(row, name) for name in same] == [getattr(old, name) for name in same]
    assert references(double) == [first, second]
    assert fresh(kept).independent_origins == 1


def test_a_merge_raises_no_status_however_good_the_evidence(cast, kept, double):
    proposal = proposals.propose(
        cast.ada,
        double.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=double.revision,
    )
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    merged(cast, double, kept, evidence=references(double))
    assert (fresh(kept).status, fresh(kept).independent_origins) == (ClaimStatus.REPORTED, 2)
    assert fresh(double).status == ClaimStatus.CORROBORATED


def test_evidence_the_other_has_already_is_not_doubled(cast, kept, double):
    row = Evidence.objects.filter(claim=double).first()
    make_evidence(cast, kept, url=str(row.source.url))
    merged(cast, double, kept, evidence=references(double))
    assert Evidence.objects.filter(claim=kept).count() == 2


@pytest.mark.parametrize("of", ["the duplicate", "the other"])
def test_an_open_proposal_on_either_is_void(cast, kept, double, of):
    claim = double if of == "the duplicate" else kept
    if of == "the other":
        for name in ("Agency three", "Agency four"):
            make_evidence(cast, kept, origin=make_origin(cast, name))
    proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=fresh(claim).revision,
    )
    merged(cast, double, kept, evidence=references(double))
    assert Proposal.objects.get().state == ProposalState.VOID


def flagged(claim, kind):
    row = Evidence.objects.filter(claim=claim).first()
    with recording(MACHINE) as record:
        locked = lock_claim(MACHINE, claim.pk, verb=Verb.SEE)
        raise_flag(locked, kind, record=record, cause=Cause(source=row.source), evidence=row)
        settle(locked, record=record)
    return row


@pytest.mark.parametrize("is_answered", [False, True])
def test_retracted_evidence_is_retracted_on_the_other_too(cast, kept, double, is_answered):
    flagged(double, FlagKind.RETRACTION)
    if is_answered:
        close(
            cast.ada,
            double.pk,
            reason=CloseReason.MISTAKE,
            note="No.",
            seen=fresh(double).revision,
        )
        reopen_claim(cast.ada, double.pk, note="Yes.", seen=fresh(double).revision)
    merged(cast, double, kept, evidence=references(double))
    flag = Flag.objects.get(claim=kept)
    assert (flag.kind, flag.answered_at) == (FlagKind.RETRACTION, None)
    assert (fresh(kept).independent_origins, fresh(kept).basis) == (1, "in_question")


def test_evidence_not_chosen_brings_no_flag(cast, kept, double):
    flagged(double, FlagKind.CORRECTION_NOTICE)
    merged(cast, double, kept)
    assert not Flag.objects.filter(claim=kept).exists()
    assert not Flag.objects.filter(claim=double, answered_at=None).exists()


def test_disputing_evidence_joined_to_a_corroborated_claim_flags_it(cast, kept, double):
    proposal = proposals.propose(
        cast.ada,
        double.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=double.revision,
    )
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    row = make_evidence(cast, kept, stance="disputes", dispute_kind="denial")
    merged(cast, kept, double, evidence=[row.reference])
    assert Flag.objects.get(claim=double).kind == FlagKind.CONTRADICTION_ADDED
    assert fresh(double).status == ClaimStatus.CORROBORATED


def test_places_in_articles_come_along(cast, kept, double):
    article = add_article(cast.ada, desk=cast.desk, text="It is so.", values={"title": "A"})
    add_appearance(cast.ada, double.pk, article=article.reference, start=0, end=9, cue="said")
    merged(cast, double, kept)
    assert Appearance.objects.filter(claim=kept, start=0, end=9, cue="said").count() == 1


@pytest.mark.parametrize(
    ("into", "reason"),
    [
        ("ST-000000", "there is no claim ST-000000"),
        ("", "there is no claim"),
        ("itself", "cannot stand in its own place"),
        ("closed", "is closed: reopen it first"),
        ("merged", "was itself replaced"),
    ],
)
def test_a_claim_is_merged_into_one_that_stands(cast, kept, double, into, reason):
    third = make_claim(cast, "A third.")
    if into == "closed":
        close(cast.ada, third.pk, reason=CloseReason.MISTAKE, note="No.", seen=1)
    if into == "merged":
        merged(cast, third, kept)
    names = {"itself": double.reference, "closed": third.reference, "merged": third.reference}
    with pytest.raises(InvalidInput, match=reason) as refused:
        merge(
            cast.ada,
            double.pk,
            into=names.get(into, into),
            note="Same.",
            seen=fresh(double).revision,
        )
    assert refused.value.field == "into"
    assert fresh(double).closed_at is None


def test_a_merge_is_refused_the_second_time(cast, kept, double):
    seen = double.revision
    merged(cast, double, kept)
    with pytest.raises(RevisionMoved):
        merged(cast, double, kept, seen=seen)
    with pytest.raises(RuleRefused, match="closed already"):
        merged(cast, double, kept)
    assert ClaimLink.objects.count() == 1


def test_a_merge_says_why_and_names_evidence_of_its_own(cast, kept, double):
    with pytest.raises(InvalidInput, match="say why"):
        merged(cast, double, kept, note=" ")
    foreign = make_evidence(cast, kept)
    with pytest.raises(InvalidInput, match="there is no"):
        merged(cast, double, kept, evidence=[foreign.reference])
    assert fresh(double).closed_at is None


def test_another_desks_claim_takes_no_evidence_from_us(cast, double):
    theirs = open_claim(cast.omar, desk=cast.other_desk, values={"statement": "The same."})
    with pytest.raises(NotAllowed, match="another desk's"):
        merged(cast, double, theirs, evidence=references(double))
    with pytest.raises(NotAllowed):
        merged(cast, double, theirs, actor=cast.omar)
    merged(cast, double, theirs)
    assert fresh(double).replaced_by == theirs
    assert fresh(theirs).revision == 1


def test_evidence_of_a_hidden_claim_is_not_shown_by_a_merge(cast, kept):
    hidden = make_claim(cast, "Hidden.", visibility=Visibility.RESTRICTED)
    row = make_evidence(cast, hidden)
    with pytest.raises(InvalidInput, match="hidden from readers"):
        merged(cast, hidden, kept, evidence=[row.reference])
    merged(cast, hidden, kept)
    assert fresh(hidden).replaced_by == kept


def test_a_reopened_claim_stands_for_itself_again(cast, kept, double):
    merged(cast, double, kept)
    reopen_claim(cast.ada, double.pk, note="They differ.", seen=fresh(double).revision)
    assert fresh(double).replaced_by is None
    merged(cast, kept, double)
    assert fresh(kept).replaced_by == double


def test_one_a_flag_reopened_cannot_stand_for_the_one_it_was_merged_into(cast, kept, double):
    merged(cast, double, kept)
    ask_for_review(cast.ada, double.pk, kind=FlagKind.TIP, detail="Look.")
    assert fresh(double).closed_at is None
    with pytest.raises(InvalidInput, match="was itself replaced"):
        merged(cast, kept, double)


def test_attested_and_altered_quotes_keep_their_state(cast, kept, double):
    Evidence.objects.filter(claim=double).update(quote_state=QuoteState.ALTERED)
    merged(cast, double, kept, evidence=references(double))
    assert {row.quote_state for row in Evidence.objects.filter(claim=kept)} == {"altered"}
    assert fresh(kept).independent_origins == 0


def test_closing_a_claim_voids_what_waits_for_sign_off(cast, double):
    proposals.propose(
        cast.ada,
        double.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=double.revision,
    )
    close(
        cast.ada,
        double.pk,
        reason=CloseReason.OVERTAKEN,
        note="Over.",
        seen=fresh(double).revision,
    )
    assert Proposal.objects.get().state == ProposalState.VOID
    assert not fresh(double).reviews.filter(ended_at=None).exists()
    assert Claim.objects.get().closed_at is not None
