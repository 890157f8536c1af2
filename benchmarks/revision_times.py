"""Watching the record of real pages under a policy that says when to look next.

A page counts as linked when it was first seen. The delay of a change is the time to the next look,
so a change that another overwrites before the look counts too. Looks are counted to the end of each
page's record; changes after it are left out.
"""

import json
import math
import random
import statistics
from array import array
from bisect import bisect, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from claims.states import LinkState, Outcome
from claims.types import LeasedWatch
from verifier.schedule import Pace, due_in_s

FILE = "revision_times.jsonl"
HOUR_S, DAY_S = 3600, 86_400
LINKED_AT = datetime(2026, 1, 1, tzinfo=UTC)
FOLDS = 5
SAMPLE = 5  # of so many pages one is enough where a table asks for many runs
RUNGS_S = (900, 3600, 3 * HOUR_S, 3 * DAY_S, 30 * DAY_S)
RUNG_ENDS_S = (3 * HOUR_S, DAY_S, 7 * DAY_S, 30 * DAY_S)


class Wait(Protocol):
    """Says how many seconds to wait after a look at a page of this age."""

    def __call__(self, at_s: float, *, has_changed: bool) -> float: ...


class Policy(Protocol):
    """Begins to watch one page."""

    def __call__(self) -> Wait: ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page's record, in seconds after it was first seen."""

    kind: str
    fold: int
    watched_s: float
    changes_s: tuple[float, ...]


@dataclass(slots=True)
class Seen:
    """What watching some pages gave."""

    looks: int = 0
    days: float = 0.0
    overwritten: int = 0
    delays_s: array = field(default_factory=lambda: array("d"))
    page_means_s: array = field(default_factory=lambda: array("d"))

    @property
    def per_day(self) -> float:
        return self.looks / self.days

    def mean_h(self) -> float:
        return statistics.fmean(self.delays_s) / HOUR_S

    def page_mean_h(self) -> float:
        return statistics.fmean(self.page_means_s) / HOUR_S

    def within(self, limit_s: float) -> float:
        return sum(delay_s <= limit_s for delay_s in self.delays_s) / len(self.delays_s)

    def loss(self) -> float:
        """Both means in one, so that a page that changes often counts for more, but not for all."""
        return math.sqrt(self.mean_h() * self.page_mean_h())

    def row(self, name: str) -> str:
        delays = sorted(self.delays_s)
        tenth = delays[int(0.9 * len(delays))] / HOUR_S
        return (
            f"| {name} | {self.per_day:.2f} | {self.mean_h():.2f} | {self.page_mean_h():.2f} "
            f"| {statistics.median(delays) / HOUR_S:.2f} | {tenth:.1f} "
            f"| {self.within(HOUR_S):.1%} | {self.within(DAY_S):.1%} | {self.overwritten} |"
        )


def read_pages(folder: Path) -> list[Page]:
    """Read the record; folds are of pages, since only two publishers are in it."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return [_page(json.loads(line), place) for place, line in enumerate(lines)]


def _page(row: dict, place: int) -> Page:
    changes = (t - row["seen"] for t in row["changes"] if t <= row["watched_until"])
    watched_s = row["watched_until"] - row["seen"]
    return Page(row["kind"], place // SAMPLE % FOLDS, watched_s, tuple(sorted(changes)))


def linked_later(pages: Iterable[Page], *, by_s: float) -> Iterator[Page]:
    """Link each page only so long after it was first seen."""
    for page in pages:
        if page.watched_s > by_s:
            changes = tuple(t - by_s for t in page.changes_s if t > by_s)
            yield replace(page, watched_s=page.watched_s - by_s, changes_s=changes)


def watch_all(pages: Iterable[Page], policy: Policy) -> Seen:
    seen = Seen()
    for page in pages:
        delays_s = array("d")
        seen.looks += _watch(page, policy(), delays_s, seen)
        seen.days += page.watched_s / DAY_S
        seen.delays_s.extend(delays_s)
        if delays_s:
            seen.page_means_s.append(statistics.fmean(delays_s))
    return seen


def _watch(page: Page, wait_s: Wait, delays_s: array, seen: Seen) -> int:
    """Look at one page to the end of its record, and once after it for what was not yet seen."""
    changes_s, known, looks, at_s = page.changes_s, 0, 0, 0.0
    while True:
        found = bisect_right(changes_s, at_s, known)
        if found > known:
            delays_s.extend(at_s - change_s for change_s in changes_s[known:found])
            seen.overwritten += found - known - 1
        if at_s > page.watched_s:
            return looks
        looks += 1
        at_s += wait_s(at_s, has_changed=found > known)
        known = found


def ours(pace: Pace, *, urgency: float = 1.0, has_jitter: bool = True) -> Policy:
    """The product's schedule, with what recording a look leaves on the watch."""
    dice = random.Random(20)
    # The one instance of a page is written in place: a copy for each look would cost more than it.
    put = object.__setattr__

    def begin() -> Wait:
        watch = LeasedWatch(0, "", "", leased_at=LINKED_AT, linked_at=LINKED_AT)

        def wait_s(at_s: float, *, has_changed: bool) -> float:
            put(watch, "leased_at", LINKED_AT + timedelta(seconds=at_s))
            due_s = due_in_s(
                watch,
                outcome=Outcome.CHANGED if has_changed else Outcome.UNCHANGED,
                link_state=LinkState.LIVE,
                pace=pace,
                urgency=urgency,
                has_changed=has_changed,
                chance_0_1=dice.random() if has_jitter else 0.5,
            )
            if has_changed or watch.run_first_at is None:
                put(watch, "run_first_at", watch.leased_at)
                put(watch, "run_outcome", Outcome.CHANGED)
                put(watch, "changes_seen", watch.changes_seen + has_changed)
            return due_s

        return wait_s

    return begin


def fixed(interval_s: float) -> Policy:
    return lambda: lambda _at_s, **_: interval_s


def ladder(*, stretch: float, is_by_age: bool, restarts: bool) -> Policy:
    def begin() -> Wait:
        began_s, looks = 0.0, -1

        def wait_s(at_s: float, *, has_changed: bool) -> float:
            nonlocal began_s, looks
            if has_changed and restarts:
                began_s, looks = at_s, -1
            looks += 1
            rung = bisect(RUNG_ENDS_S, at_s - began_s) if is_by_age else min(looks, 4)
            return RUNGS_S[rung] * stretch

        return wait_s

    return begin
