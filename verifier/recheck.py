"""The pipeline of one round: lease -> look -> read and assess -> record.

Network and parsing happen outside any transaction; what a round leases it records, or the lease
runs out and somebody else looks again. Every look ends as an outcome somebody can count.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib.metadata import version

from claims.queries.hosts import hosts_failing
from claims.services.leases import lease, next_chance_s
from claims.services.looks import record_looks
from claims.states import ANSWERED, LinkState, Outcome
from claims.types import Fetched, LeasedWatch, Look
from verifier.archive import Blobs
from verifier.fetch import LIBCURL, Fetcher
from verifier.pages import Pages
from verifier.reading import Reader, Seen
from verifier.schedule import (
    Pace,
    due_in_s,
    has_moved,
    is_full_look_due,
    next_link_state,
)
from verifier.types import AGENT, FetchRequest, Guard, Limits

BATCH = 200
LEAST_WAIT_S = 0.05
MOST_WAIT_S = 0.5
MOST_ATTEMPTS = 3
TOOL = f"{AGENT} libcurl/{LIBCURL} lxml/{version('lxml')}"
"""What a look was made with, for the record."""


@dataclass(frozen=True)
class Means:
    """What the rounds of one worker, which is one thread, work with."""

    pages: Pages
    blobs: Blobs
    guard: Guard
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    pause: timedelta = timedelta(seconds=2)
    batch: int = BATCH
    lease: timedelta = timedelta(minutes=3)

    @cached_property
    def fetcher(self) -> Fetcher:
        """The door to the outside; its connections live as long as the worker."""
        return Fetcher(limits=self.limits, guard=self.guard)

    @property
    def per_host(self) -> int:
        """How many sources of one host a round takes: one, where there is a pause to keep."""
        return 1 if self.pause else self.batch


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: looks by outcome, and how they were recorded."""

    outcomes: Mapping[Outcome, int]
    changed: int = 0
    lost: int = 0

    @property
    def looks(self) -> int:
        """How many sources were looked at."""
        return sum(self.outcomes.values())


def recheck_rounds(
    means: Means,
    *,
    longest_s: float,
    only: list[int] | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> Iterator[Round]:
    """Look until nothing is due, waiting for hosts that must be left alone between two looks.

    Args:
        means: as `recheck_batch`.
        longest_s: begin no round and no wait that ends after so long.
        only: restrict to these source ids.
        goes_on: asked before each round and while waiting; False ends the rounds.

    Yields:
        Each round that looked at anything.
    """
    until = time.monotonic() + longest_s
    while goes_on() and time.monotonic() < until:
        done = recheck_batch(means, only=only)
        if done.looks:
            yield done
            continue
        wait_s = next_chance_s(only=only)
        if wait_s is None or time.monotonic() + wait_s > until:
            return
        _wait(max(wait_s, LEAST_WAIT_S), goes_on=goes_on)


def _wait(wait_s: float, *, goes_on: Callable[[], bool]) -> None:
    until = time.monotonic() + wait_s
    while goes_on() and (left_s := until - time.monotonic()) > 0:
        time.sleep(min(left_s, MOST_WAIT_S))


def recheck_batch(means: Means, *, only: list[int] | None = None) -> Round:
    """Look once at a batch of due sources and record what was seen.

    Args:
        means: network, children, archive and bounds.
        only: restrict to these source ids, which must be due.

    Returns:
        Round; no looks means that nothing is due, or what is due has hosts that must wait.
    """
    leased = lease(
        means.batch, lease_for=means.lease, pause=means.pause, per_host=means.per_host, only=only
    )
    seen = list(look_at(leased, means=means))
    outages = hosts_failing(
        (item.watch.source_id for item in seen if item.outcome not in ANSWERED),
        read=(item.watch.source_id for item in seen if item.outcome in ANSWERED),
    )
    looks = [_finished(item, pace=means.pace, outages=outages) for item in seen]
    recorded = record_looks(looks)
    counted = Counter(look.outcome for look in looks)
    return Round(counted, recorded.changed, recorded.lost)


def look_at(leased: Sequence[LeasedWatch], *, means: Means) -> Iterator[Seen]:
    """Fetch the leased sources, and read those that answer with other bytes meanwhile."""
    alive = [watch for watch in leased if watch.attempts <= MOST_ATTEMPTS]
    for watch in leased:
        if watch.attempts > MOST_ATTEMPTS:
            detail = f"Looking at it ended a worker {watch.attempts - 1} times."
            yield Seen(
                watch, Fetched(Outcome.WORKER_DIED, watch.url), Outcome.WORKER_DIED, detail=detail
            )
    reader = Reader(pages=means.pages, blobs=means.blobs)
    # Closed at once where reading fails: a transfer left behind would come up in the next batch.
    with closing(means.fetcher.look([_request(watch) for watch in alive])) as answers:
        for place, fetched in answers:
            yield from reader.take(alive[place], fetched)
    yield from reader.rest()


def _request(watch: LeasedWatch) -> FetchRequest:
    if is_full_look_due(watch):
        return FetchRequest(watch.url)
    return FetchRequest(watch.url, watch.etag, watch.last_modified, watch.validated_url)


def _finished(item: Seen, *, pace: Pace, outages: frozenset[int]) -> Look:
    """Add to a look what follows from it: link state, reason, and when to look again."""
    watch, fetched = item.watch, item.fetched
    changed = item.read is not None and item.read.assessment.changed
    verdict = next_link_state(
        watch,
        outcome=item.outcome,
        unread_since=watch.last_read_at or watch.linked_at,
        pace=pace,
        has_changed=changed,
        has_moved=has_moved(fetched.hops) if fetched.hops else False,
        final_url=fetched.url,
        is_host_failing=watch.source_id in outages,
    )
    due = due_in_s(
        watch,
        outcome=item.outcome,
        link_state=verdict.state,
        pace=pace,
        urgency=watch.urgency,
        has_changed=changed,
        retry_after_s=fetched.retry_after_s,
        chance_0_1=random.random(),  # noqa: S311 - jitter, not a secret
    )
    was_read = item.outcome in ANSWERED
    return Look(
        source_id=watch.source_id,
        token=watch.token,
        outcome=item.outcome,
        status=fetched.status,
        detail=item.detail or fetched.detail,
        final_url=fetched.url if was_read else "",
        is_full=was_read and fetched.outcome is Outcome.CHANGED,
        link_state=verdict.state,
        link_reason=_reason(verdict.state, verdict.reason, item),
        due_in_s=due,
        etag=fetched.etag if was_read else "",
        last_modified=fetched.last_modified if was_read else "",
        raw_sha256=item.raw_sha256 if was_read else "",
        blob_size=item.body_bytes,
        media_type=fetched.media_type,
        hops=fetched.hops,
        page=item.read.page if item.read else None,
        assessment=item.read.assessment if item.read else None,
        retry_after_s=fetched.retry_after_s,
        elapsed_ms=fetched.elapsed_ms,
        tool=TOOL,
    )


def _reason(state: LinkState, reason: str, item: Seen) -> str:
    """Say why the link is in its state; where it answers, the state says it all."""
    if state is LinkState.LIVE:
        return reason
    return f"{reason} {item.detail or item.fetched.detail}".strip()
