"""What holds of every interval, whatever the watch knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from hypothesis import assume, example, given
from hypothesis import strategies as st

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import LeasedWatch
from verifier.fetch.answers import retry_after_s
from verifier.schedule import Pace, due_in_s

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
MIN_S, HOUR_S, DAY_S = 60, 3600, 86_400
YEARS_S = 50 * 365 * DAY_S
PACE = Pace()

seconds = st.integers(0, YEARS_S)
urgencies = st.just(0.0) | st.floats(0.01, 1000)
chances = st.floats(0, 1)
outcomes = st.sampled_from(sorted(Outcome))
states = st.sampled_from(sorted(LinkState))


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    """Any bounds the settings take, the shortest one first."""
    first_s, min_s, max_s = sorted(draw(st.tuples(*[st.floats(1, 10**9)] * 3)))
    return Pace(
        first_s=first_s,
        min_s=min_s,
        max_s=max_s,
        daily_changer_s=draw(st.floats(60, DAY_S)),
        gone_relook_s=draw(st.floats(1, 10**9)),
    )


def watch(*, age_s: float = 30 * DAY_S, quiet_s: float | None = None, **fields) -> LeasedWatch:
    """A source linked `age_s` ago whose open run of looks that read it began `quiet_s` ago."""
    usual = LeasedWatch(
        source_id=1,
        token="t",
        url="https://news.example/",
        leased_at=NOON,
        linked_at=NOON - timedelta(seconds=age_s),
        link_state=LinkState.LIVE,
        run_outcome=Outcome.UNCHANGED,
        run_first_at=NOON - timedelta(seconds=age_s if quiet_s is None else quiet_s),
    )
    return replace(usual, **fields)


watches = st.builds(
    watch,
    age_s=st.floats(-YEARS_S, YEARS_S),
    quiet_s=st.floats(-YEARS_S, YEARS_S),
    changes_seen=st.integers(0, 2**31),
    failures=st.integers(0, 2**31),
    run_outcome=st.none() | outcomes,
)


def due(leased: LeasedWatch, **given_values) -> float:
    usual = {"outcome": Outcome.UNCHANGED, "link_state": LinkState.LIVE, "pace": PACE}
    asked: dict[str, Any] = usual | given_values
    return due_in_s(leased, **asked)


@given(watches, paces(), outcomes, states, chances, urgencies, st.booleans())
@example(watch(age_s=-DAY_S), PACE, Outcome.UNCHANGED, LinkState.LIVE, 0.0, 1.0, False)
def test_every_interval_is_a_number_within_the_bounds(
    leased, pace, outcome, state, chance, urgency, has_changed
):
    wait_s = due(
        leased,
        pace=pace,
        outcome=outcome,
        link_state=state,
        chance_0_1=chance,
        urgency=urgency,
        has_changed=has_changed,
    )
    # How soon a loss is looked at again has a setting of its own.
    assert min(pace.first_s, pace.min_s, pace.gone_relook_s) <= wait_s <= pace.max_s


@given(seconds, seconds, st.integers(0, 1000), st.integers(0, 1000))
def test_the_more_changes_were_seen_the_sooner_the_next_look(age_s, quiet_s, some, more):
    quiet_s = min(quiet_s, age_s)
    few, many = sorted((some, more))
    assume(few > 0)  # before the first change the event is the linking
    waits = [due(watch(age_s=age_s, quiet_s=quiet_s, changes_seen=n)) for n in (few, many)]
    assert waits[0] >= waits[1]


@given(seconds, seconds, seconds, st.integers(1, 1000))
def test_the_longer_a_page_was_quiet_the_later_the_next_look(age_s, one_s, other_s, changes):
    short_s, long_s = sorted((min(one_s, age_s), min(other_s, age_s)))
    waits = [
        due(watch(age_s=age_s, quiet_s=quiet_s, changes_seen=changes))
        for quiet_s in (short_s, long_s)
    ]
    assert waits[0] <= waits[1]


@given(watches, urgencies, urgencies)
def test_the_more_urgent_the_claim_the_sooner_the_next_look(leased, one, other):
    little, much = sorted((one, other))
    assert due(leased, urgency=little) >= due(leased, urgency=much)


@given(seconds, seconds)
def test_a_page_that_never_changed_is_looked_at_ever_less(one_s, other_s):
    young_s, old_s = sorted((one_s, other_s))
    assert due(watch(age_s=young_s)) <= due(watch(age_s=old_s))


@given(seconds)
def test_a_new_source_never_waits_longer_than_it_has_been_watched(age_s):
    assert due(watch(age_s=age_s)) <= max(age_s, PACE.first_s)


@given(watches, chances, outcomes, states)
def test_chance_moves_an_interval_as_far_up_as_down(leased, chance, outcome, state):
    pace = replace(PACE, first_s=1, min_s=1, max_s=10**9)
    asked = {"pace": pace, "outcome": outcome, "link_state": state}
    assume(state is not LinkState.SUSPECTED_GONE or outcome in ANSWERED)  # has a floor of its own
    low, middle, high = (due(leased, chance_0_1=c, **asked) for c in (chance, 0.5, 1 - chance))
    assume(min(low, high) > 1)
    assert (low + high) / 2 == pytest.approx(middle)


@given(watches, outcomes, states, chances)
def test_what_nobody_follows_keeps_the_slowest_pace_whatever_it_answers(
    leased, outcome, state, chance
):
    wait_s = due(leased, urgency=0, outcome=outcome, link_state=state, chance_0_1=chance)
    assert PACE.max_s * (1 - PACE.jitter_0_1) <= wait_s <= PACE.max_s


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_failures_wait_ever_longer_and_at_most_six_hours(one, other):
    few, many = sorted((one, other))
    waits = [due(watch(failures=n), outcome=Outcome.TIMEOUT) for n in (few, many)]
    assert 5 * MIN_S <= waits[0] <= waits[1] <= 6 * HOUR_S


@pytest.mark.parametrize(
    ("state", "most_s"),
    [
        (LinkState.LIVE, 6 * HOUR_S),
        (LinkState.CHANGED, 6 * HOUR_S),
        (LinkState.BLOCKED, DAY_S),
        (LinkState.UNREACHABLE, DAY_S),
        (LinkState.GONE, DAY_S),
    ],
)
def test_what_is_shut_out_for_long_is_looked_at_once_a_day(state, most_s):
    failing = watch(failures=20)
    assert due(failing, outcome=Outcome.TIMEOUT, link_state=state) == most_s


@given(seconds, st.integers(1, 1000))
def test_an_answer_ends_the_waiting_for_failures(age_s, failures):
    back = watch(age_s=age_s, failures=failures, run_outcome=Outcome.TIMEOUT)
    assert due(back) == due(replace(back, failures=0))


@pytest.mark.parametrize(
    ("told", "waited_s"),
    [
        ("0", MIN_S),
        ("90", 90),
        ("7200", 7200),
        ("1000000000", DAY_S),
        ("9" * 4000, DAY_S),
        ("Mon, 02 Nov 2026 11:00:00 GMT", MIN_S),
        ("Mon, 02 Nov 2026 14:00:00 GMT", 2 * HOUR_S),
        ("Tue, 19 Jan 2038 03:14:08 GMT", DAY_S),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.THROTTLED, Outcome.BLOCKED, Outcome.SERVER_ERROR])
def test_a_server_may_ask_for_a_minute_to_a_day(told, waited_s, outcome):
    asked_s = retry_after_s(told, now=NOON)
    own_s = due(watch(), outcome=outcome)
    assert due(watch(), outcome=outcome, retry_after_s=asked_s) == max(own_s, waited_s)


@given(watches, outcomes, states, st.integers(MIN_S, DAY_S))
def test_no_look_comes_before_the_server_said(leased, outcome, state, asked_s):
    wait_s = due(leased, outcome=outcome, link_state=state, retry_after_s=asked_s)
    assert wait_s >= asked_s
    assert wait_s == max(asked_s, due(leased, outcome=outcome, link_state=state))


@pytest.mark.parametrize("year", [1970, 2038, 2106, 9000])
def test_any_date_gives_the_same_interval_as_today(year):
    leased = watch(age_s=DAY_S, quiet_s=HOUR_S, changes_seen=3)
    shift = datetime(year, 1, 19, 3, 14, 8, tzinfo=UTC) - NOON
    moved = replace(
        leased,
        leased_at=leased.leased_at + shift,
        linked_at=leased.linked_at + shift,
        run_first_at=NOON - timedelta(seconds=HOUR_S) + shift,
    )
    assert due(moved) == pytest.approx(due(leased))


@given(st.floats(0, YEARS_S), st.floats(0, YEARS_S))
def test_a_clock_set_back_counts_as_no_time_at_all(back_s, run_s):
    leased = watch(age_s=-back_s, quiet_s=-run_s, changes_seen=1)
    assert due(leased) == due(watch(age_s=0, quiet_s=0, changes_seen=1)) == PACE.first_s


def test_the_cost_of_the_watch_goes_with_one_number():
    dear, cheap = (replace(PACE, daily_changer_s=s) for s in (5000, 10_000))
    assert due(watch(), pace=dear) == pytest.approx(due(watch(), pace=cheap) / 2)


def test_a_page_that_changes_once_a_day_is_looked_at_at_that_interval():
    daily = watch(age_s=3650 * DAY_S, quiet_s=100 * DAY_S, changes_seen=3650)
    assert due(daily) == pytest.approx(PACE.daily_changer_s, rel=0.01)


def test_the_settings_and_the_engine_agree_on_the_default_pace():
    assert PACE.daily_changer_s == settings.WATCH_DAILY_CHANGER_S
