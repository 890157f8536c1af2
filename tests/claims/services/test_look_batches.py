"""Looks are recorded many at a time, by whoever holds the lease; hosts and people are heeded."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from claims.models import Claim, Flag, Host, LedgerEntry, Review, Snapshot, Watch
from claims.services.claims import close, reopen_claim
from claims.services.evidence import add_evidence
from claims.services.leases import lease
from claims.services.ledger import recording
from claims.services.looks import record_looks
from claims.services.reviews import Cause, NewFlag, raise_flags
from claims.services.settle import settle
from claims.services.sources import recheck_now
from claims.states import (
    ChangeKind,
    CloseReason,
    EntryKind,
    FlagKind,
    Outcome,
    QuoteState,
)
from claims.types import MACHINE, Assessment, Look, PageText, QuoteFinding
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def rows(cast):
    return [
        make_evidence(
            cast, make_claim(cast, f"Claim {n}."), quote=f"q{n}", state=QuoteState.UNCHECKED
        )
        for n in range(4)
    ]


def take(*rows, now=True):
    ids = [row.source_id for row in rows]
    if now:
        Watch.objects.filter(source__in=ids).update(due_at=LONG_AGO)
    leased = lease(
        50, lease_for=timedelta(minutes=3), pause=timedelta(0), per_host=50, only=ids or None
    )
    return {item.source_id: item for item in leased}


def read(row, leased, text, state=QuoteState.STANDING, **page):
    return Look(
        row.source_id,
        leased.token,
        Outcome.CHANGED,
        status=200,
        final_url=row.source.url,
        due_in_s=60,
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
        blob_size=len(text),
        page=PageText(text=text, **page),
        assessment=Assessment(
            changed=True,
            significant=state is QuoteState.ALTERED,
            kind=ChangeKind.EDITORIAL,
            quotes=(QuoteFinding(row.pk, state, found="something else"),),
        ),
    )


def look_at(rows, text, *, states=()):
    leased = take(*rows)
    states = states or [QuoteState.STANDING] * len(rows)
    return record_looks(
        [
            read(row, leased[row.source_id], f"{text} {row.pk}", state)
            for row, state in zip(rows, states, strict=True)
        ]
    )


def test_only_what_a_batch_touches_is_flagged(rows):
    look_at(rows, "first")
    states = [QuoteState.STANDING, QuoteState.ALTERED, QuoteState.STANDING, QuoteState.ALTERED]
    assert look_at(rows, "second", states=states).changed == len(rows)
    flagged = Flag.objects.filter(kind=FlagKind.QUOTE_ALTERED).values_list("evidence_id", flat=True)
    assert sorted(flagged) == [rows[1].pk, rows[3].pk]


def test_a_page_that_changes_around_its_quotes_leaves_the_claim_as_it_was(rows):
    look_at(rows, "first")
    before = fresh(rows[0].claim).revision
    look_at(rows, "second")
    assert fresh(rows[0].claim).revision == before


def test_a_standing_quote_knows_the_snapshot_it_was_last_found_in(rows):
    look_at(rows, "first")
    look_at(rows, "second")
    rows[0].refresh_from_db()
    assert rows[0].quote_snapshot == Snapshot.objects.filter(source=rows[0].source).latest("pk")


def test_one_lost_lease_in_a_batch_leaves_the_others_recorded(rows):
    leased = take(*rows)
    looks = [read(row, leased[row.source_id], f"text {row.pk}") for row in rows]
    Watch.objects.filter(source=rows[0].source).update(lease_until_at=LONG_AGO)
    take(rows[0])
    recorded = record_looks(looks)
    assert (recorded.changed, recorded.lost) == (3, 1)
    assert not Snapshot.objects.filter(source=rows[0].source).exists()


def test_a_correction_in_the_markup_alone_is_a_new_snapshot(rows):
    row = rows[0]
    record_looks([read(row, take(row)[row.source_id], "same")])
    record_looks([read(row, take(row)[row.source_id], "same", correction="We were wrong.")])
    assert Snapshot.objects.filter(source=row.source).count() == 2


def test_more_looks_than_one_transaction_holds_are_recorded_whole(cast):
    claim = make_claim(cast)
    rows = [
        make_evidence(cast, claim, quote=f"q{n}", state=QuoteState.UNCHECKED) for n in range(45)
    ]
    recorded = look_at(rows, "first")
    states = LedgerEntry.objects.filter(kind=EntryKind.QUOTE_STATE_CHANGED)
    assert (recorded.changed, states.count()) == (45, 45)


def test_asking_for_a_look_voids_the_one_under_way(cast, rows):
    row = rows[0]
    late = read(row, take(row)[row.source_id], "seen before it was asked for")
    recheck_now(cast.ada, row.source.reference)
    assert record_looks([late]).lost == 1
    assert row.source_id in take(row, now=False)


def test_a_quote_added_during_a_look_is_looked_for_at_the_next(cast, rows):
    row = rows[0]
    late = read(row, take(row)[row.source_id], "read without the new quote")
    claim = make_claim(cast, "Another claim.")
    add_evidence(cast.ada, claim.pk, url=row.source.url, values={"quote": "another quote"})
    record_looks([late])
    assert take(row, now=False)[row.source_id].etag == ""


def test_a_host_that_asks_for_a_pause_is_left_alone_whole(cast):
    claim = make_claim(cast)
    rows = [
        make_evidence(cast, claim, url=f"https://busy.example.org/{n}", quote=f"q{n}")
        for n in range(2)
    ]
    leased = take(rows[0])
    throttled = Look(
        rows[0].source_id,
        leased[rows[0].source_id].token,
        Outcome.THROTTLED,
        status=429,
        due_in_s=600,
        retry_after_s=600,
    )
    record_looks([throttled])
    assert take(rows[1]) == {}
    assert Host.objects.get(authority="busy.example.org:443").next_allowed_at > datetime.now(UTC)


def test_a_host_that_must_wait_takes_no_other_host_s_turn(cast):
    claim = make_claim(cast)
    waiting, free = (
        make_evidence(cast, claim, url=f"https://{name}.example.org/", quote=name)
        for name in ("waiting", "free")
    )
    Host.objects.filter(watch__source=waiting.source).update(next_allowed_at=FAR_AWAY)
    Watch.objects.filter(source=waiting.source).update(due_at=LONG_AGO)
    Watch.objects.filter(source=free.source).update(due_at=LONG_AGO + timedelta(days=1))
    leased = lease(1, lease_for=timedelta(minutes=3), pause=timedelta(0), per_host=1)
    assert [item.source_id for item in leased] == [free.source_id]


def test_due_pages_of_one_host_are_leased_together_before_the_next_host_s(cast):
    claim = make_claim(cast)
    hosts = ("one", "two", "one")
    rows = [
        make_evidence(cast, claim, url=f"https://{name}.example.org/{n}", quote=f"q{n}")
        for n, name in enumerate(hosts)
    ]
    for n, row in enumerate(rows):
        Watch.objects.filter(source=row.source).update(due_at=LONG_AGO + timedelta(days=n))
    leased = lease(2, lease_for=timedelta(minutes=3), pause=timedelta(0), per_host=2)
    assert {item.source_id for item in leased} == {rows[0].source_id, rows[2].source_id}


def test_one_flag_asked_for_twice_in_a_transaction_is_raised_once(cast, rows):
    cause = Cause(source=rows[0].source)
    with recording(MACHINE) as record:
        claim = Claim.objects.select_for_update().get(pk=rows[0].claim_id)
        flag = NewFlag(claim, FlagKind.SOURCE_GONE, cause, rows[0])
        other = NewFlag(claim, FlagKind.QUOTE_MISSING, cause, rows[0])
        raised = raise_flags([flag, other, flag], record=record)
        again = raise_flags([flag], record=record)
        settle(claim, record=record)
    assert [row.kind for row in raised] == [FlagKind.SOURCE_GONE, FlagKind.QUOTE_MISSING]
    assert again == []
    assert Review.objects.filter(claim=claim).count() == 1


def test_a_host_that_asks_for_nothing_is_looked_at_again(rows):
    leased = take(rows[0])
    failed = Look(
        rows[0].source_id, leased[rows[0].source_id].token, Outcome.SERVER_ERROR, due_in_s=60
    )
    record_looks([failed])
    assert list(take(rows[0])) == [rows[0].source_id]


@pytest.mark.parametrize(
    ("values", "urgency"),
    [
        ({}, 1),
        ({"status": "disputed", "ground": "conflicting_accounts"}, 2),
        ({"priority": 1}, 2),
        ({"status": "corroborated", "ground": "editor_override"}, 4),
        ({"review_by_on": datetime.now(UTC).date()}, 4),
        ({"review_by_on": FAR_AWAY.date()}, 1),
        ({"closed_at": LONG_AGO, "close_reason": "mistake"}, 0),
    ],
)
def test_the_most_urgent_open_claim_sets_the_pace_of_a_source(rows, values, urgency):
    Claim.objects.filter(pk=rows[0].claim_id).update(**values)
    assert take(rows[0])[rows[0].source_id].urgency == urgency


def test_of_pages_that_may_have_ended_a_worker_one_is_taken_at_a_time(rows):
    suspects = [row.source_id for row in rows[:3]]
    Watch.objects.filter(source__in=suspects).update(attempts=2)
    taken = take(*rows)
    assert len(taken.keys() & set(suspects)) == 1
    assert rows[3].source_id in taken


def test_a_reopened_claim_has_its_sources_looked_at_soon(cast, rows):
    row = rows[0]
    note = "Nobody asks any more."
    seen = fresh(row.claim).revision
    close(cast.ada, row.claim_id, reason=CloseReason.NO_LONGER_FOLLOWED, note=note, seen=seen)
    Watch.objects.update(due_at=FAR_AWAY)
    reopen_claim(cast.ada, row.claim_id, note="They do.", seen=fresh(row.claim).revision)
    assert list(take(now=False)) == [row.source_id]


def test_a_link_that_stays_as_it_is_makes_no_entry(rows):
    look_at(rows, "first")
    before = LedgerEntry.objects.filter(kind=EntryKind.LINK_STATE_CHANGED).count()
    look_at(rows, "second")
    after = LedgerEntry.objects.filter(kind=EntryKind.LINK_STATE_CHANGED).count()
    assert (before, after) == (len(rows), len(rows))
