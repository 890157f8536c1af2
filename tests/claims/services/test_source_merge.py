"""A source linked twice becomes one: evidence moves, histories stay, no state or status changes."""

from datetime import timedelta

import pytest

from claims.access import sources_visible_to
from claims.errors import InvalidInput, NotAllowed, RuleRefused
from claims.models import Evidence, LedgerEntry, Snapshot, Source, Watch
from claims.queries.opinion import opinion_on
from claims.queries.projection import verify_claims
from claims.services import proposals
from claims.services.evidence import add_evidence
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.services.source_merge import merge_source
from claims.services.sources import recheck_now, set_treatment
from claims.states import ClaimStatus, EntryKind, Ground, Outcome, QuoteState, Visibility
from claims.types import Look
from tests.claims.admin.looking import look_at
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

TEXT = "It says that about 1,500 soldiers have arrived."


@pytest.fixture
def claim(cast):
    return make_claim(cast)


@pytest.fixture
def row(cast, claim) -> Evidence:
    """On the page that was linked twice, read."""
    row = make_evidence(cast, claim, origin=make_origin(cast, "Agency"))
    look_at(row.source, TEXT)
    row.refresh_from_db()
    return row


@pytest.fixture
def kept(cast) -> Source:
    other = make_evidence(cast, make_claim(cast, "Another."), url="https://amp.example.org/story")
    look_at(other.source, TEXT)
    return Source.objects.get(pk=other.source_id)


def merge(cast, row, kept, **options) -> Source:
    actor = options.pop("actor", cast.ada)
    reason = options.pop("reason", "The same page under two addresses.")
    return merge_source(actor, row.source.reference, into=kept.reference, reason=reason)


def test_evidence_moves_with_its_words_and_state(cast, claim, row, kept):
    before, roots = fresh(claim), opinion_on(claim.pk).roots
    merge(cast, row, kept)
    moved = Evidence.objects.get(pk=row.pk)
    assert (moved.source, moved.quote, moved.quote_state) == (kept, row.quote, row.quote_state)
    assert moved.quote_snapshot == kept.snapshot
    after = fresh(claim)
    assert (after.status, after.basis) == (before.status, before.basis)
    assert opinion_on(claim.pk).roots == roots
    assert verify_claims() == 2


def test_both_histories_stay_where_they_were(cast, row, kept):
    old = row.source
    merge(cast, row, kept)
    assert Snapshot.objects.filter(source=old).exists()
    told = LedgerEntry.objects.filter(kind=EntryKind.SOURCE_MERGED)
    assert set(told.values_list("source_ref", flat=True)) == {old.reference, kept.reference}
    moved = LedgerEntry.objects.filter(kind=EntryKind.EVIDENCE_EDITED).latest("seq")
    assert (moved.claim_ref, kept.reference in moved.body) == (row.claim.reference, True)


def test_the_merged_watch_stops_and_a_look_under_way_is_discarded(cast, row, kept):
    recheck_now(cast.ada, row.source.reference)
    (leased,) = lease(
        1, lease_for=timedelta(minutes=1), pause=timedelta(0), per_host=1, only=[row.source_id]
    )
    merge(cast, row, kept)
    watch = Watch.objects.get(source=row.source_id)
    assert (watch.due_at, watch.lease_token) == (None, None)
    late = Look(row.source_id, leased.token, Outcome.UNCHANGED, due_in_s=60)
    assert record_looks([late]).lost == 1


def test_the_old_address_leads_to_the_one_that_was_kept(cast, row, kept):
    merge(cast, row, kept)
    again = make_claim(cast, "A third.")
    added = add_evidence(cast.ada, again.pk, url=row.source.url, values={"quote": "soldiers"})
    assert added.source == kept
    assert Watch.objects.get(source=row.source_id).due_at is None


def test_what_was_merged_earlier_follows(cast, row, kept):
    first = make_evidence(cast, make_claim(cast, "First."), url="https://m.example.org/story")
    look_at(first.source, TEXT)
    merge(cast, first, row.source)
    merge(cast, row, kept)
    assert Source.objects.get(pk=first.source_id).merged_into == kept


