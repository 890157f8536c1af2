"""changedetection.io on the same pages: installed in an environment of its own, rechecking all.

Its settings: plain fetcher, ten workers, no least interval, no version check, private addresses
allowed. It asks without validators, so every recheck is a whole fetch; it reads no further where
the bytes are the same.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.cost import memory_bytes, tree_ms
from benchmarks.origin import Origin
from benchmarks.pages import Revision
from benchmarks.place import ROOT
from benchmarks.report import PeerFigures
from config import children
from config.ports import LOOPBACK, is_listening, is_taken

VERSION = "0.60.10"
HOME = ROOT / ".stet" / "peer"
PROGRAM = HOME / "bin" / "changedetection.io"
PORTS = range(5_080, 5_180)
PASSES = 2
OTHER_BYTES = Revision(token=1)
START_S = 90.0
PASS_S = 900.0
CALM_S = 5.0
LOOK_EVERY_S = 0.5
BUSY_MS_PER_S = 60.0


class PeerFailed(RuntimeError):
    """There is nothing to compare with; `str()` says why."""


def measure(urls: Sequence[str], *, origin: Origin) -> PeerFigures:
    """Watch the pages with changedetection.io; recheck all twice, then once with other bytes.

    Args:
        urls: the pages; the origin must serve what it served at the first check.
        origin: counts what was fetched, so that the peer need not be asked.

    Returns:
        PeerFigures; `why_not` alone where it cannot be had.
    """
    try:
        _install()
        with tempfile.TemporaryDirectory(prefix="stet-peer-") as folder:
            return _run(urls, folder=Path(folder), origin=origin)
    except (PeerFailed, OSError, subprocess.SubprocessError) as error:
        return PeerFigures(why_not=f"changedetection.io was not measured: {error}")


def _install() -> None:
    if PROGRAM.exists():
        return
    print(f"installing changedetection.io {VERSION}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
    words = ["install", "--quiet", "--disable-pip-version-check", f"changedetection.io=={VERSION}"]
    subprocess.run([str(HOME / "bin" / "pip"), *words], check=True, timeout=900)


def _run(urls: Sequence[str], *, folder: Path, origin: Origin) -> PeerFigures:
    port = next(port for port in PORTS if not is_taken(port))
    child = children.start(
        [str(PROGRAM), "-C", "-d", str(folder / "data"), "-h", LOOPBACK, "-p", str(port)],
        log=folder / "log",
        folder=folder,
        environment=_environment(),
    )
    try:
        _wait(lambda: is_listening(port), child=child, most_s=START_S)
        ask = _Client(port, folder / "data")
        ask.forget_samples()
        served = _fetched(origin)
        ask("POST", "import", body="\n".join(urls).encode(), kind="text/plain")
        # it imports in the background, and its list answers 500 while it does
        _wait(lambda: ask.count() == len(urls), child=child, most_s=START_S)
        ask("GET", "watch?recheck_all=1")
        _wait(lambda: _fetched(origin) - served >= len(urls), child=child, most_s=PASS_S)
        _calm_down(child)
        idle_ms_per_s = _idle_ms_per_s(child)
        if failed := ask("GET", "watch?with_errors=1"):
            raise PeerFailed(f"it could not read {len(failed)} of {len(urls)} pages")
        passes = [_pass(ask, child, origin=origin, pages=len(urls)) for _ in range(PASSES)]
        origin.serve(OTHER_BYTES)
        other_bytes_ms = _pass(ask, child, origin=origin, pages=len(urls))
        return PeerFigures(
            VERSION,
            len(urls),
            tuple(passes),
            other_bytes_ms,
            idle_ms_per_s,
            memory_bytes(child.pid),
        )
    finally:
        children.stop(child, patience_s=20)


def _pass(ask: "_Client", child: "subprocess.Popen[bytes]", *, origin: Origin, pages: int) -> float:
    """Recheck all; return processor milliseconds a page, until it is calm again."""
    before, spent = _fetched(origin), tree_ms(child.pid)
    ask("GET", "watch?recheck_all=1")
    _wait(lambda: _fetched(origin) - before >= pages, child=child, most_s=PASS_S)
    _calm_down(child)
    return (tree_ms(child.pid) - spent) / (_fetched(origin) - before)


def _environment() -> dict[str, str]:
    made = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return made | {
        "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
        "DISABLE_VERSION_CHECK": "true",
        "FETCH_WORKERS": "10",
        "MINIMUM_SECONDS_RECHECK_TIME": "0",
    }


class _Client:
    """Its API, with the key it made for itself."""

    def __init__(self, port: int, data: Path) -> None:
        self._base = f"http://{LOOPBACK}:{port}/api/v1/"
        settings = json.loads((data / "changedetection.json").read_text(encoding="utf-8"))
        self._key = settings["settings"]["application"]["api_access_token"]

    def __call__(
        self, method: str, path: str, *, body: bytes | None = None, kind: str = "application/json"
    ) -> dict[str, object]:
        headers = {"x-api-key": self._key, "Content-Type": kind}
        request = urllib.request.Request(
            self._base + path, data=body, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=300) as answer:
            said = answer.read()
        found = json.loads(said) if said.strip() else {}
        return found if isinstance(found, dict) else {}

    def count(self) -> int | None:
        """Return how many pages it watches; None where it cannot say."""
        try:
            return len(self("GET", "watch"))
        except urllib.error.HTTPError:
            return None

    def forget_samples(self) -> None:
        """Take away the watches it comes with: they lie on the internet."""
        for name in self("GET", "watch"):
            self("DELETE", f"watch/{name}")


def _fetched(origin: Origin) -> int:
    counts = origin.counts()
    return counts["200"] + counts["304"]


def _wait(done: Callable[[], bool], *, child: "subprocess.Popen[bytes]", most_s: float) -> None:
    give_up_at = time.monotonic() + most_s
    while not done():
        if child.poll() is not None:
            raise PeerFailed(f"it ended with code {child.returncode}")
        if time.monotonic() > give_up_at:
            raise PeerFailed(f"it was not done after {most_s:.0f} s")
        time.sleep(LOOK_EVERY_S)


def _calm_down(child: "subprocess.Popen[bytes]") -> None:
    """Wait until what it does after the last fetch is done too."""

    def is_calm() -> bool:
        before = tree_ms(child.pid)
        time.sleep(1)
        return tree_ms(child.pid) - before < BUSY_MS_PER_S

    _wait(is_calm, child=child, most_s=PASS_S)


def _idle_ms_per_s(child: "subprocess.Popen[bytes]") -> float:
    before = tree_ms(child.pid)
    time.sleep(CALM_S)
    return (tree_ms(child.pid) - before) / CALM_S
