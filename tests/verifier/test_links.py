"""What the answers of a source say about its link: losses twice, returns at once, obstacles never."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import Hop, LeasedWatch
from verifier.schedule import LinkVerdict, Pace, has_moved, next_link_state

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR_S, DAY_S = 3600, 86_400
PACE = Pace()
REMOVED = (Outcome.GONE, Outcome.SOFT_GONE)
BY_HAND = (Outcome.SEEN_STANDING, Outcome.SEEN_CHANGED, Outcome.SEEN_GONE)
HINDRANCES = sorted(set(Outcome) - ANSWERED - {*REMOVED, *BY_HAND})
PASSING = sorted({*HINDRANCES} - {Outcome.PROXY, Outcome.STORAGE, Outcome.WORKER_DIED})
LOSSES = {LinkState.SUSPECTED_GONE, LinkState.GONE}


def was(state: LinkState, *, since_s: float = 0, **fields) -> LeasedWatch:
    """A source linked a month ago, in this state for so long, read at its last look."""
    usual = LeasedWatch(
        source_id=1,
        token="t",
        url="https://news.example/",
        leased_at=NOON,
        linked_at=NOON - timedelta(days=30),
        link_state=state,
        link_state_since_at=NOON - timedelta(seconds=since_s),
        run_outcome=Outcome.UNCHANGED,
        run_first_at=NOON - timedelta(days=30),
    )
    return replace(usual, **fields)


def failing(outcome: Outcome, *, lasted_s: float, failures: int = 1) -> dict:
    """The open run of a source whose looks have failed for so long."""
    began_at = NOON - timedelta(seconds=lasted_s)
    return {"run_outcome": outcome, "run_first_at": began_at, "failures": failures}


def verdict(leased: LeasedWatch, outcome: Outcome, *, unread_s: float = 0, **given) -> LinkVerdict:
    told = next_link_state(
        leased,
        outcome=outcome,
        unread_since=NOON - timedelta(seconds=unread_s),
        pace=PACE,
        **given,
    )
    assert told.reason
    return told


def judged(leased: LeasedWatch, outcome: Outcome, **given) -> LinkState:
    return verdict(leased, outcome, **given).state


@pytest.mark.parametrize("outcome", REMOVED)
@pytest.mark.parametrize(
    ("before", "since_s", "after"),
    [
        (LinkState.UNCHECKED, 0, LinkState.SUSPECTED_GONE),
        (LinkState.LIVE, DAY_S, LinkState.SUSPECTED_GONE),
        (LinkState.UNREACHABLE, DAY_S, LinkState.SUSPECTED_GONE),
        (LinkState.BLOCKED, DAY_S, LinkState.SUSPECTED_GONE),
        (LinkState.SUSPECTED_GONE, HOUR_S - 1, LinkState.SUSPECTED_GONE),
        (LinkState.SUSPECTED_GONE, HOUR_S, LinkState.GONE),
        (LinkState.GONE, DAY_S, LinkState.GONE),
    ],
)
def test_a_page_is_gone_when_it_was_missed_twice_well_apart(outcome, before, since_s, after):
    assert judged(was(before, since_s=since_s), outcome) is after


def test_a_loss_says_how_far_apart_the_two_looks_were():
    missed = was(LinkState.SUSPECTED_GONE, since_s=2 * HOUR_S)
    assert "2 hours apart" in verdict(missed, Outcome.GONE).reason


def test_a_page_missed_with_its_whole_host_is_not_gone():
    missed = was(LinkState.SUSPECTED_GONE, since_s=DAY_S)
    told = verdict(missed, Outcome.GONE, is_host_failing=True)
    assert told.state is LinkState.SUSPECTED_GONE
    assert "Every linked page of its host fails." in told.reason
    assert judged(was(LinkState.LIVE), Outcome.GONE, is_host_failing=True) is LinkState.LIVE


@pytest.mark.parametrize("before", [LinkState.LIVE, LinkState.SUSPECTED_GONE])
def test_an_outage_of_a_whole_host_that_lasts_puts_its_pages_out_of_reach(before):
    long = failing(Outcome.GONE, lasted_s=3 * DAY_S, failures=40)
    missed = was(before, since_s=3 * DAY_S, **long)
    state = judged(missed, Outcome.GONE, unread_s=3 * DAY_S, is_host_failing=True)
    assert state is LinkState.UNREACHABLE


@pytest.mark.parametrize("outcome", HINDRANCES)
def test_an_obstacle_does_not_bring_a_gone_page_back(outcome):
    missed = was(LinkState.GONE, since_s=9 * DAY_S)
    assert judged(missed, outcome, unread_s=9 * DAY_S) is LinkState.GONE


@pytest.mark.parametrize("outcome", HINDRANCES)
def test_an_obstacle_after_one_miss_decides_nothing_at_first(outcome):
    missed = was(LinkState.SUSPECTED_GONE, since_s=2 * DAY_S)
    assert judged(missed, outcome, unread_s=9 * DAY_S) is LinkState.SUSPECTED_GONE


@pytest.mark.parametrize("outcome", PASSING)
def test_a_page_missed_once_and_then_hidden_for_days_is_out_of_reach(outcome):
    missed = was(LinkState.SUSPECTED_GONE, since_s=3 * DAY_S)
    expected = LinkState.BLOCKED if outcome is Outcome.BLOCKED else LinkState.UNREACHABLE
    assert judged(missed, outcome, unread_s=9 * DAY_S) is expected


@pytest.mark.parametrize("outcome", HINDRANCES)
@pytest.mark.parametrize("before", sorted(set(LinkState) - LOSSES))
def test_no_obstacle_ever_counts_as_removal(outcome, before):
    lasting = failing(outcome, lasted_s=9 * DAY_S, failures=60)
    assert judged(was(before, **lasting), outcome, unread_s=9 * DAY_S) not in LOSSES


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVER_ERROR, Outcome.THROTTLED])
@pytest.mark.parametrize(
    ("lasted_s", "after"),
    [(0, LinkState.LIVE), (3 * DAY_S - 1, LinkState.LIVE), (3 * DAY_S, LinkState.UNREACHABLE)],
)
def test_a_source_is_unreachable_when_a_failure_lasted_three_days(outcome, lasted_s, after):
    hidden = was(LinkState.LIVE, **failing(outcome, lasted_s=lasted_s))
    assert judged(hidden, outcome, unread_s=9 * DAY_S) is after


def test_the_first_failure_after_a_month_without_a_look_is_only_a_failure():
    assert judged(was(LinkState.LIVE), Outcome.TIMEOUT, unread_s=30 * DAY_S) is LinkState.LIVE


def test_failures_of_changing_kinds_add_up():
    changing = was(LinkState.LIVE, **failing(Outcome.DNS, lasted_s=HOUR_S, failures=22))
    assert judged(changing, Outcome.TIMEOUT, unread_s=9 * DAY_S) is LinkState.UNREACHABLE
    few = replace(changing, failures=8)
    assert judged(few, Outcome.TIMEOUT, unread_s=9 * DAY_S) is LinkState.LIVE


def test_a_page_read_lately_is_not_unreachable_however_often_it_was_looked_at_by_hand():
    pressed = was(LinkState.LIVE, **failing(Outcome.DNS, lasted_s=HOUR_S, failures=400))
    assert judged(pressed, Outcome.DNS, unread_s=HOUR_S) is LinkState.LIVE


@pytest.mark.parametrize("outcome", [Outcome.PROXY, Outcome.STORAGE, Outcome.WORKER_DIED])
def test_a_failure_of_our_own_says_nothing_about_the_source(outcome):
    lasting = failing(outcome, lasted_s=9 * DAY_S, failures=60)
    assert judged(was(LinkState.LIVE, **lasting), outcome, unread_s=9 * DAY_S) is LinkState.LIVE


def test_a_refusal_is_a_state_of_its_own_at_once():
    assert judged(was(LinkState.LIVE), Outcome.BLOCKED) is LinkState.BLOCKED
    assert judged(was(LinkState.UNREACHABLE), Outcome.BLOCKED) is LinkState.BLOCKED
    assert judged(was(LinkState.BLOCKED), Outcome.BLOCKED, unread_s=9 * DAY_S) is LinkState.BLOCKED


@pytest.mark.parametrize(
    ("lasted_s", "after"), [(DAY_S, LinkState.BLOCKED), (3 * DAY_S, LinkState.UNREACHABLE)]
)
def test_a_blocked_source_is_unreachable_only_when_that_failure_lasted(lasted_s, after):
    blocked = was(LinkState.BLOCKED, since_s=30 * DAY_S, **failing(Outcome.DNS, lasted_s=lasted_s))
    assert judged(blocked, Outcome.DNS, unread_s=30 * DAY_S) is after


@pytest.mark.parametrize("before", list(LinkState))
def test_a_page_that_answers_is_back_at_once(before):
    expected = LinkState.CHANGED if before is LinkState.CHANGED else LinkState.LIVE
    assert judged(was(before), Outcome.UNCHANGED) is expected


@pytest.mark.parametrize(
    ("before", "unread_s", "words"),
    [
        (LinkState.GONE, 12 * DAY_S, "The page is back, after 12 days gone."),
        (LinkState.GONE, 1.5 * DAY_S, "The page is back, after 1 day gone."),
        (LinkState.SUSPECTED_GONE, 7300, "The page is back, after 2 hours not found."),
        (LinkState.UNREACHABLE, 3 * DAY_S, "The page is back, after 3 days out of reach."),
        (LinkState.BLOCKED, 90, "The page is back, after 1 minute behind a wall."),
        (LinkState.BLOCKED, 5, "The page is back, after less than a minute behind a wall."),
        (LinkState.LIVE, 90, "The page answers."),
        (LinkState.UNCHECKED, 90, "The page answers."),
    ],
)
def test_a_return_says_what_it_returns_from_and_after_how_long(before, unread_s, words):
    assert verdict(was(before), Outcome.UNCHANGED, unread_s=unread_s).reason == words


def test_a_return_with_other_words_says_both():
    told = verdict(was(LinkState.GONE), Outcome.CHANGED, unread_s=DAY_S, has_changed=True)
    assert told == LinkVerdict(
        LinkState.CHANGED,
        "The page is back, after 1 day gone. The page says other words than it did.",
    )


def test_a_move_says_where_to():
    there = "https://news.example/new"
    told = verdict(was(LinkState.LIVE), Outcome.CHANGED, has_moved=True, final_url=there)
    assert told.state is LinkState.MOVED
    assert told.reason == f"The page answers at another address: {there}"


def test_other_words_are_a_state_of_their_own_and_stay_one():
    assert judged(was(LinkState.LIVE), Outcome.CHANGED, has_changed=True) is LinkState.CHANGED
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
