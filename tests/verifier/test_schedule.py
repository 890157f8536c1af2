"""When to look again, and what answers say about a link."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import Hop, LeasedWatch
from verifier.schedule import (
    Pace,
    due_in_s,
    failing_hosts,
    has_moved,
    is_full_look_due,
    next_link_state,
)

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR_S, DAY_S = 3600, 86_400
PACE = Pace()
DEMONSTRATION = Pace(first_s=5, min_s=10, max_s=20, gone_relook_s=10, unreachable_after_s=60)


def watch(*, age_s: float = 30 * DAY_S, quiet_s: float | None = None, **fields) -> LeasedWatch:
    """A source linked `age_s` ago whose open run of unchanged looks began `quiet_s` ago."""
    usual = LeasedWatch(
        source_id=1,
        token="t",
        url="https://news.example/",
        leased_at=NOON,
        linked_at=NOON - timedelta(seconds=age_s),
        is_full_due=False,
        link_state=LinkState.LIVE,
        link_state_since_at=NOON - timedelta(seconds=age_s),
        run_outcome=Outcome.UNCHANGED,
        run_first_at=NOON - timedelta(seconds=age_s if quiet_s is None else quiet_s),
    )
    return replace(usual, **fields)


def due(leased: LeasedWatch, **given) -> float:
    usual = {"outcome": Outcome.UNCHANGED, "link_state": LinkState.LIVE, "pace": PACE}
    asked: dict[str, Any] = usual | given
    return due_in_s(leased, **asked)


def test_a_newly_linked_source_is_looked_at_closely_first():
    looked_at_s, waits = 0.0, []
    for _ in range(8):
        waits.append(due(watch(age_s=looked_at_s)))
        looked_at_s += waits[-1]
    assert waits[0] == PACE.first_s
    assert waits == sorted(waits)
    assert waits[3] < HOUR_S < waits[-1]


def test_an_older_page_is_looked_at_less_often():
    ages = [HOUR_S, DAY_S, 7 * DAY_S, 90 * DAY_S]
    waits = [due(watch(age_s=age)) for age in ages]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_a_page_that_changed_often_is_looked_at_more_often():
    waits = [due(watch(changes_seen=changes, quiet_s=10 * DAY_S)) for changes in (0, 3, 30)]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] < waits[0] / 3


def test_a_page_that_has_just_changed_is_looked_at_again_soon():
    quiet = due(watch(changes_seen=1, quiet_s=20 * DAY_S))
    fresh = due(
        watch(changes_seen=1, quiet_s=20 * DAY_S), outcome=Outcome.CHANGED, has_changed=True
    )
    assert fresh < quiet / 3


def test_an_urgent_claim_has_its_source_looked_at_twice_as_often():
    assert due(watch(), urgency=4) == pytest.approx(due(watch()) / 2)


def test_what_nobody_follows_is_looked_at_at_the_slowest_pace():
    assert due(watch(), urgency=0) == PACE.max_s


@pytest.mark.parametrize("pace", [PACE, DEMONSTRATION])
@pytest.mark.parametrize("age_s", [0, 1, 600, DAY_S, 3000 * DAY_S])
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("failures", [0, 1, 100_000])
@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.TIMEOUT, Outcome.GONE])
def test_every_interval_keeps_within_the_bounds(pace, age_s, chance, failures, outcome):
    wait_s = due(
        watch(age_s=age_s, failures=failures), pace=pace, chance_0_1=chance, outcome=outcome
    )
    assert min(pace.first_s, pace.min_s) <= wait_s <= pace.max_s


def test_chance_moves_an_interval_by_its_share():
    least, middle, most = (due(watch(), chance_0_1=chance) for chance in (0.0, 0.5, 1.0))
    assert [least, most] == pytest.approx([middle * 0.9, middle * 1.1])


def test_each_failure_doubles_the_wait_up_to_hours():
    waits = [due(watch(failures=n), outcome=Outcome.TIMEOUT) for n in (0, 1, 2, 20)]
    assert waits == [300, 600, 1200, 6 * HOUR_S]


@pytest.mark.parametrize("outcome", [Outcome.THROTTLED, Outcome.SERVER_ERROR, Outcome.UNCHANGED])
def test_what_the_server_asked_for_is_waited_for(outcome):
    assert due(watch(age_s=0), outcome=outcome, retry_after_s=7200) == 7200


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_suspected_loss_is_looked_at_again_no_sooner_than_it_counts(chance):
    wait_s = due(
        watch(), outcome=Outcome.GONE, link_state=LinkState.SUSPECTED_GONE, chance_0_1=chance
    )
    assert PACE.gone_relook_s <= wait_s <= PACE.gone_relook_s * 1.3


def test_a_page_that_is_gone_is_looked_at_once_a_day():
    assert due(watch(failures=9), outcome=Outcome.GONE, link_state=LinkState.GONE) == DAY_S


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({}, False),
        ({"is_full_due": True}, True),
        ({"failures": 1}, True),
        ({"run_outcome": Outcome.TIMEOUT}, True),
        ({"run_outcome": None}, True),
    ],
)
def test_the_whole_page_is_asked_for_now_and_then_and_after_a_failure(fields, is_due):
    assert is_full_look_due(watch(**fields)) is is_due


def judged(leased: LeasedWatch, outcome: Outcome, *, unread_s: float = 0, **given) -> LinkState:
    verdict = next_link_state(
        leased,
        outcome=outcome,
        unread_since=NOON - timedelta(seconds=unread_s),
        pace=PACE,
        **given,
    )
    assert verdict.reason
    return verdict.state


def was(state: LinkState, *, since_s: float = 0, **fields) -> LeasedWatch:
    return watch(link_state=state, link_state_since_at=NOON - timedelta(seconds=since_s), **fields)


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.SOFT_GONE])
@pytest.mark.parametrize(
    ("before", "since_s", "after"),
    [
        (LinkState.UNCHECKED, 0, LinkState.SUSPECTED_GONE),
        (LinkState.LIVE, DAY_S, LinkState.SUSPECTED_GONE),
        (LinkState.UNREACHABLE, DAY_S, LinkState.SUSPECTED_GONE),
        (LinkState.SUSPECTED_GONE, HOUR_S - 1, LinkState.SUSPECTED_GONE),
        (LinkState.SUSPECTED_GONE, HOUR_S, LinkState.GONE),
        (LinkState.GONE, DAY_S, LinkState.GONE),
    ],
)
def test_a_page_is_gone_when_it_was_missed_twice_well_apart(outcome, before, since_s, after):
    assert judged(was(before, since_s=since_s), outcome) is after


def test_a_page_missed_with_its_whole_host_is_not_gone():
    missed = was(LinkState.SUSPECTED_GONE, since_s=DAY_S)
    assert judged(missed, Outcome.GONE, is_host_failing=True) is LinkState.SUSPECTED_GONE
    assert judged(was(LinkState.LIVE), Outcome.GONE, is_host_failing=True) is LinkState.LIVE


HINDRANCES = sorted(
    set(Outcome)
    - ANSWERED
    - {Outcome.GONE, Outcome.SOFT_GONE, Outcome.SEEN_STANDING, Outcome.SEEN_CHANGED}
    - {Outcome.SEEN_GONE}
)


@pytest.mark.parametrize("outcome", HINDRANCES)
@pytest.mark.parametrize("before", [LinkState.SUSPECTED_GONE, LinkState.GONE])
def test_an_obstacle_neither_loses_a_page_nor_brings_it_back(before, outcome):
    assert judged(was(before, since_s=9 * DAY_S), outcome, unread_s=9 * DAY_S) is before


@pytest.mark.parametrize("outcome", HINDRANCES)
def test_no_obstacle_ever_counts_as_removal(outcome):
    states = {judged(was(state), outcome, unread_s=9 * DAY_S) for state in (LinkState.LIVE,)}
    assert not states & {LinkState.SUSPECTED_GONE, LinkState.GONE}


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.THROTTLED])
@pytest.mark.parametrize(
    ("unread_s", "after"),
    [(0, LinkState.LIVE), (3 * DAY_S - 1, LinkState.LIVE), (3 * DAY_S, LinkState.UNREACHABLE)],
)
def test_a_source_is_unreachable_when_a_failure_lasted_three_days(outcome, unread_s, after):
    assert judged(was(LinkState.LIVE), outcome, unread_s=unread_s) is after


@pytest.mark.parametrize("outcome", [Outcome.PROXY, Outcome.STORAGE, Outcome.WORKER_DIED])
def test_a_failure_of_our_own_says_nothing_about_the_source(outcome):
    assert judged(was(LinkState.LIVE), outcome, unread_s=9 * DAY_S) is LinkState.LIVE


def test_a_refusal_is_a_state_of_its_own_at_once():
    assert judged(was(LinkState.LIVE), Outcome.BLOCKED) is LinkState.BLOCKED
    assert judged(was(LinkState.BLOCKED), Outcome.BLOCKED, unread_s=9 * DAY_S) is LinkState.BLOCKED


@pytest.mark.parametrize(
    ("lasted_s", "after"), [(DAY_S, LinkState.BLOCKED), (3 * DAY_S, LinkState.UNREACHABLE)]
)
def test_a_blocked_source_is_unreachable_only_when_that_failure_lasted(lasted_s, after):
    blocked = was(
        LinkState.BLOCKED,
        since_s=30 * DAY_S,
        run_outcome=Outcome.DNS,
        run_first_at=NOON - timedelta(seconds=lasted_s),
    )
    assert judged(blocked, Outcome.DNS, unread_s=30 * DAY_S) is after


@pytest.mark.parametrize("before", list(LinkState))
def test_a_page_that_answers_is_back_at_once(before):
    expected = LinkState.CHANGED if before is LinkState.CHANGED else LinkState.LIVE
    assert judged(was(before), Outcome.UNCHANGED) is expected


def test_other_words_and_another_address_are_states_of_their_own():
    assert judged(was(LinkState.LIVE), Outcome.CHANGED, has_changed=True) is LinkState.CHANGED
    assert judged(was(LinkState.LIVE), Outcome.CHANGED, has_moved=True) is LinkState.MOVED


def test_an_unchanged_look_at_a_changed_page_changes_no_state():
    assert judged(was(LinkState.CHANGED), Outcome.UNCHANGED) is LinkState.CHANGED


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Outcome.SEEN_STANDING, LinkState.LIVE),
        (Outcome.SEEN_CHANGED, LinkState.CHANGED),
        (Outcome.SEEN_GONE, LinkState.GONE),
    ],
)
def test_what_a_person_saw_is_believed(outcome, after):
    assert judged(was(LinkState.UNREACHABLE), outcome) is after


def test_a_host_fails_as_a_whole_when_three_pages_of_it_are_missed_and_none_read():
    gone, fine = Outcome.GONE, Outcome.UNCHANGED
    looks = [("a:80", gone)] * 3 + [("b:80", gone)] * 2 + [("c:80", gone)] * 3 + [("c:80", fine)]
    assert failing_hosts(looks) == {"a:80"}


def hops(*steps: tuple[str, int]) -> tuple[Hop, ...]:
    return tuple(Hop(url=url, status=status) for url, status in steps)


@pytest.mark.parametrize(
    ("chain", "moved"),
    [
        (hops(("http://a.example/x", 200)), False),
        (hops(("http://a.example/x", 301), ("https://www.a.example/x/", 200)), False),
        (hops(("http://a.example/x", 301), ("http://a.example/y", 200)), True),
        (hops(("http://a.example/x", 308), ("http://b.example/x", 200)), True),
        (hops(("http://a.example/x", 302), ("http://a.example/y", 200)), False),
        (
            hops(
                ("http://a.example/x", 301),
                ("http://a.example/y", 302),
                ("http://a.example/z", 200),
            ),
            True,
        ),
        (hops(("http://a.example/x", 302), ("http://a.example/y", 301)), False),
        (hops(("http://a.example/x", 301)), False),
        ((), False),
    ],
)
def test_a_source_has_moved_when_redirects_lead_elsewhere_for_good(chain, moved):
    assert has_moved(chain) is moved
