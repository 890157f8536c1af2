"""What processes cost: processor time and memory of whole trees, read from /proc (Linux).

Source: proc_pid_stat(5), proc_pid_smaps_rollup(5). A child that has ended counts with the parent
that waited for it (cutime, cstime).
"""

import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

TICKS_S = os.sysconf("SC_CLK_TCK")
SAMPLE_EVERY_S = 0.5
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Entry:
    """One living process: its parent, its own ticks, those of its dead children."""

    parent: int
    own: int
    dead: int


def processes() -> dict[int, Entry]:
    """Return all living processes by id, as of a moment in which none ended.

    One that ends while the list is read would count twice (by itself and with its parent), or not
    at all.
    """
    found = _listed()
    while found.keys() - (again := _listed()).keys():
        found = again
    return found


def _listed() -> dict[int, Entry]:
    found = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                # the name, in parentheses, may hold anything
                words = (folder / "stat").read_text().rpartition(")")[2].split()
                utime, stime, cutime, cstime = (int(word) for word in words[11:15])
                found[int(folder.name)] = Entry(int(words[1]), utime + stime, cutime + cstime)
    return found


def tree(root: int, *, of: Mapping[int, Entry]) -> list[int]:
    """Return a process and all below it."""
    below = defaultdict(list)
    for number, entry in of.items():
        below[entry.parent].append(number)
    found, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        found.append(number)
        waiting += below[number]
    return [number for number in found if number in of]


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor milliseconds of the product's parts since each began."""

    worker: float
    children: float
    postgres: float
    redis: float

    @property
    def total(self) -> float:
        return self.worker + self.children + self.postgres + self.redis

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.worker + other.worker,
            self.children + other.children,
            self.postgres + other.postgres,
            self.redis + other.redis,
        )

    def since(self, earlier: "Spent") -> "Spent":
        return Spent(
            self.worker - earlier.worker,
            self.children - earlier.children,
            self.postgres - earlier.postgres,
            self.redis - earlier.redis,
        )


def spent(*, worker: int, postgres: int, redis: int, without: Iterable[int]) -> Spent:
    """Read what the product has cost so far.

    Args:
        worker: process id; what is below it counts as its children.
        postgres: the server's first process.
        redis: the server.
        without: backends of the measurement itself, which are not counted.
    """
    now = processes()
    own = now[worker].own
    observed = sum(now[number].own for number in without)
    return Spent(
        worker=_ms(own),
        children=_ms(_ticks(worker, of=now) - own),
        postgres=_ms(_ticks(postgres, of=now) - observed),
        redis=_ms(_ticks(redis, of=now)),
    )


def tree_ms(root: int) -> float:
    """Return processor milliseconds of a whole tree so far."""
    return _ms(_ticks(root, of=processes()))


def _ticks(root: int, *, of: Mapping[int, Entry]) -> int:
    return sum(of[number].own + of[number].dead for number in tree(root, of=of))


def _ms(ticks: int) -> float:
    return ticks * 1000 / TICKS_S


def memory_bytes(root: int) -> int:
    """Return the memory of a tree: proportional set size, pages shared counted once."""
    total = 0
    for number in tree(root, of=_listed()):
        with suppress(OSError):
            lines = (PROC / str(number) / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


class PeakMemory:
    """The most memory a tree had, sampled beside the measurement until the block ends."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.peak_bytes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._end.wait(SAMPLE_EVERY_S):
            self.peak_bytes = max(self.peak_bytes, memory_bytes(self.root))
