"""What an answer of the API costs, against a view that does nothing behind the same door."""

import argparse
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.api_load import Question, ask, once
from benchmarks.cost import tree_ms
from benchmarks.place import ROOT, manage, private_database
from config.ports import answers_well, is_taken
from config.processes import Process, from_procfile, venv_environment
from config.services import Redis

REQUESTS = 400
WARM_UP = 60
ROUNDS = 7
CLAIMS = 10_000
CALM_S = 0.3
STARTS_WITHIN_S = 60
CASES = ("bare", "nothing", "304", "list", "feed", "stock")
LABELS = {
    "bare": "nothing, behind the middleware alone",
    "nothing": "nothing, behind token check and throttle too",
    "304": "304 to who holds the list",
    "list": "list of 50 claims",
    "feed": "change feed, 100 entries",
    "stock": "the same list as a stock ModelSerializer, cursor pagination",
}
PATHS = {
    "bare": "/bare/",
    "nothing": "/api/v1/nothing/",
    "304": "/api/v1/claims/",
    "list": "/api/v1/claims/",
    "feed": "/api/v1/changes/?after=1000&limit=100",
    "stock": "/api/v1/stock/",
}
NOTHING_MS = 2.2
TIMES_NOTHING = {"304": 1.5, "list": 3.0, "feed": 3.5}
STOCK_TIMES_LIST = 5.0
TOKENS = """
import django, json, sys; django.setup()
from claims.access import actor_of
from claims.models import Desk, User
from claims.services.people import add_person, issue_token, set_membership
from claims.states import ActorKind, Role, Scope
from claims.types import Actor
setup = Actor(kind=ActorKind.IMPORT, name="the measurement", is_administrator=True)
desk = Desk.objects.get(slug="scale")
user = add_person(setup, username="poller", name="Poller One", password="{password}")
set_membership(setup, user=user, desk=desk, role=Role.READER)
actor = actor_of(user)
told = [
    issue_token(actor, name=f"poller {{n}}", user=user, desk=desk,
                scopes=(Scope.CLAIMS_READ,), days=9)[1]
    for n in range({count})
]
print(json.dumps(told))
"""


@dataclass(frozen=True, slots=True)
class Stand:
    """The running web process and the database behind it."""

    port: int
    web: int
    postgres: int

    def spent_ms(self) -> tuple[float, float]:
        """Return processor milliseconds so far of the web's tree and of PostgreSQL's."""
        return tree_ms(self.web), tree_ms(self.postgres)


def main() -> None:
    """Measure every case round by round, so that a busy minute meets all of them."""
    parser = argparse.ArgumentParser(prog="api")
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    wanted = parser.parse_args()
    costs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    sizes: dict[str, int] = {}
    with private_database() as place:
        print(manage(place, "load_scale", "--claims", str(wanted.claims)), flush=True)
        tokens = iter(_tokens(place, count=len(CASES) * (wanted.rounds + 1)))
        with running_web(place) as stand:
            for number in range(wanted.rounds + 1):
                for case in CASES:
                    question = _question(stand, case, token=next(tokens))
                    times = wanted.requests if number else WARM_UP
                    cost, size = _cost(stand, question, times=times)
                    if number:
                        costs[case].append(cost)
                        sizes[case] = size
    _show(costs, sizes)


def _cost(stand: Stand, question: Question, *, times: int) -> tuple[tuple[float, float], int]:
    ask(stand.port, question, times=2)  # the token's first use is written down
    time.sleep(CALM_S)
    before = stand.spent_ms()
    size = ask(stand.port, question, times=times)
    after = stand.spent_ms()
    web, postgres = ((late - early) / times for late, early in zip(after, before, strict=True))
    return (web, postgres), size


def _question(stand: Stand, case: str, *, token: str) -> Question:
    headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}
    if case == "bare":
        return Question(PATHS[case], headers)
    headers["Authorization"] = f"Bearer {token}"
    question = Question(PATHS[case], headers)
    if case != "304":
        return question
    tag = once(stand.port, question).headers["ETag"]
    return Question(PATHS[case], headers | {"If-None-Match": tag}, status=304)


def _tokens(place: Mapping[str, str], *, count: int) -> list[str]:
    script = TOKENS.format(password=secrets.token_urlsafe(20), count=count)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**place, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


@contextmanager
def running_web(place: Mapping[str, str]) -> Iterator[Stand]:
    """Start Redis and the Procfile's web process with production settings; stop both afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stet-bench-")))
        folder.chmod(0o755)  # Redis runs as another user when we are root
        redis = stack.enter_context(Redis(folder / "redis"))
        port = next(number for number in range(8700, 8800) if not is_taken(number))
        environment = venv_environment(
            {
                **place,
                "DEBUG": "0",
                "SECRET_KEY": secrets.token_hex(32),
                "ALLOWED_HOSTS": "127.0.0.1",
                "BEHIND_TRUSTED_PROXY": "1",
                "DJANGO_SETTINGS_MODULE": "benchmarks.api_settings",
                "REDIS_URL": redis.url,
                "PORT": str(port),
            },
            programs=Path(sys.executable).parent,
        )
        web = _web(folder, environment)
        web.start()
        stack.callback(web.stop)
        _wait_for(web, port)
        assert web.child is not None  # noqa: S101 - just started
        yield Stand(port, web.child.pid, _server_of(place))


def _web(folder: Path, environment: Mapping[str, str]) -> Process:
    found = from_procfile(ROOT / "Procfile", logs=folder, environment=environment)
    return next(process for process in found if process.name == "web")


def _wait_for(web: Process, port: int) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN_S
    while not answers_well(port, "/healthz"):
        if time.monotonic() > give_up_at:
            raise RuntimeError(web.log.read_text(encoding="utf-8"))
        time.sleep(0.1)


def _server_of(place: Mapping[str, str]) -> int:
    """Return the process id of the database's first process, from the file it keeps."""
    (found,) = Path(place["STATE_DIR"]).rglob("postmaster.pid")
    return int(found.read_text().split()[0])


def _show(costs: Mapping[str, list[tuple[float, float]]], sizes: Mapping[str, int]) -> None:
    heads = ("what", "bytes", "web ms", "PostgreSQL ms", "CPU ms", "x nothing", "asked", "met")
    table = Table(*heads, box=box.MARKDOWN)
    total = {case: statistics.median(web + pg for web, pg in costs[case]) for case in CASES}
    for case in CASES:
        parts = (statistics.median(part) for part in zip(*costs[case], strict=True))
        spread = sorted(web + pg for web, pg in costs[case])
        asked, is_met = _asked(case, total)
        table.add_row(
            LABELS[case],
            f"{sizes[case]:,}",
            *(f"{part:.2f}" for part in parts),
            f"{total[case]:.2f} ({spread[0]:.2f} to {spread[-1]:.2f})",
            f"{total[case] / total['nothing']:.2f}",
            asked,
            {True: "yes", False: "NO", None: ""}[is_met],
        )
    Console(width=200, soft_wrap=True).print(table)


def _asked(case: str, total: Mapping[str, float]) -> tuple[str, bool | None]:
    """Return what is asked of a case, in words, and whether it is met."""
    if case == "nothing":
        return f"{NOTHING_MS} ms", total[case] <= NOTHING_MS
    if case in TIMES_NOTHING:
        limit = TIMES_NOTHING[case]
        return f"{limit} x nothing", total[case] <= limit * total["nothing"]
    if case == "stock":
        times = total[case] / total["list"]
        return f"{STOCK_TIMES_LIST:g} x our list: {times:.1f}", times >= STOCK_TIMES_LIST
    return "", None


if __name__ == "__main__":
    main()
