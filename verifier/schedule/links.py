"""What the answers of a source say about its link, with hysteresis.

A loss is believed after it was seen twice, well apart; an obstacle is never taken for a loss; a
return is believed at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from claims.states import ANSWERED, LinkState, Outcome
from claims.types import Hop, LeasedWatch
from verifier.schedule.intervals import Pace

REMOVED = frozenset({Outcome.GONE, Outcome.SOFT_GONE})
OUR_OWN = frozenset({Outcome.PROXY, Outcome.STORAGE, Outcome.WORKER_DIED})
LOST = frozenset({LinkState.SUSPECTED_GONE, LinkState.GONE})
PERMANENT = frozenset({301, 308})
HOST_SOURCES_MIN = 3
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
        is_host_failing: Whether every page of its host failed with it: an outage, no purge.

    Returns:
        The state from now on; the same state where nothing is certain yet.
    """
    if outcome in BY_HAND:
        return LinkVerdict(*BY_HAND[outcome])
    if outcome in ANSWERED:
        return _answered(watch, has_changed=has_changed, has_moved=has_moved)
    if outcome in OUR_OWN:
        return _unmoved(watch, "The look failed on our side.")
    if outcome in REMOVED and not is_host_failing:
        return _removed(watch, pace=pace)
    return _hindered(watch, outcome=outcome, unread_since=unread_since, pace=pace)


def failing_hosts(looks: Iterable[tuple[str, Outcome]]) -> frozenset[str]:
    """Name the hosts whose pages all seem removed at once.

    Args:
        looks: Authority and outcome of every look of a batch.

    Returns:
        Authorities of at least three looks, all of which say that the page is not there.
    """
    by_host = defaultdict(list)
    for authority, outcome in looks:
        by_host[authority].append(outcome in REMOVED)
    return frozenset(
        host for host, gone in by_host.items() if len(gone) >= HOST_SOURCES_MIN and all(gone)
    )


def has_moved(hops: Sequence[Hop]) -> bool:
    """Say whether redirects lead elsewhere for good; http to https at one address is no move.

    A redirect that says it is for now ends what is for good.
    """
    permanent = list(takewhile(lambda hop: hop.status in PERMANENT, hops))
    if not permanent or len(permanent) == len(hops):
        return False
    return _place(hops[0].url) != _place(hops[len(permanent)].url)


def _place(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _unmoved(watch: LeasedWatch, reason: str) -> LinkVerdict:
    return LinkVerdict(watch.link_state, reason)


def _answered(watch: LeasedWatch, *, has_changed: bool, has_moved: bool) -> LinkVerdict:
    if has_moved:
        return LinkVerdict(LinkState.MOVED, "The page answers at another address.")
    if has_changed or watch.link_state is LinkState.CHANGED:
        return LinkVerdict(LinkState.CHANGED, "The page says other words than it did.")
    if watch.link_state in LOST | {LinkState.UNREACHABLE, LinkState.BLOCKED}:
        return LinkVerdict(LinkState.LIVE, "The page is back.")
    return LinkVerdict(LinkState.LIVE, "The page answers.")


def _removed(watch: LeasedWatch, *, pace: Pace) -> LinkVerdict:
    if watch.link_state is LinkState.GONE:
        return _unmoved(watch, "The page is still gone.")
    if watch.link_state is not LinkState.SUSPECTED_GONE:
        return LinkVerdict(LinkState.SUSPECTED_GONE, "The server says that the page is not there.")
    since_s = _seconds(watch.link_state_since_at, watch.leased_at)
    if since_s < pace.gone_relook_s:
        return _unmoved(
            watch, "The server says again that the page is not there; too soon to tell."
        )
    return LinkVerdict(LinkState.GONE, "The page was not there at two looks well apart.")


def _hindered(
    watch: LeasedWatch, *, outcome: Outcome, unread_since: datetime, pace: Pace
) -> LinkVerdict:
    """Judge what may pass: an obstacle never makes a page gone, nor brings a gone one back."""
    if watch.link_state in LOST:
        return _unmoved(watch, "The page could not be looked at; what was seen before stands.")
    if outcome is Outcome.BLOCKED:
        return LinkVerdict(LinkState.BLOCKED, "The server refuses to show the page to us.")
    lasted_s = _seconds(unread_since, watch.leased_at)
    if watch.link_state is LinkState.BLOCKED:
        # Being blocked left it unread as well; only the time of this failure counts.
        is_same = watch.run_outcome is outcome
        lasted_s = _seconds(watch.run_first_at if is_same else None, watch.leased_at)
    if lasted_s >= pace.unreachable_after_s:
        return LinkVerdict(LinkState.UNREACHABLE, "The page could not be read for too long.")
    return _unmoved(watch, "The page could not be read this time.")


def _seconds(start: datetime | None, end: datetime) -> float:
    return (end - start).total_seconds() if start is not None else 0.0
