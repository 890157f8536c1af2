"""How long until the next look.

A page changes most in the hours after it appeared or last changed, and then ever less, at a rate
that is its own. For a given number of looks the mean delay to detect a change is least when each
interval goes with one over the square root of the page's rate of change.
Source: Cho and Garcia-Molina, "Effective page refresh policies for Web crawlers", ACM TODS 2003;
the constants were chosen on the revision times of 15,500 public pages (`benchmarks/schedule.py`).
"""

import math
from dataclasses import dataclass, field

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import LeasedWatch

HOUR_S = 3600.0
DAY_S = 86_400.0
RETRY_S = 5 * 60.0
RETRY_MAX_S = 6 * HOUR_S
# What is known to be shut out or gone costs less than a page that answers.
SETTLED = frozenset({LinkState.BLOCKED, LinkState.UNREACHABLE})
SETTLED_MAX_S = DAY_S


@dataclass(frozen=True, slots=True)
class Habit:
    """How pages change, before anything is known of this one.

    Right after an event (it was linked, it changed) the rate of change falls off as `fresh` /
    (time since the event + `settling_s`). In the long run the rate is the page's own; it starts
    from one change in `prior_s_per_change`, held as firmly as `prior_changes` changes seen.
    Each may be halved or doubled without moving the mean delay by a tenth.
    """

    fresh: float = 0.3
    settling_s: float = HOUR_S
    prior_changes: float = 0.3
    prior_s_per_change: float = 60 * DAY_S

    def rate_per_s(self, age_s: float, *, since_event_s: float, changes: int) -> float:
        """Expect so many changes a second of a page.

        Args:
            age_s: How long it has been watched.
            since_event_s: How long ago it was linked or last seen to change.
            changes: How many changes were seen.
        """
        own = (changes + self.prior_changes) / (
            age_s + self.prior_changes * self.prior_s_per_change
        )
        return self.fresh / (since_event_s + self.settling_s) + own


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds of the watch, in seconds.

    `first_s`: the first look after a source was linked. `min_s`, `max_s`: bounds of every later
    interval. `daily_changer_s`: the interval for a page that changes once a day; all others follow
    from it, so it sets what the watch costs as a whole. `gone_relook_s`: how far apart two looks
    must be for a page to be gone. `unreachable_after_s`: how long a failure lasts before it is the
    source's state. `jitter_0_1`: how much of an interval is left to chance.
    """

    first_s: float = 5 * 60.0
    min_s: float = 15 * 60.0
    max_s: float = 30 * DAY_S
    daily_changer_s: float = 10_000.0
    gone_relook_s: float = HOUR_S
    unreachable_after_s: float = 3 * DAY_S
    jitter_0_1: float = 0.1
    habit: Habit = field(default_factory=Habit)


def due_in_s(
    watch: LeasedWatch,
    *,
    outcome: Outcome,
    link_state: LinkState,
    pace: Pace,
    urgency: float = 1.0,
    has_changed: bool = False,
    retry_after_s: int | None = None,
    chance_0_1: float = 0.5,
) -> float:
    """Say in how many seconds a source is to be looked at again.

    Args:
        watch: The source as it was leased for this look.
        outcome: What this look gave.
        link_state: What the link is after it.
        pace: The bounds.
        urgency: 1 for an ordinary claim, 4 for twice as many looks; 0 where nobody follows the
            claims any more: the slowest pace.
        has_changed: Whether this look found other words.
        retry_after_s: What the server asked for, clamped; it is waited for in any case.
        chance_0_1: A random number; the interval moves by `jitter_0_1` around its middle.

    Returns:
        Seconds from the moment of recording, within the bounds of `pace` unless the server asked
        for more.
    """
    low_s = min(pace.first_s, pace.min_s)
    if urgency <= 0:
        wanted_s = pace.max_s
    elif outcome in ANSWERED:
        wanted_s = _interval_s(watch, pace=pace, urgency=urgency, has_changed=has_changed)
    elif link_state is LinkState.SUSPECTED_GONE:
        # Never shorter: a second 404 too early would not count.
        low_s, wanted_s = pace.gone_relook_s, pace.gone_relook_s / (1 - pace.jitter_0_1)
    elif link_state is LinkState.GONE:
        wanted_s = SETTLED_MAX_S
    else:
        wanted_s = _retry_s(watch.failures, link_state=link_state, pace=pace)
    moved_s = wanted_s * (1 + pace.jitter_0_1 * (2 * chance_0_1 - 1))
    return max(min(max(moved_s, low_s), pace.max_s), float(retry_after_s or 0))


def is_full_look_due(watch: LeasedWatch) -> bool:
    """Say whether to ask for the whole page: now and then, and after any failure.

    A server's "not modified" is believed between full looks only: validators collide and lie.
    """
    return watch.is_full_due or watch.failures > 0 or watch.run_outcome not in ANSWERED


def _interval_s(watch: LeasedWatch, *, pace: Pace, urgency: float, has_changed: bool) -> float:
    age_s = max(0.0, (watch.leased_at - watch.linked_at).total_seconds())
    since_s = _since_event_s(watch, has_changed=has_changed)
    changes = watch.changes_seen + has_changed
    rate = pace.habit.rate_per_s(age_s, since_event_s=since_s, changes=changes)
    usual_s = pace.daily_changer_s / math.sqrt(rate * urgency * DAY_S)
    # A newly linked source is looked at closely first: each interval at most as long as all before.
    return min(max(usual_s, pace.min_s), max(age_s, pace.first_s))


def _since_event_s(watch: LeasedWatch, *, has_changed: bool) -> float:
    if has_changed:
        return 0.0
    began_at = watch.linked_at
    if watch.changes_seen and watch.run_outcome in ANSWERED and watch.run_first_at is not None:
        began_at = watch.run_first_at
    return max(0.0, (watch.leased_at - began_at).total_seconds())


def _retry_s(failures: int, *, link_state: LinkState, pace: Pace) -> float:
    """Wait twice as long after each failure, so that an outage costs little and its end is seen."""
    doubled_s = max(RETRY_S, pace.first_s) * 2.0 ** min(failures, 20)
    most_s = SETTLED_MAX_S if link_state in SETTLED else RETRY_MAX_S
    return min(doubled_s, max(most_s, pace.min_s))
