"""Ask for pages as a person does, and read what each answer took.

Queries are counted where Django sends them. Buffers are the growth of `pg_stat_database` (hit and
read) over one answer: catalogues, planning and parallel workers included. Processor time is that of
this process and of its PostgreSQL backend (schedstat, nanoseconds), and of parallel workers in
whole ticks, as the server's first process counts what has ended below it.
"""

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client

from benchmarks.cost import TICKS_S
from benchmarks.desk_costs import Cost
from claims.models import Review, User

RUNS, FEW_RUNS, WARM_UP = 20, 5, 2
SLOW_MS = 1_000
NS_S, NS_MS = 1_000_000_000, 1_000_000
BAD = 400
SETTINGS = {"autovacuum": "off", "max_wal_size": "16GB", "checkpoint_timeout": "1h"}
BUFFERS = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"

Ask = Callable[[], HttpResponseBase]


class Meter:
    """Reads what this process's connection to the database costs."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._backend = connection.connection.info.backend_pid
        self._server = int(_state(self._backend)[1])
        address = os.environ["DATABASE_OWNER_URL"].replace("stet_owner@", "postgres@")
        self._observer = psycopg.connect(address, autocommit=True)
        for name, value in SETTINGS.items():
            self._observer.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self._observer.execute("SELECT pg_reload_conf()")
        # for a record's builder: foreign keys are checked for half of its time
        self._observer.execute("GRANT SET ON PARAMETER session_replication_role TO stet_owner")

    def take(self, ask: Ask, cost: Cost) -> None:
        """Ask once, and note what it took.

        Raises:
            RuntimeError: the answer was a refusal.
        """
        queries: list[str] = []

        def count(execute: Any, sql: str, *rest: Any) -> Any:
            queries.append(sql)
            return execute(sql, *rest)

        self._buffers()
        own = -self._buffers() + (before := self._buffers())
        began = self._cpu_ns()
        with connection.execute_wrapper(count):
            answer = ask()
        spent = self._cpu_ns() - began
        if answer.status_code >= BAD:
            raise RuntimeError(f"answered {answer.status_code}: {queries[-1:]}")
        cost.ms.append(spent / NS_MS)
        cost.queries.append(len(queries))
        cost.buffers.append(self._buffers() - before - own)

    def _buffers(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
        row = self._observer.execute(BUFFERS).fetchone()
        return int(row[0]) if row else 0

    def _cpu_ns(self) -> int:
        backend = int(Path(f"/proc/{self._backend}/schedstat").read_text().split()[0])
        ended = sum(int(word) for word in _state(self._server)[13:15])  # cutime, cstime
        return time.process_time_ns() + backend + ended * NS_S // TICKS_S


def _state(process: int) -> list[str]:
    """Return the words of proc_pid_stat(5) after the name, from the third on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(client: Client, addresses: Sequence[str]) -> Iterator[Ask]:
    for address in itertools.cycle(addresses):
        yield lambda address=address: client.get(address, secure=True)  # type: ignore[misc]  # bound now


def post(client: Client, address: str, given: Sequence[Mapping[str, str]]) -> Iterator[Ask]:
    for values in itertools.cycle(given):
        yield lambda values=values: client.post(address, values, secure=True)  # type: ignore[misc]  # bound now


def measure(meter: Meter, asks: Mapping[str, Iterator[Ask]]) -> dict[str, Cost]:
    """Ask for every page often enough, a slow one less often."""
    costs = {}
    for name, ways in asks.items():
        for _ in range(WARM_UP):
            meter.take(next(ways), Cost())
        cost = costs[name] = Cost()
        while len(cost.ms) < (FEW_RUNS if cost.ms and min(cost.ms) > SLOW_MS else RUNS):
            meter.take(next(ways), cost)
        print(
            f"  {name}: {cost.queries[-1]} queries, {cost.usual_buffers} buffers,"
            f" {cost.p95_ms:.0f} ms",
            file=sys.stderr,
            flush=True,
        )
    held = Review.objects.filter(taken_until_at__isnull=False)
    held.filter(ended_at__isnull=True).update(taken_until_at=None, taken_by=None)
    return costs
