"""What pages cost, beside a small record and a large one."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rich import box
from rich.console import Console
from rich.table import Table

MOST_GROWTH = 1.5
MOST_MS = 150
WIDTH = 200


@dataclass(slots=True)
class Cost:
    """What one page took, answer by answer."""

    queries: list[int] = field(default_factory=list)
    buffers: list[int] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    @property
    def usual_buffers(self) -> int:
        """The median of its answers."""
        return max(1, round(statistics.median(self.buffers)))

    @property
    def p95_ms(self) -> float:
        """The processor time nineteen of twenty answers stayed within."""
        return sorted(self.ms)[-(-len(self.ms) * 95 // 100) - 1]


def written(costs: Mapping[str, Cost]) -> str:
    """Return the costs by page as one line for another process."""
    return json.dumps({name: asdict(cost) for name, cost in costs.items()})


def read(line: str) -> dict[str, Cost]:
    """Return the costs that `written` wrote."""
    return {name: Cost(**cost) for name, cost in json.loads(line).items()}


def show(small: Mapping[str, Cost], large: Mapping[str, Cost], *, sizes: tuple[int, int]) -> None:
    """Print both measurements, page by page, and what was asked of the second."""
    heads: tuple[str, ...]
    first, second = (f"{claims:,}" for claims in sizes)
    heads = ("page", f"queries, {first}", second, f"buffers, {first}", second)
    heads += ("ratio", "asked", "met", f"CPU ms, p95 (median), {first}", second)
    table = Table(*heads, "asked", "met", box=box.MARKDOWN)
    for name, cost in large.items():
        before = small[name]
        ratio = cost.usual_buffers / before.usual_buffers
        table.add_row(
            name,
            _span(before.queries),
            _span(cost.queries),
            f"{before.usual_buffers:,}",
            f"{cost.usual_buffers:,}",
            f"{ratio:.2f}",
            f"{MOST_GROWTH}",
            "yes" if ratio <= MOST_GROWTH else "NO",
            f"{before.p95_ms:.0f} ({statistics.median(before.ms):.0f})",
            f"{cost.p95_ms:.0f} ({statistics.median(cost.ms):.0f})",
            f"{MOST_MS}",
            "yes" if cost.p95_ms <= MOST_MS else "NO",
        )
    Console(width=WIDTH, soft_wrap=True).print(table)


def _span(numbers: Sequence[int]) -> str:
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least} to {most}"
