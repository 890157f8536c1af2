"""Clear the archive of bodies that nothing names; what anything names stays for ever.

A worker keeps a body before the row that names it, and may find one that is there already; so a
body nobody names now may be named a moment later. Nothing is therefore removed at once: it is set
aside, where it is still read (`claims.bodies.open_body`), and removed by a later run once it has
waited `WAIT` and still nothing names it. What was named meanwhile is put back.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol

from claims.bodies import ASIDE, name_of, sha256_of
from claims.lasting import DRAFT
from verifier.archive import Blobs, is_whole

WAIT = timedelta(days=1)
"""Longer than any worker may take from keeping a body to naming it (a lease is an hour at most)."""
BATCH = 1000
MOST_AT_ONCE = 20_000

Named = Callable[[Sequence[str]], AbstractSet[str]]
"""Of these hashes, return those that are named."""


class Shelves(Blobs, Protocol):
    """Blobs that can be walked and cleared."""

    def names(self, under: str = "") -> Iterator[str]:
        """Yield what lies in the folders of one folder; NotImplementedError without listing."""

    def about(self, name: str) -> tuple[int, datetime]:
        """Return bytes, and since when it lies there; FileNotFoundError where nothing does."""

    def move(self, name: str, to: str) -> None:
        """Give what is kept another name, as if put there now, in place of what is there."""

    def remove(self, name: str) -> None:
        """Remove what is kept; where nothing is, that is no fault."""


@dataclass(slots=True)
class Tally:
    """How many bodies, and their bytes."""

    bodies: int = 0
    size_bytes: int = 0

    def add(self, size_bytes: int) -> None:
        """Count one more."""
        self.bodies += 1
        self.size_bytes += size_bytes


@dataclass(slots=True)
class Collected:
    """What a run found and did (or, in a dry run, would do).

    `young`: unnamed, and not old enough; `waiting`: set aside by an earlier run, not long enough
    ago; `named` bodies are only counted. `drafts` are what broken writes left.
    """

    named: int = 0
    young: Tally = field(default_factory=Tally)
    set_aside: Tally = field(default_factory=Tally)
    waiting: Tally = field(default_factory=Tally)
    put_back: Tally = field(default_factory=Tally)
    removed: Tally = field(default_factory=Tally)
    drafts: Tally = field(default_factory=Tally)


def collect(
    shelves: Shelves,
    *,
    in_rows: Named,
    in_entries: Named,
    older_than: timedelta,
    now: datetime,
    is_dry: bool = False,
) -> Collected:
    """Put back, remove and set aside; memory does not grow with the archive.

    Args:
        shelves: the archive. Names in it that are not a body's are left alone.
        in_rows: which bodies rows of the record name; asked often, a thousand at a time.
        in_entries: which bodies ledger entries name; asked seldom, it may read the whole ledger.
        older_than: how long a body nothing names stays.
        now: aware.
        is_dry: change nothing.

    Returns:
        Collected.

    Raises:
        NotImplementedError: the storage cannot list what it holds.
        OSError: it failed; what was done so far stays done.
    """
    run = _Run(shelves, in_rows, in_entries, now, is_dry)
    run.settle_aside()
    run.set_aside(before=now - older_than)
    return run.found


@dataclass(slots=True)
class _Run:
    shelves: Shelves
    in_rows: Named
    in_entries: Named
    now: datetime
    is_dry: bool
    found: Collected = field(default_factory=Collected)

    def settle_aside(self) -> None:
        """Decide on what earlier runs set aside."""
        waiting = (sha256 for name in self.shelves.names(ASIDE) if (sha256 := sha256_of(name)))
        for hashes in _batches(waiting, MOST_AT_ONCE):
            named = self._named(hashes)
            for sha256 in hashes:
                with contextlib.suppress(FileNotFoundError):
                    self._settle(sha256, is_named=sha256 in named)

    def set_aside(self, *, before: datetime) -> None:
        """Set aside what nothing names and what lies there since before a moment."""
        for hashes in _batches(self._old_unnamed(before), MOST_AT_ONCE):
            named = self.in_entries(hashes)
            self.found.named += len(named)
            for sha256 in set(hashes) - named:
                with contextlib.suppress(FileNotFoundError):
                    self._set_aside(name_of(sha256))

    def _named(self, hashes: Sequence[str]) -> AbstractSet[str]:
        rows = self.in_rows(hashes)
        return rows | self.in_entries([sha256 for sha256 in hashes if sha256 not in rows])

    def _settle(self, sha256: str, *, is_named: bool) -> None:
        aside = ASIDE + name_of(sha256)
        size_bytes, since_at = self.shelves.about(aside)
        if is_named:
            self.found.put_back.add(size_bytes)
            self._put_back(sha256)
        elif since_at > self.now - WAIT:
            self.found.waiting.add(size_bytes)
        else:
            self.found.removed.add(size_bytes)
            self._remove(aside)

    def _put_back(self, sha256: str) -> None:
        """Give a body its place again, unless it was kept there anew meanwhile."""
        name, aside = name_of(sha256), ASIDE + name_of(sha256)
        if self.is_dry:
            return
        if self.shelves.exists(name) and is_whole(sha256, blobs=self.shelves):
            self.shelves.remove(aside)
        else:
            self.shelves.move(aside, name)

    def _old_unnamed(self, before: datetime) -> Iterator[str]:
        for names in _batches(self.shelves.names(), BATCH):
            ours = [sha256 for name in names if (sha256 := sha256_of(name))]
            rows = self.in_rows(ours)
            self.found.named += len(rows)
            yield from (
                sha256 for sha256 in ours if sha256 not in rows and self._is_old(sha256, before)
            )
            self._clear_drafts(names)

    def _is_old(self, sha256: str, before: datetime) -> bool:
        try:
            size_bytes, since_at = self.shelves.about(name_of(sha256))
        except FileNotFoundError:
            return False
        if since_at > before:
            self.found.young.add(size_bytes)
        return since_at <= before

    def _set_aside(self, name: str) -> None:
        size_bytes, _ = self.shelves.about(name)
        if not self.is_dry:
            self.shelves.move(name, ASIDE + name)
        self.found.set_aside.add(size_bytes)

    def _clear_drafts(self, names: Iterable[str]) -> None:
        """Remove what broken writes left; a write that goes on is younger."""
        for name in names:
            if not PurePosixPath(name).name.startswith(DRAFT):
                continue
            with contextlib.suppress(FileNotFoundError):
                size_bytes, since_at = self.shelves.about(name)
                if since_at <= self.now - WAIT:
                    self.found.drafts.add(size_bytes)
                    self._remove(name)

    def _remove(self, name: str) -> None:
        if not self.is_dry:
            self.shelves.remove(name)


def _batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
