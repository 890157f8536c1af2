"""What the watch saw is recorded once, by whoever holds the lease; changes raise flags."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from claims.models import Claim, Flag, LedgerEntry, Observation, Review, Snapshot, Source, Watch
from claims.queries.resting import resting_on
from claims.services.claims import close
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.services.sources import recheck_now
from claims.states import (
    Basis,
    ChangeKind,
    CloseReason,
    FlagKind,
    LinkState,
    NoticeKind,
    Outcome,
    QuoteState,
)
from claims.types import Assessment, Look, Notice, PageText, QuoteFinding
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence

LEASE = timedelta(minutes=3)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def row(cast):
    return make_evidence(cast, make_claim(cast), state=QuoteState.UNCHECKED)


def take(**options):
    defaults = {"lease_for": LEASE, "pause": timedelta(0), "per_host": 10}
    return lease(options.pop("limit", 10), **{**defaults, **options})


def due(*rows) -> None:
    Watch.objects.filter(source__in=[row.source_id for row in rows]).update(due_at=LONG_AGO)


def see(row, state, *, text="", notice=NoticeKind.NONE, found="", token=None, significant=True):
    """A look that read a page with `row`'s quote in this state."""
    due(row)
    token = token or take(only=[row.source_id])[0].token
    text = text or f"{state} {notice} {found}"
    went = state in {QuoteState.ALTERED, QuoteState.MISSING}
    finding = QuoteFinding(row.pk, state, found=found, figure_altered=bool(found))
    assessment = Assessment(
        changed=True,
        significant=significant and (went or notice is not NoticeKind.NONE),
        kind=ChangeKind.EDITORIAL,
        notice=Notice(notice, "A notice." if notice is not NoticeKind.NONE else ""),
        quotes=(finding,),
    )
    return Look(
        row.source_id,
        token,
        Outcome.CHANGED,
        status=200,
        final_url=row.source.url,
        due_in_s=60,
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
        blob_size=len(text),
        page=PageText(text=text),
        assessment=assessment,
    )


def quiet(leased, outcome=Outcome.UNCHANGED, **values):
    defaults = {"link_state": LinkState.LIVE, "due_in_s": 60, "status": 304}
    return Look(leased.source_id, leased.token, outcome, **{**defaults, **values})


def flags(claim) -> list[str]:
    return list(Flag.objects.filter(claim=claim).order_by("pk").values_list("kind", flat=True))


def test_the_first_look_finds_the_quote_and_raises_nothing(row):
    record_looks([see(row, QuoteState.STANDING)])
    row.refresh_from_db()
    assert row.quote_state == QuoteState.STANDING
    assert Source.objects.get(pk=row.source_id).snapshot is not None
    assert flags(row.claim) == []


def test_a_quote_never_found_stays_unchecked(row):
    record_looks([see(row, QuoteState.MISSING, found="near enough")])
    row.refresh_from_db()
    assert (row.quote_state, row.quote_found) == (QuoteState.UNCHECKED, "near enough")
    assert flags(row.claim) == []


def test_an_altered_figure_sends_the_claim_back_to_a_person(row):
    record_looks([see(row, QuoteState.STANDING)])
    record_looks([see(row, QuoteState.ALTERED, found="about 3,000 soldiers")])

    claim = fresh(row.claim)
    flag = Flag.objects.get(claim=claim)
    assert (flag.kind, flag.found) == (FlagKind.FIGURE_ALTERED, "about 3,000 soldiers")
    assert flag.before != flag.after
    assert (claim.basis, claim.open_flags) == (Basis.IN_QUESTION, 1)
    assert Review.objects.get(claim=claim).ended_at is None


def test_a_change_that_touches_no_quote_raises_nothing(row):
    record_looks([see(row, QuoteState.STANDING)])
    record_looks([see(row, QuoteState.STANDING, text="the same and new advertisements")])
    assert flags(row.claim) == []
    assert Snapshot.objects.filter(source=row.source).count() == 2


def test_a_to_b_to_a_is_two_changes(row):
    record_looks([see(row, QuoteState.STANDING, text="A")])
    record_looks([see(row, QuoteState.MISSING, text="B")])
    record_looks([see(row, QuoteState.STANDING, text="A")])
    row.refresh_from_db()
    assert row.quote_state == QuoteState.STANDING
    assert Snapshot.objects.filter(source=row.source).count() == 3
    record_looks([see(row, QuoteState.MISSING, text="B")])
    assert flags(row.claim) == [FlagKind.QUOTE_MISSING] * 2


def test_a_retraction_flags_what_relays_it_though_that_page_stands(cast, row):
    other = make_claim(cast, "Another claim.")
    copy = make_evidence(cast, other, relays_evidence=row)
    again = make_evidence(cast, make_claim(cast, "A third."), relays_evidence=copy)
    record_looks([see(row, QuoteState.STANDING)])

    record_looks([see(row, QuoteState.STANDING, notice=NoticeKind.RETRACTION)])

    assert flags(row.claim) == [FlagKind.RETRACTION]
    assert flags(other) == flags(again.claim) == [FlagKind.RELAYED_RETRACTED]
    assert fresh(other).basis == Basis.IN_QUESTION


