"""When the linked sources of a claim were seen, changed or down: one strip each, one time axis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.models import Evidence, Observation, Source, Watch
from claims.present.evidence import source_words
from claims.present.times import moment_words
from claims.present.words import counted, label
from claims.states import ANSWERED, LinkState, Outcome

WIDTH, HEIGHT = 1000, 24
_LEAST_WIDTH = 5


class Sight(StrEnum):
    """What a run of looks saw: the page, new words on it, something in its place, or a gap."""

    READ = "read"
    CHANGED = "changed"
    HIDDEN = "hidden"
    MISSED = "missed"


_MISSED = frozenset({Outcome.GONE, Outcome.SOFT_GONE, Outcome.SEEN_GONE})
_READ = ANSWERED | {Outcome.SEEN_STANDING}
_HEIGHTS: Mapping[Sight, int] = {
    Sight.READ: 8,
    Sight.CHANGED: 12,
    Sight.HIDDEN: 16,
    Sight.MISSED: HEIGHT,
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of looks with the same result; `sight` is CHANGED where new words begin with it."""

    outcome: Outcome
    sight: Sight
    first_at: datetime
    last_at: datetime
    count: int
    detail: str = ""
    is_open: bool = False

    @property
    def words(self) -> str:
        """What it gave."""
        return "read, new words" if self.sight is Sight.CHANGED else _outcome_words(self.outcome)

    @property
    def sentence(self) -> str:
        """The run in one line."""
        times = f"{moment_words(self.first_at)} to {moment_words(self.last_at)}"
        return f"{self.words}: {times}, {counted(self.count, one='look')}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on the strip, in the strip's own units; it stands on the strip's floor."""

    run: Run
    x: int
    width: int

    @property
    def height(self) -> int:
        """How tall it is: what was seen is told by height as well as by colour."""
        return _HEIGHTS[self.run.sight]

    @property
    def y(self) -> int:
        """Where its top is."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Strip:
    """One source's runs, drawn and newest first; `name` says which page."""

    reference: str
    name: str
    link_state: LinkState
    last_looked_at: datetime | None
    bars: tuple[Bar, ...]
    runs: tuple[Run, ...]

    @property
    def sentence(self) -> str:
        """The strip in words, for those who do not see it."""
        changes = sum(run.sight is Sight.CHANGED for run in self.runs)
        down = sum(run.sight in {Sight.HIDDEN, Sight.MISSED} for run in self.runs)
        parts = (
            counted(len(self.runs), one="run") + " of looks",
            counted(changes, one="change of words", many="changes of words"),
            counted(down, one="time") + " not readable or gone",
        )
        return f"{self.name}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Strips:
    """All strips of a claim and the time they span."""

    strips: tuple[Strip, ...]
    from_at: datetime | None = None
    until_at: datetime | None = None


def strips_of(
    evidence: Iterable[Evidence],
    *,
    runs: Mapping[int, Sequence[Observation]],
    names: Mapping[str, str],
) -> Strips:
    """Draw the looks at every watched source of a claim.

    Args:
        evidence: of the claim; what was withdrawn is left out, a source drawn once.
        runs: finished runs by source id, oldest first.
        names: of the pages, by evidence reference.
    """
    sources: dict[int, tuple[Source, str]] = {}
    for row in evidence:
        if row.withdrawn_at is None and getattr(row.source, "watch", None) is not None:
            name = names.get(row.reference) or source_words(row.source)
            sources.setdefault(row.source_id, (row.source, name))
    told = {pk: runs_of(source, runs.get(pk, ())) for pk, (source, _) in sources.items()}
    every = [run for found in told.values() for run in found]
    if not every:
        return Strips(tuple(_strip(*sources[pk], (), ()) for pk in sources))
    start, end = min(run.first_at for run in every), max(run.last_at for run in every)
    drawn = tuple(
        _strip(*sources[pk], found, _bars(found, start=start, end=end))
        for pk, found in told.items()
    )
    return Strips(drawn, start, end)


def runs_of(source: Source, finished: Sequence[Observation]) -> tuple[Run, ...]:
    """Return a source's runs, oldest first; the open one, which its watch holds, is the last."""
    runs: list[Run] = []
    text: int | None = None
    for row in finished:
        runs.append(_run(row, before=text))
        text = row.snapshot_id or text
    watch: Watch | None = getattr(source, "watch", None)
    if watch is None or not watch.run_outcome or watch.run_first_at is None:
        return tuple(runs)
    outcome = Outcome(watch.run_outcome)
    is_new = outcome in ANSWERED and text is not None and source.snapshot_id != text
    open_run = Run(
        outcome,
        Sight.CHANGED if is_new else _sight(outcome),
        watch.run_first_at,
        watch.run_last_at or watch.run_first_at,
        watch.run_count,
        watch.run_detail,
        is_open=True,
    )
    return (*runs, open_run)


def _run(row: Observation, *, before: int | None) -> Run:
    outcome = Outcome(row.outcome)
    is_new = before is not None and row.snapshot_id not in {None, before}
    return Run(
        outcome,
        Sight.CHANGED if is_new or outcome is Outcome.SEEN_CHANGED else _sight(outcome),
        row.first_seen_at,
        row.last_seen_at,
        row.count,
        row.detail,
    )


def _sight(outcome: Outcome) -> Sight:
    if outcome in _MISSED:
        return Sight.MISSED
    return Sight.READ if outcome in _READ else Sight.HIDDEN


def _outcome_words(outcome: Outcome) -> str:
    return "read, the same words" if outcome in ANSWERED else label(outcome)


def _bars(runs: Sequence[Run], *, start: datetime, end: datetime) -> tuple[Bar, ...]:
    """Lay runs on the axis: each lasts until the next begins, nothing else being seen meanwhile."""
    span_s = max(1.0, (end - start).total_seconds())
    following = [run.first_at for run in runs[1:]] + [max(run.last_at for run in runs)]
    bars = []
    for run, until in zip(runs, following, strict=True):
        x = round((run.first_at - start).total_seconds() / span_s * WIDTH)
        width = round((until - run.first_at).total_seconds() / span_s * WIDTH)
        x = min(x, WIDTH - _LEAST_WIDTH)
        bars.append(Bar(run, x=x, width=max(_LEAST_WIDTH, min(width, WIDTH - x))))
    return tuple(bars)


def _strip(source: Source, name: str, runs: Sequence[Run], bars: tuple[Bar, ...]) -> Strip:
    return Strip(
        reference=source.reference,
        name=name,
        link_state=LinkState(source.link_state),
        last_looked_at=source.watch.last_looked_at,
        bars=bars,
        runs=tuple(reversed(runs)),
    )
