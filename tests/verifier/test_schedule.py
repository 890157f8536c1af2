"""When to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.states import LinkState, Outcome
from claims.types import LeasedWatch
from verifier.schedule import Pace, due_in_s, is_full_look_due

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