def test_a_merged_source_is_worked_on_no_more(cast, row, kept):
    merge(cast, row, kept)
    for work in (
        lambda: merge(cast, row, kept),
        lambda: recheck_now(cast.ada, row.source.reference),
        lambda: set_treatment(
            cast.ada, row.source.reference, is_fetched=True, is_expected_to_change=True
        ),
    ):
        with pytest.raises(RuleRefused, match=f"merged into {kept.reference}"):
            work()


def test_a_quote_that_does_not_stand_on_the_other_page_says_they_differ(cast, row):
    other = make_evidence(cast, make_claim(cast, "Another."), url="https://b.example.org/")
    look_at(other.source, "It says that about 3,000 soldiers have arrived.")
    with pytest.raises(InvalidInput, match=f"{row.reference} does not stand") as refused:
        merge(cast, row, other.source)
    assert refused.value.field == "into"
    assert Source.objects.get(pk=row.source_id).merged_into is None


@pytest.mark.parametrize("state", [QuoteState.UNCHECKED, QuoteState.MISSING, QuoteState.ALTERED])
def test_a_quote_that_does_not_stand_anyway_moves_as_it_is(cast, row, kept, state):
    Evidence.objects.filter(pk=row.pk).update(quote_state=state, quote="words nobody found")
    merge(cast, row, kept)
    moved = Evidence.objects.get(pk=row.pk)
    assert (moved.source, moved.quote_state) == (kept, state)


def test_counted_evidence_of_a_corroborated_claim_does_not_move(cast, claim, row, kept):
    make_evidence(cast, claim, origin=make_origin(cast, "Second agency"))
    seen = fresh(claim).revision
    proposal = proposals.propose(
        cast.ada,
        claim.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two agree.",
        seen=seen,
    )
    proposals.sign_off(cast.ben, proposal.reference, version=proposal.version)
    with pytest.raises(RuleRefused, match="is corroborated and counts"):
        merge(cast, row, kept)
    other = Evidence.objects.get(source=kept)
    merge(cast, other, row.source)
    assert Evidence.objects.get(pk=other.pk).source == row.source
    assert fresh(claim).status == ClaimStatus.CORROBORATED


def test_withdrawn_evidence_stays_with_the_history_it_belongs_to(cast, row, kept):
    Evidence.objects.filter(pk=row.pk).update(withdrawn_at=row.created_at)
    merge(cast, row, kept)
    assert Evidence.objects.get(pk=row.pk).source == row.source
    assert Source.objects.get(pk=row.source_id).merged_into == kept


def test_more_claims_than_one_transaction_takes_move_all(cast, row, kept, monkeypatch):
    monkeypatch.setattr("claims.services.source_merge.CLAIMS_TOGETHER", 2)
    for number in range(4):
        make_evidence(cast, make_claim(cast, f"No {number}."), url=row.source.url)
    merge(cast, row, kept)
    assert not Evidence.objects.filter(source=row.source).exists()
    assert LedgerEntry.objects.filter(kind=EntryKind.SOURCE_MERGED).count() == 2


def test_another_desk_moves_no_evidence_of_this_one(cast, row, kept):
    with pytest.raises(NotAllowed, match="you may not change"):
        merge(cast, row, kept, actor=cast.omar)
    assert Source.objects.get(pk=row.source_id).merged_into is None


def test_a_merged_source_of_a_restricted_claim_is_told_to_no_other_desk(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    one = make_evidence(cast, claim, state=QuoteState.UNCHECKED)
    other = make_evidence(cast, claim, state=QuoteState.UNCHECKED)
    merge(cast, one, other.source)
    assert not sources_visible_to(cast.omar).exists()
    assert sources_visible_to(cast.ben).count() == 2


@pytest.mark.parametrize(
    ("into", "reason", "field"),
    [("SO-ZZZZZZ", "Same.", "into"), ("itself", "Same.", "into"), ("kept", " ", "reason")],
)
def test_a_merge_needs_another_source_and_a_reason(cast, row, kept, into, reason, field):
    target = {"kept": kept.reference, "itself": row.source.reference}.get(into, into)
    with pytest.raises(InvalidInput) as refused:
        merge_source(cast.ada, row.source.reference, into=target, reason=reason)
    assert refused.value.field == field
