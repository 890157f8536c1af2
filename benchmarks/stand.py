"""The product as in production, on a private PostgreSQL and Redis, with one fetch worker."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.cost import Spent, spent
from benchmarks.origin import Link
from benchmarks.place import ROOT, manage
from config.processes import Process, from_procfile, venv_environment
from config.services import Postgres, Redis

DATABASE = "bench"
LOOK_EVERY_S = 0.1
# Nothing looked at becomes due again while a measurement lasts.
LATER_S = "86400"
MOST_S = 3600.0
RING_EVERY_S = 30.0
CALM_S = 2.0
CALM_MS = 20.0
INSIDE = "import django; django.setup(); from benchmarks.linked import main; main()"
DUE = "SELECT EXISTS (SELECT FROM claims_watch WHERE due_at <= clock_timestamp())"
MAKE_DUE = """
UPDATE claims_watch w SET due_at = clock_timestamp() FROM claims_source s
WHERE s.id = w.source_id AND s.url LIKE %s
"""
LOOKS = "SELECT coalesce(sum(looks), 0)::bigint FROM claims_watch"
FAILED = """
SELECT run_outcome, count(*) FROM claims_watch
WHERE run_outcome NOT IN ('', 'changed', 'unchanged') GROUP BY 1
"""
TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
"""


class WorkerStuck(RuntimeError):
    """What was due is not done, or the worker has ended."""


class Insider:
    """A process of the product's own that loads and rings; it does nothing while a round runs."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    def load(self, links: Sequence[Link]) -> None:
        """Put pages on record as sources, three quotes each."""
        self._ask({"load": [asdict(link) for link in links]})

    def ring(self) -> None:
        """Send the worker what beat sends."""
        self._ask({"ring": True})

    def _ask(self, question: Mapping[str, object]) -> None:
        assert self._child.stdin and self._child.stdout  # noqa: S101, PT018 - opened with pipes
        self._child.stdin.write(json.dumps(question) + "\n")
        self._child.stdin.flush()
        if not self._child.stdout.readline():
            raise WorkerStuck("the process that loads and rings has ended")


@dataclass(frozen=True, slots=True)
class Stand:
    """The running services and the worker; everything asked here is left out of the costs."""

    environment: Mapping[str, str]
    postgres: Postgres
    redis: Redis
    worker: Process
    insider: Insider
    observer: "psycopg.Connection[tuple[object, ...]]"

    @property
    def snapshots(self) -> Path:
        """The archive's folder."""
        return Path(self.environment["STATE_DIR"]) / "snapshots"

    @property
    def worker_process(self) -> int:
        """Process id of the worker, above its children."""
        return _process(self.worker)

    def spent(self) -> Spent:
        """Return what worker, children, PostgreSQL and Redis have cost so far."""
        return spent(
            worker=self.worker_process,
            postgres=_process(self.postgres),
            redis=_process(self.redis),
            without=[self.observer.info.backend_pid],
        )

    def make_due(self, scheme: str) -> None:
        """Make every source of that scheme due, by one statement."""
        self.observer.execute(MAKE_DUE, [f"{scheme}:%"])

    def is_anything_due(self) -> bool:
        """Return whether a source is due or being looked at."""
        return bool(self.one(DUE))

    def look_at_all_due(self) -> None:
        """Ring as beat does until nothing is due.

        Raises:
            WorkerStuck: the worker ended, or is not done after an hour.
        """
        give_up_at = time.monotonic() + MOST_S
        ring_at = 0.0
        while self.is_anything_due():
            if self.worker.child is None or self.worker.child.poll() is not None:
                raise WorkerStuck(f"the worker ended: see {self.worker.log}")
            if time.monotonic() > give_up_at:
                raise WorkerStuck("sources are still due after an hour")
            if time.monotonic() >= ring_at:
                self.insider.ring()
                ring_at = time.monotonic() + RING_EVERY_S
            time.sleep(LOOK_EVERY_S)

    def warm_up(self) -> None:
        """Ring once with nothing due; wait until the worker has nothing more to do."""
        self.insider.ring()
        calm_since, spent_ms = time.monotonic(), self.spent().total
        while time.monotonic() - calm_since < CALM_S:
            time.sleep(LOOK_EVERY_S)
            now_ms = self.spent().total
            if now_ms - spent_ms > CALM_MS:
                calm_since, spent_ms = time.monotonic(), now_ms

    def flags(self) -> int:
        """Return how many flags are on record."""
        return int(str(self.one("SELECT count(*) FROM claims_flag")))

    def looks(self) -> int:
        """Return how many looks are on record."""
        return int(str(self.one(LOOKS)))

    def failures(self) -> dict[str, int]:
        """Return how many sources could not be read at their last look, by outcome."""
        rows = self.observer.execute(FAILED).fetchall()
        return {str(outcome): int(str(count)) for outcome, count in rows}

    def checkpoint(self) -> None:
        """Write out what is dirty; the next change of a page is logged with all of it."""
        self.observer.execute("CHECKPOINT")

    def vacuum(self) -> None:
        """Tidy up after the loading."""
        self.observer.execute("VACUUM ANALYZE")

    def wal_bytes(self) -> int:
        """Return the position in the write-ahead log, in bytes."""
        return int(str(self.one("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")))

    def rows(self) -> dict[str, int]:
        """Return the number of rows of every table."""
        tables = [str(name) for (name,) in self.observer.execute(TABLES).fetchall()]
        count = sql.SQL("SELECT count(*) FROM {}")
        return {table: int(str(self.one(count.format(sql.Identifier(table))))) for table in tables}

    def disk_bytes(self) -> int:
        """Return what the archive takes on disk, in whole blocks."""
        paths = self.snapshots.rglob("*") if self.snapshots.exists() else ()
        return sum(path.stat().st_blocks * 512 for path in paths if path.is_file())

    def one(self, statement: str | sql.Composed) -> object:
        """Return the one value a statement gives."""
        row = self.observer.execute(statement).fetchone()
        return row[0] if row else None


