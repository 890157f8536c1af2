"""Whatever a server answers, in whatever order: no page is gone that was not missed twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import LeasedWatch
from verifier.schedule import Pace, due_in_s, next_link_state

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PACE = Pace()
REMOVED = (Outcome.GONE, Outcome.SOFT_GONE)
BY_HAND = (Outcome.SEEN_STANDING, Outcome.SEEN_CHANGED, Outcome.SEEN_GONE)
HINDRANCES = sorted(set(Outcome) - ANSWERED - {*REMOVED, *BY_HAND})
LOSSES = {LinkState.SUSPECTED_GONE, LinkState.GONE}
NEW = LeasedWatch(
    source_id=1, token="t", url="https://news.example/", leased_at=NOON, linked_at=NOON
)


class Watched(RuleBasedStateMachine):
    """One source, looked at when it is due or sooner, whatever its server answers."""

    def __init__(self) -> None:
        super().__init__()
        self.leased = NEW
        self.due_s = PACE.first_s
        self.removals: list[datetime] = []

    def _look(self, outcome: Outcome, *, early_0_1: float, has_changed: bool = False) -> None:
        now = self.leased.leased_at + timedelta(seconds=self.due_s * early_0_1)
        before = replace(self.leased, leased_at=now)
        unread_since = before.last_read_at or before.linked_at
        told = next_link_state(
            before, outcome=outcome, unread_since=unread_since, pace=PACE, has_changed=has_changed
        )
        self.due_s = due_in_s(before, outcome=outcome, link_state=told.state, pace=PACE)
        self._check(before.link_state, told.state, outcome)
        self.leased = _after(before, told.state, outcome)

    def _check(self, before: LinkState, after: LinkState, outcome: Outcome) -> None:
        if after is LinkState.GONE and before is not LinkState.GONE:
            assert before is LinkState.SUSPECTED_GONE
            assert outcome in REMOVED
        if outcome in HINDRANCES and after in LOSSES:
            assert before is after
        if before in LOSSES and after in {LinkState.LIVE, LinkState.CHANGED}:
            assert outcome in ANSWERED

    @rule(has_changed=st.booleans(), early=st.floats(0.1, 1))
    def read(self, *, has_changed: bool, early: float) -> None:
        outcome = Outcome.CHANGED if has_changed else Outcome.UNCHANGED
        self._look(outcome, early_0_1=early, has_changed=has_changed)
        self.removals.clear()
        assert self.leased.link_state in {LinkState.LIVE, LinkState.CHANGED}
        if has_changed:
            assert self.leased.link_state is LinkState.CHANGED

    @rule(outcome=st.sampled_from(REMOVED), early=st.floats(0.01, 1))
    def miss(self, *, outcome: Outcome, early: float) -> None:
        self._look(outcome, early_0_1=early)
        self.removals.append(self.leased.leased_at)

    @rule(outcome=st.sampled_from(HINDRANCES), early=st.floats(0.1, 1))
    def hinder(self, *, outcome: Outcome, early: float) -> None:
        self._look(outcome, early_0_1=early)

    @precondition(lambda self: self.leased.link_state is LinkState.SUSPECTED_GONE)
    @rule(outcome=st.sampled_from(REMOVED))
    def miss_when_due(self, *, outcome: Outcome) -> None:
        self._look(outcome, early_0_1=1.0)
        self.removals.append(self.leased.leased_at)

    @invariant()
    def was_missed_twice_well_apart_before_it_is_gone(self) -> None:
        if self.leased.link_state is LinkState.GONE:
            apart = self.removals[-1] - self.removals[0]
            assert len(self.removals) > 1
            assert apart >= timedelta(seconds=PACE.gone_relook_s)

    @invariant()
    def is_looked_at_again_in_time(self) -> None:
        assert 0 < self.due_s <= PACE.max_s


def _after(before: LeasedWatch, state: LinkState, outcome: Outcome) -> LeasedWatch:
    """The source as it would be leased next: what recording a look writes."""
    now, was_read = before.leased_at, outcome in ANSWERED
    is_same_run = before.run_outcome is outcome or (was_read and before.run_outcome in ANSWERED)
    return replace(
        before,
        link_state=state,
        link_state_since_at=before.link_state_since_at if state is before.link_state else now,
        failures=0 if was_read else before.failures + 1,
        run_outcome=outcome,
        run_first_at=before.run_first_at if is_same_run else now,
        last_read_at=now if was_read else before.last_read_at,
        looks=before.looks + 1,
    )


TestWatched = Watched.TestCase
TestWatched.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
