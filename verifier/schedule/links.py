"""What the answers of a source say about its link, with hysteresis.

A loss is believed after it was seen twice, well apart; an obstacle is never taken for a loss; a
return is believed at once. What fails with its whole host has an outage: it is out of reach after a
while, and never gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import Hop, LeasedWatch
from verifier.schedule.intervals import RETRY_MAX_S, RETRY_S, Pace

REMOVED = frozenset({Outcome.GONE, Outcome.SOFT_GONE})
OUR_OWN = frozenset({Outcome.PROXY, Outcome.STORAGE, Outcome.WORKER_DIED})
LOST = frozenset({LinkState.SUSPECTED_GONE, LinkState.GONE})
PERMANENT = frozenset({301, 308})
MANY_LOOKS = 50
ABSENT = {
    LinkState.SUSPECTED_GONE: "not found",
    LinkState.GONE: "gone",
    LinkState.UNREACHABLE: "out of reach",
    LinkState.BLOCKED: "behind a wall",
}
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
BY_HAND = {
    Outcome.SEEN_STANDING: (LinkState.LIVE, "A person saw the page."),
    Outcome.SEEN_CHANGED: (LinkState.CHANGED, "A person saw that the page has changed."),
    Outcome.SEEN_GONE: (LinkState.GONE, "A person saw that the page is gone."),
}


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """What a link is now, and why, in one sentence."""

    state: LinkState
    reason: str


def next_link_state(
    watch: LeasedWatch,
    *,
    outcome: Outcome,
    unread_since: datetime,
    pace: Pace,
    has_changed: bool = False,
    has_moved: bool = False,
    final_url: str = "",
    is_host_failing: bool = False,
) -> LinkVerdict:
    """Judge a link after a look.

    Args:
        watch: The source as it was leased: its state so far, since when, and the clock.
        outcome: What this look gave.
        unread_since: When the page was last read (when it was linked, where it never was).
        pace: `gone_relook_s` and `unreachable_after_s`.
        has_changed: Whether the page says other words than at the last look.
        has_moved: Whether it answers at another address for good.
        final_url: Where it answers, for the reason.
        is_host_failing: Whether every page of its host fails with it: an outage, no purge.

    Returns:
        The state from now on; the same state where nothing is certain yet.
    """
    if outcome in BY_HAND:
        return LinkVerdict(*BY_HAND[outcome])
    if outcome in ANSWERED:
        moved_to = f"The page answers at another address: {final_url}" if has_moved else ""
        back = _return_words(watch, since=unread_since)
        return _answered(watch, back, has_changed=has_changed, moved_to=moved_to)
    if outcome in OUR_OWN:
        return _unmoved(watch, "The look failed on our side.")
    if outcome in REMOVED and not is_host_failing:
        return _removed(watch, outcome=outcome, pace=pace)
    verdict = _hindered(watch, outcome=outcome, unread_since=unread_since, pace=pace)
    outage = "Every linked page of its host fails." if is_host_failing else ""
    return _told(verdict.state, verdict.reason, outage)


def has_moved(hops: Sequence[Hop]) -> bool:
    """Say whether redirects lead elsewhere for good; http to https at one address is no move.

    A redirect that says it is for now ends what is for good.
    """
    permanent = list(takewhile(lambda hop: hop.status in PERMANENT, hops))
    if not permanent or len(permanent) == len(hops):
        return False
    return _place(hops[0].url) != _place(hops[len(permanent)].url)


def span_words(seconds: float) -> str:
    """Say a length of time in one unit, as "3 days"; under a minute is "less than a minute"."""
    for unit_s, word in UNITS:
        count = int(seconds // unit_s)
        if count:
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"


def _place(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _unmoved(watch: LeasedWatch, reason: str) -> LinkVerdict:
    return LinkVerdict(watch.link_state, reason)


def _answered(watch: LeasedWatch, back: str, *, has_changed: bool, moved_to: str) -> LinkVerdict:
    if moved_to:
        return _told(LinkState.MOVED, back, moved_to)
    if has_changed or watch.link_state is LinkState.CHANGED:
        return _told(LinkState.CHANGED, back, "The page says other words than it did.")
    return LinkVerdict(LinkState.LIVE, back or "The page answers.")


def _return_words(watch: LeasedWatch, *, since: datetime) -> str:
    absent = ABSENT.get(watch.link_state)
    if absent is None:
        return ""
    return f"The page is back, after {span_words(_seconds(since, watch.leased_at))} {absent}."


def _told(state: LinkState, *sentences: str) -> LinkVerdict:
    return LinkVerdict(state, " ".join(filter(None, sentences)))


def _removed(watch: LeasedWatch, *, outcome: Outcome, pace: Pace) -> LinkVerdict:
    if watch.link_state is LinkState.GONE:
        return _unmoved(watch, "The page is still gone.")
    if watch.link_state is not LinkState.SUSPECTED_GONE:
        told = "The page" if outcome is Outcome.SOFT_GONE else "The server"
        return LinkVerdict(
            LinkState.SUSPECTED_GONE, f"{told} says that it is not there. A second look decides."
        )
    apart_s = _seconds(watch.link_state_since_at, watch.leased_at)
    if apart_s < pace.gone_relook_s:
        return _unmoved(watch, "The page is missed again, too soon to tell.")
    return LinkVerdict(
        LinkState.GONE, f"The page was not there at two looks, {span_words(apart_s)} apart."
    )


def _hindered(
    watch: LeasedWatch, *, outcome: Outcome, unread_since: datetime, pace: Pace
) -> LinkVerdict:
    """Judge what may pass: an obstacle never makes a page gone, nor brings a gone one back."""
    if watch.link_state is LinkState.GONE:
        return _unmoved(watch, "The page could not be looked at; what was seen before stands.")
    lasted_s = _lasted_s(watch, outcome=outcome, unread_since=unread_since, pace=pace)
    has_lasted = lasted_s >= pace.unreachable_after_s
    if watch.link_state is LinkState.SUSPECTED_GONE and not has_lasted:
        return _unmoved(watch, "The page was missed once; nothing could be seen of it since.")
    if outcome is Outcome.BLOCKED:
        return LinkVerdict(LinkState.BLOCKED, "The page is not shown to us.")
    if has_lasted:
        reason = f"The page could not be read for {span_words(lasted_s)}."
        return LinkVerdict(LinkState.UNREACHABLE, reason)
    return _unmoved(watch, "The page could not be read this time.")


def _lasted_s(watch: LeasedWatch, *, outcome: Outcome, unread_since: datetime, pace: Pace) -> float:
    """Say how long the present trouble has lasted.

    Being missed once, or blocked, left the page unread as well: from then on only what came since
    counts.
    """
    if watch.link_state is LinkState.SUSPECTED_GONE:
        return _seconds(watch.link_state_since_at, watch.leased_at)
    run_s = _seconds(watch.run_first_at, watch.leased_at)
    if watch.link_state is LinkState.BLOCKED:
        return run_s if watch.run_outcome is outcome else 0.0
    if watch.run_outcome in ANSWERED or not watch.failures:
        return 0.0
    # Failures of several kinds are several runs: so many looks took at least their waits.
    waits = (RETRY_S * 2.0**n for n in range(min(watch.failures, MANY_LOOKS)))
    waited_s = sum(min(wait_s, RETRY_MAX_S, pace.max_s) for wait_s in waits)
    least_s = max(run_s, waited_s * (1 - pace.jitter_0_1))
    return min(least_s, _seconds(unread_since, watch.leased_at))


def _seconds(start: datetime | None, end: datetime) -> float:
    return (end - start).total_seconds() if start is not None else 0.0
