"""What a recheck costs: the real fetch worker against 500 loopback sites, 10 pages each.

Processor time of the worker, its children, PostgreSQL and Redis; the origin's is told apart and
left out. Production settings, politeness on with a pause of 0. Between two rounds every connection
is closed, as it would be in the hours between two looks.
"""

import argparse
import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import peer, report
from benchmarks.cost import PeakMemory
from benchmarks.origin import AUTHORITY, Link, Origin, running_origin
from benchmarks.pages import Revision
from benchmarks.report import Case, Figures
from benchmarks.stand import Stand, running_stand

SITES = 500
PAGES_EACH = 10
UNCHANGED_ROUNDS = 10
MOST_TLS = 1_000
MOST_PEER = 500
CASES = ("unchanged", "same-text", "changed", "tls", "peer")
FIRST = Revision()
SAME_TEXT = Revision(token=1)
CHANGED = Revision(token=2, wording=1)


class NotMeasured(RuntimeError):
    """A round was not what its case says, so its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, on what, and what was found so far."""

    stand: Stand
    origin: Origin
    pages: int
    tls_pages: int
    figures: Figures


def main() -> None:
    chosen = _arguments()
    with ExitStack() as stack:
        origin = stack.enter_context(running_origin())
        links, tls_links = _open(origin, sources=chosen.sources)
        page_bytes = origin.serve(FIRST)
        authorities = {link.authority for link in (*links, *tls_links)}
        stand = stack.enter_context(running_stand(sorted(authorities), ca_file=AUTHORITY))
        print(f"loading {len(links)} + {len(tls_links)} sources", flush=True)
        stand.insider.load(_shuffled((*links, *tls_links)))
        stand.vacuum()
        figures = Figures(page_bytes=page_bytes)
        bench = Bench(stand, origin, len(links), len(tls_links), figures)
        _measure_ours(bench, chosen.only)
        if "peer" in chosen.only:
            origin.serve(FIRST)
            urls = [link.url for link in links[:: len(links) // min(len(links), MOST_PEER)]]
            figures.peer = peer.measure(urls[:MOST_PEER], origin=origin)
    report.show(figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks throughput", description=__doc__)
    parser.add_argument("--sources", type=int, default=SITES * PAGES_EACH, help="(5000)")
    parser.add_argument("--only", action="append", choices=CASES, help="may be repeated")
    chosen = parser.parse_args()
    chosen.only = chosen.only or CASES
    return chosen


def _open(origin: Origin, *, sources: int) -> tuple[list[Link], list[Link]]:
    """Open the sites: of a smaller run fewer, ten pages each as ever."""
    tls = range(sources, sources + min(sources // 5, MOST_TLS))
    return origin.open(_sites(range(sources))), origin.open(_sites(tls), is_tls=True)


def _sites(numbers: range) -> list[list[int]]:
    return [
        list(numbers[start : start + PAGES_EACH]) for start in range(0, len(numbers), PAGES_EACH)
    ]


def _shuffled(links: tuple[Link, ...]) -> list[Link]:
    """Mix the sites: pages of one site are not linked one after the other."""
    mixed = list(links)
    random.Random(1).shuffle(mixed)
    return mixed


def _measure_ours(bench: Bench, only: tuple[str, ...]) -> None:
    stand, figures = bench.stand, bench.figures
    stand.worker.start()
    try:
        stand.warm_up()
        with PeakMemory(stand.worker_process) as memory:
            _first_reading(bench)
            for case, measure in (
                ("unchanged", _unchanged),
                ("same-text", _same_text),
                ("changed", _changed),
                ("tls", _tls),
            ):
                if case in only:
                    measure(bench)
        figures.peak_memory_bytes = memory.peak_bytes
    finally:
        stand.worker.stop()


def _first_reading(bench: Bench) -> None:
    _round(bench, "first", expected={"200": bench.pages})


def _unchanged(bench: Bench) -> None:
    stand = bench.stand
    rows = stand.rows()
    stand.checkpoint()
    for _ in range(UNCHANGED_ROUNDS):
        _round(bench, "unchanged", expected={"304": bench.pages})
    grown = {table: count - rows.get(table, 0) for table, count in stand.rows().items()}
    bench.figures.rows_grown = {table: count for table, count in grown.items() if count}


def _same_text(bench: Bench) -> None:
    bench.origin.serve(SAME_TEXT)
    _round(bench, "same-text", expected={"200": bench.pages})


def _changed(bench: Bench) -> None:
    bench.origin.serve(CHANGED)
    flags = bench.stand.flags()
    _round(bench, "changed", expected={"200": bench.pages})
    bench.figures.flags = bench.stand.flags() - flags


def _tls(bench: Bench) -> None:
    bench.origin.serve(FIRST)
    for kind, status in (("tls-first", "200"), ("tls", "304")):
        expected = {status: bench.tls_pages, "connections": bench.tls_pages}
        _round(bench, kind, expected=expected, scheme="https")


def _round(bench: Bench, kind: str, *, expected: dict[str, int], scheme: str = "http") -> None:
    """Look once at every source of a scheme, and note what that cost."""
    stand, origin = bench.stand, bench.origin
    origin.hang_up()
    stand.make_due(scheme)
    looks, disk, wal = stand.looks(), stand.disk_bytes(), stand.wal_bytes()
    served, spent, began = origin.counts(), stand.spent(), time.monotonic()
    stand.look_at_all_due()
    wall_s, spent = time.monotonic() - began, stand.spent().since(spent)
    served = Counter(origin.counts()) - served
    case = Case(
        looks=stand.looks() - looks,
        spent=spent,
        wall_s=wall_s,
        origin_ms=served.pop("cpu_ms", 0),
        served=dict(served),
        wal_bytes=stand.wal_bytes() - wal,
        disk_bytes=stand.disk_bytes() - disk,
    )
    bench.figures.rounds[kind].append(case)
    print(report.line(kind, case), flush=True)
    _require(case, kind=kind, expected=expected, failures=stand.failures())


def _require(case: Case, *, kind: str, expected: dict[str, int], failures: dict[str, int]) -> None:
    """Refuse figures of a round that was not what it should have been."""
    asked = case.served.get("200", 0) + case.served.get("304", 0)
    is_asked = all(case.served.get(name, 0) == count for name, count in expected.items())
    if failures or not is_asked or case.looks != asked:
        raise NotMeasured(
            f"{kind}: {case.looks} looks, {case.served} served where {expected} was "
            f"expected, failures {failures}"
        )
