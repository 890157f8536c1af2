"""The runs of looks at a source as people read them: a line each, and a strip over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate, pairwise

from claims.models import Observation, Watch
from claims.present.times import moment_words
from claims.present.words import counted, label
from claims.states import ANSWERED, Outcome

STRIP_WIDTH = 1000
STRIP_HEIGHT = 24
LEAST_WIDTH = 12


class Sight(StrEnum):
    """What a run of looks saw of the page: its words, something in their place, or that it went."""

    READ = "read"
    HIDDEN = "hidden"
    MISSED = "missed"


_MISSED = frozenset({Outcome.GONE, Outcome.SOFT_GONE, Outcome.SEEN_GONE})
_HEIGHTS = {Sight.READ: 8, Sight.HIDDEN: 16, Sight.MISSED: STRIP_HEIGHT}
_READ = ANSWERED | {Outcome.SEEN_STANDING, Outcome.SEEN_CHANGED}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of looks with the same result; `status` is HTTP's, 0 where there was none."""

    outcome: Outcome
    first_at: datetime
    last_at: datetime
    count: int
    status: int = 0
    detail: str = ""
    is_open: bool = False

    @property
    def sight(self) -> Sight:
        """What the run saw."""
        if self.outcome in _MISSED:
            return Sight.MISSED
        return Sight.READ if self.outcome in _READ else Sight.HIDDEN

    @property
    def sentence(self) -> str:
        """The run in one line, for the strip."""
        times = f"{moment_words(self.first_at)} to {moment_words(self.last_at)}"
        return f"{label(self.outcome)}: {times}, {counted(self.count, one='look')}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on the strip, in the strip's own units."""

    run: Run
    x: int
    width: int

    @property
    def height(self) -> int:
        """How tall it is: what was seen is told by height as well as by colour."""
        return _HEIGHTS[self.run.sight]

    @property
    def y(self) -> int:
        """Where its top is; all stand on the strip's floor."""
        return STRIP_HEIGHT - self.height


def runs_of(watch: Watch | None, finished: Sequence[Observation]) -> tuple[Run, ...]:
    """Return the runs, newest first; the open one, which the watch holds, leads."""
    runs = [
        Run(
            Outcome(row.outcome),
            row.first_seen_at,
            row.last_seen_at,
            row.count,
            row.status,
            row.detail,
        )
        for row in finished
    ]
    open_run = _open_run(watch)
    return tuple([open_run, *runs] if open_run else runs)


def strip_of(runs: Sequence[Run]) -> tuple[Bar, ...]:
    """Lay the runs, given newest first, on a strip, oldest first, each as wide as it lasted.

    A run lasts until the next begins, since nothing else was seen until then. One that is too short
    to be seen is as wide as can be seen, and the others give way.
    """
    if not runs:
        return ()
    times = [run.first_at for run in reversed(runs)] + [max(run.last_at for run in runs)]
    spans_s = [max(0.0, (end - start).total_seconds()) for start, end in pairwise(times)]
    share = STRIP_WIDTH / max(1.0, sum(spans_s))
    widths = [max(float(LEAST_WIDTH), span_s * share) for span_s in spans_s]
    marks = [round(at * STRIP_WIDTH / sum(widths)) for at in accumulate(widths, initial=0.0)]
    bars = zip(reversed(runs), pairwise(marks), strict=True)
    return tuple(Bar(run, x=left, width=right - left) for run, (left, right) in bars)


def _open_run(watch: Watch | None) -> Run | None:
    if watch is None or not watch.run_outcome or watch.run_first_at is None:
        return None
    return Run(
        Outcome(watch.run_outcome),
        watch.run_first_at,
        watch.run_last_at or watch.run_first_at,
        watch.run_count,
        watch.run_status,
        watch.run_detail,
        is_open=True,
    )
