"""Figures of the throughput measurement, as Markdown tables with the ceilings beside."""

import platform
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from operator import add
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.cost import Spent
from benchmarks.place import ROOT

WIDTH = 200
MIB = 1024 * 1024
LABELS = {
    "first": "first reading (200)",
    "unchanged": "unchanged (304)",
    "same-text": "other bytes, same text (200)",
    "changed": "changed text, 3 quotes (200)",
    "tls-first": "first reading, a new TLS connection each (200)",
    "tls": "unchanged, a new TLS connection each (304)",
}
CEILINGS_MS = {"unchanged": 0.6, "same-text": 5.0, "changed": 6.5}
AIM_UNCHANGED_MS = 0.35
PEER_AT_LEAST = 40
MEMORY_MIB = 400


@dataclass(frozen=True, slots=True)
class Case:
    """One round over all sources: what it cost, and what the origin saw of it."""

    looks: int
    spent: Spent
    wall_s: float
    origin_ms: int
    served: dict[str, int]
    wal_bytes: int
    disk_bytes: int

    @property
    def ms(self) -> float:
        """Processor milliseconds a look, of the whole product."""
        return self.spent.total / self.looks

    def __add__(self, other: "Case") -> "Case":
        return Case(
            looks=self.looks + other.looks,
            spent=self.spent + other.spent,
            wall_s=self.wall_s + other.wall_s,
            origin_ms=self.origin_ms + other.origin_ms,
            served=dict(Counter(self.served) + Counter(other.served)),
            wal_bytes=self.wal_bytes + other.wal_bytes,
            disk_bytes=self.disk_bytes + other.disk_bytes,
        )


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """changedetection.io on the same pages: what a pass cost, a page; or why there is none."""

    version: str = ""
    pages: int = 0
    passes_ms: tuple[float, ...] = ()
    other_bytes_ms: float = 0.0
    idle_ms_per_s: float = 0.0
    memory_bytes: int = 0
    why_not: str = ""


@dataclass(slots=True)
class Figures:
    """What was found."""

    page_bytes: tuple[int, int]
    rounds: dict[str, list[Case]] = field(default_factory=lambda: defaultdict(list))
    rows_grown: dict[str, int] | None = None
    flags: int = 0
    peak_memory_bytes: int = 0
    peer: PeerFigures | None = None


def line(kind: str, case: Case) -> str:
    """Say one round in one line, while it runs."""
    return f"{LABELS[kind]}: {case.looks} looks, {case.ms:.3f} ms each, {case.wall_s:.1f} s"


def show(figures: Figures) -> None:
    """Print both tables and what else was found."""
    console = Console(width=WIDTH, soft_wrap=True)
    console.print(_where(figures), highlight=False)
    console.print(_against_ceilings(figures))
    console.print(_by_part(figures))
    if figures.peer is not None and figures.peer.why_not:
        console.print(figures.peer.why_not, highlight=False)


def _against_ceilings(figures: Figures) -> Table:
    table = Table("what", "measured", "asked", "met", box=box.MARKDOWN)
    for case, ceiling_ms in CEILINGS_MS.items():
        if case in figures.rounds:
            ms = _ms(figures.rounds[case])
            aim = f" (aim {AIM_UNCHANGED_MS})" if case == "unchanged" else ""
            table.add_row(
                f"{LABELS[case]}, CPU ms a source",
                f"{ms:.3f}{_spread(figures.rounds[case])}",
                f"{ceiling_ms}{aim}",
                _met(is_met=ms <= ceiling_ms),
            )
    _add_peer(table, figures)
    peak = figures.peak_memory_bytes / MIB
    table.add_row(
        "peak memory of worker and children (PSS, sampled), MiB",
        f"{peak:.0f}",
        f"under {MEMORY_MIB}",
        _met(is_met=peak < MEMORY_MIB),
    )
    if figures.rows_grown is not None:
        grown = ", ".join(f"{name} {count:+}" for name, count in figures.rows_grown.items())
        table.add_row("rows by unchanged rounds", grown or "0", "0", _met(is_met=not grown))
        first, *later = figures.rounds["unchanged"]
        table.add_row("WAL bytes an unchanged recheck", f"{_wal(later)}", "", "")
        table.add_row(
            "the same right after a checkpoint, with whole pages", f"{_wal([first])}", "", ""
        )
    return table


def _add_peer(table: Table, figures: Figures) -> None:
    found = figures.peer
    if found is None or found.why_not:
        return
    passes = ", ".join(f"{ms:.1f}" for ms in found.passes_ms)
    table.add_row(
        f"changedetection.io {found.version}, {found.pages} unchanged pages, CPU ms a page",
        passes,
        "",
        "",
    )
    if "unchanged" in figures.rounds:
        # its cheapest pass
        times = min(found.passes_ms) / _ms(figures.rounds["unchanged"])
        table.add_row(
            "so many times dearer",
            f"{times:.0f}",
            f"{PEER_AT_LEAST}",
            _met(is_met=times >= PEER_AT_LEAST),
        )
    table.add_row("the same with other bytes, same text", f"{found.other_bytes_ms:.1f}", "", "")
    table.add_row("its CPU ms a second when idle", f"{found.idle_ms_per_s:.0f}", "", "")
    table.add_row("its memory after the last pass, MiB", f"{found.memory_bytes / MIB:.0f}", "", "")


def _by_part(figures: Figures) -> Table:
    heads = ("case", "looks", "CPU ms a look", "worker", "children", "PostgreSQL", "Redis")
    heads += ("origin (not counted)", "looks/s", "new connections", "WAL bytes", "archive bytes")
    table = Table(*heads, box=box.MARKDOWN)
    for kind, rounds in figures.rounds.items():
        case = reduce(add, rounds)
        spent, looks = case.spent, case.looks
        parts = (spent.worker, spent.children, spent.postgres, spent.redis, case.origin_ms)
        table.add_row(
            LABELS[kind],
            f"{looks}",
            f"{case.ms:.3f}",
            *(f"{part / looks:.3f}" for part in parts),
            f"{looks / case.wall_s:.0f}",
            f"{case.served.get('connections', 0)}",
            f"{case.wal_bytes // looks}",
            f"{case.disk_bytes // looks}",
        )
    return table


def _where(figures: Figures) -> str:
    plain, zipped = figures.page_bytes
    parts = (f"{datetime.now(UTC):%Y-%m-%d}", f"commit {_commit()}", _processor())
    parts += (f"Python {platform.python_version()}", f"pages of {plain} bytes, {zipped} gzipped")
    if "changed" in figures.rounds:
        parts += (f"{figures.flags} flags raised by the changed round",)
    return "; ".join(parts) + ".\n"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return f"{len(models)} x {models[0] if models else platform.machine()}"


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _ms(rounds: list[Case]) -> float:
    return reduce(add, rounds).ms


def _spread(rounds: list[Case]) -> str:
    times = sorted(case.ms for case in rounds)
    return f" ({times[0]:.3f} to {times[-1]:.3f})" if len(times) > 1 else ""


def _wal(rounds: list[Case]) -> int:
    return round(sum(case.wal_bytes for case in rounds) / sum(case.looks for case in rounds))


def _met(*, is_met: bool) -> str:
    return "yes" if is_met else "NO"