def test_flags_of_one_change_share_their_cause(cast, row):
    twin = make_evidence(cast, make_claim(cast, "Its twin."), url=row.source.url)
    record_looks([see(row, QuoteState.STANDING)])
    look = see(row, QuoteState.STANDING, notice=NoticeKind.CORRECTION)
    record_looks([look])
    assert Flag.objects.filter(evidence__in=[row, twin]).count() == 2
    assert Flag.objects.values("cause").distinct().count() == 1


def test_an_unchanged_look_writes_two_updates_of_its_watch_and_adds_no_row(
    row, django_assert_num_queries
):
    record_looks([see(row, QuoteState.STANDING)])
    tables = (LedgerEntry, Observation, Snapshot, Flag)
    before = [table.objects.count() for table in tables]
    due(row)
    # the lease, one read, one update; each write between BEGIN and COMMIT
    with django_assert_num_queries(6):
        leased = take()
        record_looks([quiet(leased[0])])
    assert [table.objects.count() for table in tables] == before
    watch = Watch.objects.get(source=row.source)
    assert (watch.looks, watch.run_count, watch.lease_token) == (2, 2, None)


def test_a_failing_run_is_closed_when_the_page_returns(row):
    record_looks([see(row, QuoteState.STANDING)])
    for _ in range(2):
        due(row)
        failure = quiet(take()[0], Outcome.TIMEOUT, status=0, detail="no answer in 30 s")
        record_looks([failure])
    record_looks([see(row, QuoteState.STANDING)])
    runs = list(Observation.objects.order_by("pk").values_list("outcome", "count"))
    assert runs == [(Outcome.CHANGED, 1), (Outcome.TIMEOUT, 2)]
    assert Watch.objects.get(source=row.source).failures == 0


def test_a_source_that_is_gone_flags_its_claims_and_its_return_is_recorded(row):
    record_looks([see(row, QuoteState.STANDING)])
    due(row)
    gone = {"link_state": LinkState.GONE, "link_reason": "404 twice", "status": 404}
    record_looks([quiet(take()[0], Outcome.GONE, **gone)])
    assert flags(row.claim) == [FlagKind.SOURCE_GONE]
    due(row)
    record_looks([quiet(take()[0])])
    states = LedgerEntry.objects.filter(kind="link_state_changed").count()
    assert Source.objects.get(pk=row.source_id).link_state == LinkState.LIVE
    assert states == 3


def test_a_lost_lease_writes_nothing(row):
    late = see(row, QuoteState.STANDING)
    due(row)
    Watch.objects.update(lease_until_at=LONG_AGO)
    take()
    before = LedgerEntry.objects.count()
    assert record_looks([late]).lost == 1
    row.refresh_from_db()
    assert (row.quote_state, LedgerEntry.objects.count()) == (QuoteState.UNCHECKED, before)


def test_a_leased_watch_is_not_leased_again_until_its_lease_ends(row):
    due(row)
    assert len(take()) == 1
    assert take() == []
    Watch.objects.update(lease_until_at=LONG_AGO)
    again = take()
    assert again[0].attempts == 2


def test_the_pace_of_a_host_holds_over_batches(cast):
    claim = make_claim(cast)
    rows = [
        make_evidence(cast, claim, url=f"https://slow.example.org/{n}", quote=f"q{n}")
        for n in range(3)
    ]
    due(*rows)
    paced = {"pause": timedelta(hours=1), "per_host": 2}
    assert len(take(**paced)) == 2
    assert take(**paced) == []


def test_recheck_now_makes_the_source_due_and_drops_its_validators(cast, row):
    record_looks([see(row, QuoteState.STANDING)])
    Watch.objects.update(etag='"x"', due_at=FAR_AWAY)
    recheck_now(cast.ada, row.source.reference)
    leased = take()
    assert [(item.source_id, item.etag) for item in leased] == [(row.source_id, "")]


def test_what_rests_on_a_source_is_its_last_text_and_its_live_quotes(row):
    record_looks([see(row, QuoteState.STANDING, text="The whole text.")])
    resting = resting_on([row.source_id])[row.source_id]
    assert resting.before.text == "The whole text."
    assert [quote.exact for quote in resting.quotes] == [row.quote]


def test_a_closed_claim_is_reopened_by_a_flag(cast, row):
    record_looks([see(row, QuoteState.STANDING)])
    close(
        cast.ada,
        row.claim_id,
        reason=CloseReason.NO_LONGER_FOLLOWED,
        note="Old news.",
        seen=fresh(row.claim).revision,
    )
    record_looks([see(row, QuoteState.MISSING)])
    assert Claim.objects.get(pk=row.claim_id).closed_at is None


def test_a_page_under_more_claims_than_one_transaction_holds_is_recorded_whole(cast, row):
    twins = [
        make_evidence(cast, make_claim(cast, f"Claim {n}."), url=row.source.url) for n in range(85)
    ]
    record_looks([see(row, QuoteState.STANDING)])
    record_looks([see(row, QuoteState.STANDING, notice=NoticeKind.RETRACTION)])
    assert Flag.objects.filter(kind=FlagKind.RETRACTION).count() == len(twins) + 1
    assert Snapshot.objects.count() == 2
