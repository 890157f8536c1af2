"""The pipeline of one round: lease -> look -> read and assess -> record.

Network and parsing happen outside any transaction; what a round leases it records, or the lease
runs out and somebody else looks again. Every look ends as an outcome somebody can count.
"""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import timedelta

from claims.queries.resting import resting_on
from claims.services.leases import lease, next_chance_s
from claims.services.looks import record_looks
from claims.states import ANSWERED, LinkState, Outcome, QuoteState
from claims.types import Fetched, LeasedWatch, Look, Resting
from verifier.addresses import read_url
from verifier.archive import Blobs, store
from verifier.errors import ExtractTimeout, PageUnread
from verifier.fetch import fetch_many
from verifier.pages import Pages
from verifier.schedule import (
    Pace,
    due_in_s,
    failing_hosts,
    has_moved,
    is_full_look_due,
    next_link_state,
)
from verifier.types import AssessedPage, FetchRequest, Guard, Limits, RawPage

BATCH = 100
LEAST_WAIT_S = 0.05
MOST_ATTEMPTS = 3
UNDECIDED = frozenset({QuoteState.UNCHECKED, QuoteState.ATTESTED})
"""Quotes the watch has not found yet: looked for even where the text is the same."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the rounds of one worker work with."""

    pages: Pages
    blobs: Blobs
    guard: Guard
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    pause: timedelta = timedelta(seconds=2)
    batch: int = BATCH
    lease: timedelta = timedelta(minutes=3)

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


@dataclass(frozen=True, slots=True)
class Seen:
    """One look after the page was read: the outcome, and what was read if anything new was."""

    watch: LeasedWatch
    fetched: Fetched
    outcome: Outcome
    raw_sha256: str = ""
    read: AssessedPage | None = None
    detail: str = ""


def recheck_rounds(
    means: Means, *, longest_s: float, only: list[int] | None = None
) -> Iterator[Round]:
    """Look until nothing is due, waiting for hosts that must be left alone between two looks.

    Args:
        means: as `recheck_batch`.
        longest_s: begin no round and no wait that ends after so long.
        only: restrict to these source ids.

    Yields:
        Each round that looked at anything.
    """
    until = time.monotonic() + longest_s
    while time.monotonic() < until:
        done = recheck_batch(means, only=only)
        if done.looks:
            yield done
            continue
        wait_s = next_chance_s(only=only)
        if wait_s is None or time.monotonic() + wait_s > until:
            return
        time.sleep(max(wait_s, LEAST_WAIT_S))


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
    outages = failing_hosts((_authority(item.watch), item.outcome) for item in seen)
    looks = [_finished(item, pace=means.pace, outages=outages) for item in seen]
    recorded = record_looks(looks)
    counted = Counter(look.outcome for look in looks)
    return Round(counted, recorded.changed, recorded.lost)


def look_at(leased: Sequence[LeasedWatch], *, means: Means) -> Iterator[Seen]:
    """Fetch the leased sources and read those that answered with other bytes than before."""
    alive = [watch for watch in leased if watch.attempts <= MOST_ATTEMPTS]
    for watch in leased:
        if watch.attempts > MOST_ATTEMPTS:
            detail = f"Looking at it ended a worker {watch.attempts - 1} times."
            yield Seen(
                watch, Fetched(Outcome.WORKER_DIED, watch.url), Outcome.WORKER_DIED, detail=detail
            )
    fetched = fetch_many(
        [_request(watch) for watch in alive], limits=means.limits, guard=means.guard
    )
    gated = [_gate(watch, answer) for watch, answer in zip(alive, fetched, strict=True)]
    yield from (item for item in gated if item.outcome is not Outcome.CHANGED)
    yield from _read([item for item in gated if item.outcome is Outcome.CHANGED], means=means)


def _request(watch: LeasedWatch) -> FetchRequest:
    if is_full_look_due(watch):
        return FetchRequest(watch.url)
    return FetchRequest(watch.url, watch.etag, watch.last_modified, watch.validated_url)


def _gate(watch: LeasedWatch, fetched: Fetched) -> Seen:
    """Decide by the cheapest means whether there is anything to read: status, then the bytes."""
    if fetched.outcome is not Outcome.CHANGED:
        return Seen(watch, fetched, fetched.outcome)
    digest = hashlib.sha256(fetched.body).hexdigest()
    if digest == watch.raw_sha256:
        return Seen(watch, fetched, Outcome.UNCHANGED, digest)
    return Seen(watch, fetched, Outcome.CHANGED, digest)


def _read(changed: Sequence[Seen], *, means: Means) -> Iterator[Seen]:
    """Archive and read pages with new bytes, in the children; what fails keeps its raw bytes."""
    resting = resting_on(item.watch.source_id for item in changed)
    begun = [(item, _begin(item, resting[item.watch.source_id], means)) for item in changed]
    for item, reading in begun:
        yield _judge(item, reading, resting[item.watch.source_id])


def _begin(item: Seen, resting: Resting, means: Means) -> "Future[AssessedPage] | OSError":
    """Keep the raw bytes, then begin to read them; bytes that cannot be kept are not read."""
    try:
        store(item.fetched.body, blobs=means.blobs)
    except OSError as error:
        return error
    fetched = item.fetched
    return means.pages.submit_assess(
        RawPage(fetched.body, fetched.url, fetched.media_type, fetched.charset),
        before=resting.before,
        quotes=resting.quotes,
        is_expected_to_change=resting.is_expected_to_change,
    )


def _judge(item: Seen, reading: "Future[AssessedPage] | OSError", resting: Resting) -> Seen:
    if isinstance(reading, OSError):
        return replace(item, outcome=Outcome.STORAGE, detail=str(reading))
    try:
        read = reading.result()
    except ExtractTimeout as error:
        return replace(item, outcome=Outcome.EXTRACT_TIMEOUT, detail=str(error))
    except PageUnread as error:
        return replace(item, outcome=Outcome.EXTRACT_FAILED, detail=str(error))
    if read.page.is_paywalled:
        return replace(item, outcome=Outcome.BLOCKED, detail="The page shows a teaser only.")
    same = resting.before is not None and resting.before.text == read.page.text
    if same and not any(quote.was in UNDECIDED for quote in resting.quotes):
        return replace(item, outcome=Outcome.UNCHANGED)
    return replace(item, read=read)


def _finished(item: Seen, *, pace: Pace, outages: frozenset[str]) -> Look:
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
        is_host_failing=_authority(watch) in outages,
    )
    due = due_in_s(
        watch,
        outcome=item.outcome,
        link_state=verdict.state,
        pace=pace,
        urgency=1.0 if watch.open_claims else 0.0,
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
        blob_size=len(fetched.body),
        media_type=fetched.media_type,
        hops=fetched.hops,
        page=item.read.page if item.read else None,
        assessment=item.read.assessment if item.read else None,
        retry_after_s=fetched.retry_after_s,
        elapsed_ms=fetched.elapsed_ms,
    )


def _reason(state: LinkState, reason: str, item: Seen) -> str:
    """Say why the link is in its state; where it answers, the state says it all."""
    if state is LinkState.LIVE:
        return reason
    return f"{reason} {item.detail or item.fetched.detail}".strip()


def _authority(watch: LeasedWatch) -> str:
    return read_url(watch.url).authority
