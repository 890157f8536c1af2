"""How many revisions of real pages raise a flag, beside how many change any text at all.

Pairs of pages with their publisher's change note (`recheck_dev.jsonl`), stripped of the attributes
a site's template is known by, read and assessed in process by the code the watch runs. Figures in
total and by five folds of documents; milliseconds of CPU of the assessment alone.
"""

import hashlib
import json
import re
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.states import NoticeKind, QuoteState
from claims.types import Assessment, PageText, QuoteToFind
from verifier.assess import assess
from verifier.extract import extract

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILE = "recheck_dev.jsonl"
FOLDS = 5
REPEATS = 3
NAMED_BY = re.compile(r"""\s(?:class|id|data-[\w-]+|aria-[\w-]+|itemprop|role)=("[^"]*"|'[^']*')""")
STATES = {
    "intact": QuoteState.STANDING,
    "altered": QuoteState.ALTERED,
    "removed": QuoteState.MISSING,
}
KINDS = {"withdrawn": NoticeKind.RETRACTION}


@dataclass(frozen=True)
class Revision:
    fold: int
    row: Mapping
    is_any_text_changed: bool
    found: Assessment
    elapsed_ms: float


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks revisions")
    parser.add_argument("--data", type=Path, default=DATA, help=f"the folder of {FILE}")
    path = parser.parse_args().data / FILE
    if not path.exists():
        print(f"No {FILE} in {path.parent}: give its folder with --data.")
        return
    with path.open(encoding="utf-8") as lines:
        revisions = [assessed(json.loads(line)) for line in lines]
    print(HEAD)
    print_row("all", revisions)
    for fold in range(FOLDS):
        print_row(f"fold {fold + 1}", [one for one in revisions if one.fold == fold])
    times = sorted(one.elapsed_ms for one in revisions)
    print(
        f"assess, ms of CPU a pair: mean {sum(times) / len(times):.2f}, "
        f"median {times[len(times) // 2]:.2f}, 95th {times[len(times) * 95 // 100]:.2f}"
    )


HEAD = (
    "            pairs  any text  flagged  should   quotes F1  silent  false  correction  changed"
)


def assessed(row: Mapping) -> Revision:
    before, after = page(row, "before"), page(row, "after")
    first = assess(before=None, after=before, quotes=quotes(row, ()))
    sought = quotes(row, [finding.state for finding in first.quotes])
    found, elapsed_ms = timed(before, after, sought)
    is_any = (before.title, before.text) != (after.title, after.text)
    fold = int(hashlib.sha256(row["url"].encode()).hexdigest(), 16) % FOLDS
    return Revision(fold, row, is_any, found, elapsed_ms)


def timed(
    before: PageText, after: PageText, sought: Sequence[QuoteToFind]
) -> tuple[Assessment, float]:
    least = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        found = assess(before=before, after=after, quotes=sought)
        least = min(least, time.process_time() - start)
    return found, 1000 * least


def page(row: Mapping, side: str) -> PageText:
    return extract(NAMED_BY.sub("", row[side]).encode(), url=row["url"], charset="utf-8")


def quotes(row: Mapping, states: Sequence[QuoteState]) -> Sequence[QuoteToFind]:
    known = states or [QuoteState.UNCHECKED] * len(row["quotes"])
    return [
        QuoteToFind(at, quote["text"], was=state)
        for at, (quote, state) in enumerate(zip(row["quotes"], known, strict=True))
    ]


def print_row(name: str, revisions: Sequence[Revision]) -> None:
    total = len(revisions)
    states = Counter(
        (STATES[quote["gold"]], finding.state)
        for one in revisions
        for quote, finding in zip(one.row["quotes"], one.found.quotes, strict=True)
    )
    notices = Counter((wanted_kind(one.row), one.found.notice.kind) for one in revisions)
    correction = NoticeKind.CORRECTION
    unchanged = [one for one in revisions if not one.row["gold"]["changed"]]
    print(
        f"{name:<12}{total:5}"
        f"{share(sum(one.is_any_text_changed for one in revisions), total):>10}"
        f"{share(sum(one.found.significant for one in revisions), total):>9}"
        f"{share(sum(map(should_flag, revisions)), total):>8}"
        f"{100 * macro_f1(states):>12.1f}"
        f"{standing_instead(states):>8}"
        f"{sum(n for (gold, got), n in states.items() if gold is STATES['intact'] != got):>7}"
        f"{precision_recall(notices, correction):>12}"
        f"{share(sum(one.found.changed for one in unchanged), len(unchanged)):>9}"
    )


def wanted_kind(row: Mapping) -> NoticeKind:
    kind = row["gold"]["kind"]
    return KINDS.get(kind) or NoticeKind(kind)


def should_flag(one: Revision) -> bool:
    is_touched = any(quote["gold"] != "intact" for quote in one.row["quotes"])
    return is_touched or one.row["gold"]["kind"] in {"correction", "withdrawn"}


def standing_instead(states: Counter) -> int:
    standing = QuoteState.STANDING
    return sum(n for (gold, got), n in states.items() if gold is not standing and got is standing)


def macro_f1(counts: Counter) -> float:
    return sum(f1(counts, state) for state in STATES.values()) / len(STATES)


def f1(counts: Counter, state: object) -> float:
    got, gold = marginals(counts, state)
    return 2 * counts[state, state] / (got + gold) if got + gold else 0.0


def precision_recall(counts: Counter, kind: object) -> str:
    got, gold = marginals(counts, kind)
    right = 100 * counts[kind, kind]
    return f"{right / got if got else 100:.0f}/{right / gold if gold else 100:.0f}"


def marginals(counts: Counter, value: object) -> tuple[int, int]:
    return (
        sum(n for (_, got), n in counts.items() if got == value),
        sum(n for (gold, _), n in counts.items() if gold == value),
    )


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"
