"""How far the board can be trusted: each number against what the tables say."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import Source, Watch
from claims.queries import trust
from claims.queries.trust import Coverage, coverage, expiring, troubled_hosts
from claims.services.claims import close
from claims.states import CloseReason, LinkState, Visibility
from tests.claims.cast import fresh, make_claim, make_evidence

TODAY = date(2024, 10, 18)


def watched(cast, number, *, claim=None):
    claim = claim or make_claim(cast)
    return [
        make_evidence(cast, claim, url=f"https://h{n % 2}.example.org/{claim.pk}/{n}").source
        for n in range(number)
    ]


def due(source, *, ago, interval_s=0, looked=None):
    now = timezone.now()
    Watch.objects.filter(source=source).update(
        due_at=now - ago,
        interval_s=interval_s,
        last_looked_at=now - looked if looked is not None else None,
    )


def test_without_a_source_there_is_nothing_to_tell(db):
    assert coverage() == Coverage(0, 0, None, None)


def test_what_waits_longer_than_two_intervals_is_overdue(cast):
    hour = timedelta(hours=1)
    cases = [
        (timedelta(minutes=5), 0, False),
        (timedelta(minutes=15), 0, True),
        (hour * 1.9, 3600, False),
        (hour * 2.1, 3600, True),
        (-hour, 3600, False),
    ]
    sources = watched(cast, len(cases))
    for source, (ago, interval_s, _) in zip(sources, cases, strict=True):
        due(source, ago=ago, interval_s=interval_s, looked=ago + hour)
    found = coverage()
    assert found.watched == len(cases)
    assert found.overdue == sum(is_overdue for *_, is_overdue in cases)
    oldest = Watch.objects.get(source=sources[3])
    assert found.waiting_since_at == oldest.due_at
    assert found.last_look_at == Watch.objects.get(source=sources[4]).last_looked_at


def test_what_is_never_fetched_is_not_watched(cast):
    (source,) = watched(cast, 1)
    Watch.objects.filter(source=source).update(due_at=None)
    assert coverage().watched == 0


def test_numbers_stop_at_their_limits(cast, monkeypatch):
    for source in watched(cast, 4):
        due(source, ago=timedelta(days=1))
    monkeypatch.setattr(trust, "MOST_COUNTED", 3)
    monkeypatch.setattr(trust, "MOST_OVERDUE", 2)
    found = coverage()
    assert (found.watched, found.overdue) == (3, 2)


def trouble(source, state=LinkState.UNREACHABLE):
    Source.objects.filter(pk=source.pk).update(link_state=state)


def test_hosts_in_trouble_are_told_with_most_sources_first(cast):
    sources = watched(cast, 5)
    for source in (sources[0], sources[2], sources[3]):
        trouble(source)
    trouble(sources[4], LinkState.BLOCKED)
    first, second = troubled_hosts(cast.dora, limit=5)
    assert (first.authority, first.sources) == ("h0.example.org:443", 3)
    assert first.states == (LinkState.BLOCKED, LinkState.UNREACHABLE)
    assert first.since == Source.objects.get(pk=sources[0].pk).link_state_since_at
    assert (second.authority, second.names) == ("h1.example.org:443", (sources[3].url,))
    assert len(troubled_hosts(cast.dora, limit=1)) == 1


@pytest.mark.parametrize("state", [LinkState.LIVE, LinkState.GONE, LinkState.CHANGED])
def test_a_page_that_answers_or_is_gone_is_no_trouble_of_its_host(cast, state):
    (source,) = watched(cast, 1)
    trouble(source, state)
    assert troubled_hosts(cast.dora, limit=5) == []


def test_sources_of_hidden_claims_are_not_told_elsewhere(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    for source in watched(cast, 3, claim=claim):
        trouble(source)
    assert troubled_hosts(cast.omar, limit=5) == []
    assert sum(host.sources for host in troubled_hosts(cast.dora, limit=5)) == 3


def on(days):
    return TODAY + timedelta(days=days)


def test_verdicts_expire_by_their_review_date_earliest_first(cast):
    days = (-30, -1, 0, 7, 8)
    claims = {day: make_claim(cast, f"Claim {day}.", review_by_on=on(day)) for day in days}
    make_claim(cast, "Without a date.")
    found = expiring(cast.dora, on=TODAY, limit=3)
    assert (found.passed, found.soon) == (2, 2)
    assert [claim.pk for claim in found.claims] == [claims[day].pk for day in days[:3]]


def test_closed_and_hidden_claims_do_not_expire(cast):
    claim = make_claim(cast, review_by_on=TODAY)
    close(
        cast.ada,
        claim.pk,
        reason=CloseReason.OVERTAKEN,
        note="Old.",
        seen=fresh(claim).revision,
    )
    make_claim(cast, review_by_on=TODAY, visibility=Visibility.RESTRICTED)
    assert expiring(cast.omar, on=TODAY, limit=3).soon == 0
    assert expiring(cast.dora, on=TODAY, limit=3).soon == 1


def test_trust_takes_a_bounded_number_of_queries(cast, django_assert_num_queries):
    for source in watched(cast, 6):
        trouble(source)
    dora = cast.dora
    with django_assert_num_queries(1):
        coverage()
    with django_assert_num_queries(1):
        troubled_hosts(dora, limit=5)
    with django_assert_num_queries(3):
        expiring(dora, on=TODAY, limit=3)
    trust.ledger_trust()  # the connection's statements are prepared with their first use
    with django_assert_num_queries(3):
        trust.ledger_trust()
