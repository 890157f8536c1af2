"""How soon the watch sees a change, against fixed intervals and a ladder, at equal looks.

The product's own `due_in_s` is run over the revision times of real pages, given a LeasedWatch that
holds only what the watch could know.

The ladder of page watchers for news is 15 min, 1 h, 3 h, 3 d, 30 d. It is read in four ways: a rung
is left with every look, or with age (3 h, 1 d, 7 d, 30 d); it starts at the first sight, or again
at every change seen. Its rungs are stretched alike until it makes as many looks as ours.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

from benchmarks.place import ROOT
from benchmarks.revision_times import (
    DAY_S,
    FILE,
    FOLDS,
    HOUR_S,
    SAMPLE,
    Page,
    Policy,
    Seen,
    fixed,
    ladder,
    linked_later,
    ours,
    read_pages,
    watch_all,
)
from verifier.schedule import Pace

DATA = ROOT.parent / "shared" / "data"
BUDGETS = (0.3, 1, 3, 10)
HEAD = (
    "| | looks a page and day | mean delay, h | mean over pages, h | median, h | 9 of 10 within, h "
    "| seen within 1 h | within 24 h | overwritten unseen |\n|---|---|---|---|---|---|---|---|---|"
)


def at_rate(
    pages: Sequence[Page], policy_of: Callable[[float], Policy], per_day: float, *, first: float
) -> tuple[float, Seen]:
    """Find the length of intervals at which a policy makes so many looks, within half a percent."""
    length, seen = first, watch_all(pages, policy_of(first))
    for _ in range(12):
        if abs(seen.per_day / per_day - 1) < 0.005:
            break
        length *= seen.per_day / per_day
        seen = watch_all(pages, policy_of(length))
    return length, seen


def ours_at(
    pages: Sequence[Page], per_day: float, pace: Pace | None = None, *, first_s: float = 1e4
) -> tuple[float, Seen]:
    def of(length_s: float) -> Policy:
        return ours(replace(pace or Pace(), daily_changer_s=length_s))

    return at_rate(pages, of, per_day, first=first_s)


def fixed_at(pages: Sequence[Page], per_day: float) -> Seen:
    return at_rate(pages, fixed, per_day, first=DAY_S / per_day)[1]


def compare(folder: Path) -> Iterator[str]:
    """The default pace against the others at its own number of looks, then by kind of page."""
    pages = read_pages(folder)
    days = sum(page.watched_s for page in pages) / DAY_S
    changes = sum(len(page.changes_s) for page in pages)
    yield f"{len(pages):,} pages, {days:,.0f} days watched, {changes:,} changes within them."
    usual = watch_all(pages, ours(Pace()))
    yield from ("", "### At the default pace", "", HEAD, usual.row("ours"))
    yield fixed_at(pages, usual.per_day).row("fixed intervals")
    for is_by_age, how in ((True, "by age"), (False, "by look")):
        for restarts, since in ((False, "since first sight"), (True, "since the last change")):
            climb = {"is_by_age": is_by_age, "restarts": restarts}
            stretch, seen = at_rate(
                pages, lambda s, climb=climb: ladder(stretch=s, **climb), usual.per_day, first=0.5
            )
            yield seen.row(f"ladder {how}, {since} (rungs x {stretch:.3f})")
    for kind in sorted({page.kind for page in pages}):
        part = [page for page in pages if page.kind == kind]
        seen = watch_all(part, ours(Pace()))
        yield seen.row(f"{kind}s, ours")
        yield fixed_at(part, seen.per_day).row(f"{kind}s, fixed")


def budgets(folder: Path) -> Iterator[str]:
    """Ours against fixed intervals at other numbers of looks; a sample where there are many."""
    pages = read_pages(folder)
    yield from ("", "### By budget", "")
    yield (
        "| looks a page and day | `daily_changer_s` | mean delay, h: ours, fixed "
        "| mean over pages, h: ours, fixed | ours within 24 h |\n|---|---|---|---|---|"
    )
    for per_day in BUDGETS:
        some = pages[:: SAMPLE if per_day > 1 else 1]
        length_s, seen = ours_at(some, per_day, first_s=1.27e4 / per_day)
        other = fixed_at(some, per_day)
        yield (
            f"| {per_day} | {length_s:,.0f} | {seen.mean_h():.2f}, {other.mean_h():.2f} "
            f"| {seen.page_mean_h():.2f}, {other.page_mean_h():.2f} | {seen.within(DAY_S):.1%} |"
        )


def knobs(folder: Path) -> Iterator[str]:
    """What urgency, chance and a late link do at one length; what the bounds do at one budget."""
    pages = read_pages(folder)[::SAMPLE]
    usual = watch_all(pages, ours(Pace()))
    yield from ("", f"### Urgency, chance, late links (one page of {SAMPLE})", "", HEAD)
    yield usual.row("as shipped, urgency 1")
    yield watch_all(pages, ours(Pace(), urgency=4)).row("urgency 4")
    yield watch_all(pages, ours(Pace(), has_jitter=False)).row("no jitter")
    later = list(linked_later(pages, by_s=DAY_S))
    seen = watch_all(later, ours(Pace()))
    yield seen.row("linked a day late, ours")
    yield fixed_at(later, seen.per_day).row("linked a day late, fixed")
    yield from ("", f"### Bounds, at equal looks (one page of {SAMPLE})", "", HEAD)
    yield usual.row("first 5 min, least 15 min, most 30 d")
    for name, pace in {
        "least 5 min": Pace(min_s=300),
        "first and least 1 h": Pace(first_s=HOUR_S, min_s=HOUR_S),
        "most 7 d": Pace(max_s=7 * DAY_S),
        "most 1 d": Pace(max_s=DAY_S),
    }.items():
        yield ours_at(pages, usual.per_day, pace)[1].row(name)


def constants(folder: Path) -> Iterator[str]:
    """Halve and double each constant; choose on four folds, score on the fifth."""
    pages = read_pages(folder)[::SAMPLE]
    per_day = watch_all(pages, ours(Pace())).per_day
    scores = {name: _by_fold(pages, per_day, pace) for name, pace in _varied()}
    best = [min(scores, key=lambda name: _without(scores[name], fold)) for fold in range(FOLDS)]
    yield from ("", f"### Constants, at equal looks (one page of {SAMPLE})", "")
    yield "Square root of mean delay times mean over pages, in hours."
    yield "\n| | " + " | ".join(f"fold {fold + 1}" for fold in range(FOLDS)) + " | all |"
    yield "|---" * (FOLDS + 2) + "|"
    for name, by_fold in scores.items():
        yield _cells(name, by_fold)
    yield _cells("chosen on the other four", [scores[n][f] for f, n in enumerate(best)])
    parts = [fixed_at(part, per_day) for part in _folds(pages)]
    yield _cells("fixed intervals", [part.loss() for part in parts])
    yield f"\nChosen: {', '.join(best)}."


def _varied() -> Iterator[tuple[str, Pace]]:
    habit = Pace().habit
    yield "as shipped", Pace()
    for constant in fields(habit):
        for factor in (0.5, 2):
            changed = {constant.name: factor * getattr(habit, constant.name)}
            yield f"`{constant.name}` x {factor:g}", Pace(habit=replace(habit, **changed))


def _folds(pages: Sequence[Page]) -> list[list[Page]]:
    return [[page for page in pages if page.fold == fold] for fold in range(FOLDS)]


def _by_fold(pages: Sequence[Page], per_day: float, pace: Pace) -> list[float]:
    length_s, _ = ours_at(pages, per_day, pace)
    policy = ours(replace(pace, daily_changer_s=length_s))
    return [watch_all(part, policy).loss() for part in _folds(pages)]


def _without(by_fold: Sequence[float], fold: int) -> float:
    return math.fsum(score for place, score in enumerate(by_fold) if place != fold)


def _cells(name: str, by_fold: Sequence[float]) -> str:
    mean = statistics.fmean(by_fold)
    return f"| {name} | " + " | ".join(f"{score:.2f}" for score in (*by_fold, mean)) + " |"


TABLES = (compare, budgets, knobs, constants)


def table(place: int, folder: Path) -> str:
    return "\n".join(TABLES[place](folder))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks schedule")
    parser.add_argument("--data", type=Path, default=DATA, help=f"the folder of {FILE}")
    folder = parser.parse_args().data
    if not (folder / FILE).exists():
        print(f"No {FILE} in {folder}: give its folder with --data.")
        return
    began = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        for text in pool.map(table, range(len(TABLES)), [folder] * len(TABLES)):
            print(text, flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")