@contextmanager
def running_stand(authorities: Iterable[str], *, ca_file: Path) -> Iterator[Stand]:
    """Start PostgreSQL, Redis and the Procfile's fetch worker; stop and remove all afterwards.

    Args:
        authorities: the loopback host:port that may be fetched.
        ca_file: whose certificates are trusted.
    """
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="stet-bench-"))
        folder = Path(name)
        folder.chmod(0o755)  # the services run as another user when we are root
        postgres = stack.enter_context(Postgres(folder / "postgres"))
        postgres.make_database(DATABASE)
        redis = stack.enter_context(Redis(folder / "redis"))
        environment = _environment(
            folder, postgres=postgres, redis=redis, authorities=authorities, ca_file=ca_file
        )
        manage(environment, "migrate", "--database=owner", "--verbosity=0")
        manage(environment, "check", "--fail-level=ERROR")
        observer = psycopg.connect(
            postgres.url(role="postgres", database=DATABASE), autocommit=True
        )
        stack.callback(observer.close)
        worker = _fetch_worker(folder, environment)
        stack.callback(worker.stop)
        insider = stack.enter_context(running_insider(environment))
        yield Stand(environment, postgres, redis, worker, insider, observer)


@contextmanager
def running_insider(environment: Mapping[str, str]) -> Iterator[Insider]:
    """Start what loads and rings; it ends with the block, and with us."""
    with subprocess.Popen(
        [sys.executable, "-c", INSIDE],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        yield Insider(child)


def _environment(
    folder: Path,
    *,
    postgres: Postgres,
    redis: Redis,
    authorities: Iterable[str],
    ca_file: Path,
) -> dict[str, str]:
    made = os.environ | {
        "DEBUG": "0",
        # the only mode in which production lets loopback addresses be named
        "DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "STATE_DIR": str(folder),
        "SNAPSHOT_DIR": str(folder / "snapshots"),
        "DATABASE_URL": postgres.url(role="stet_app", database=DATABASE),
        "DATABASE_OWNER_URL": postgres.url(role="stet_owner", database=DATABASE),
        "REDIS_URL": redis.url,
        "FETCH_ALLOW_PRIVATE": ",".join(authorities),
        "FETCH_PAUSE_S": "0",
        "WATCH_FIRST_INTERVAL_S": LATER_S,
        "WATCH_MIN_INTERVAL_S": LATER_S,
        "SSL_CERT_FILE": str(ca_file),
    }
    return venv_environment(made, programs=Path(sys.executable).parent)


def _fetch_worker(folder: Path, environment: Mapping[str, str]) -> Process:
    found = from_procfile(ROOT / "Procfile", logs=folder, environment=environment)
    return next(process for process in found if process.name == "fetch")


def _process(started: Process | Postgres | Redis) -> int:
    if started.child is None:
        raise WorkerStuck(f"{started.name} does not run")
    return started.child.pid
