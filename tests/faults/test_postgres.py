"""PostgreSQL stopped in the middle of work, and started again: nobody needs a restart."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from config.services import Postgres, Redis
from tests.databases import TEMPLATE, at_database
from tests.faults.conftest import PAGES, further_redis
from tests.faults.watching import Watching, let_leases_run_out, make_all_due
from tests.until import until

DATABASE = "stet_fault"


@pytest.fixture(scope="module")
def postgres(django_db_setup, django_db_blocker) -> Iterator[Postgres]:
    """A durable PostgreSQL of this module's own, in which its tests keep their record."""
    server = settings.DATABASES["default"]["HOST"]
    with tempfile.TemporaryDirectory(prefix="stet-pg-") as name, django_db_blocker.unblock():
        Path(name).chmod(0o755)
        with Postgres(Path(name)) as running:
            running.make_database(DATABASE)
            copy_tables(running, server=server)
            with at_database(DATABASE, host=str(running.sockets)):
                yield running


def copy_tables(running: Postgres, *, server: str) -> None:
    """Give it the tables of the migrated database on another server."""
    programs = running.programs()
    dump = [str(programs / "pg_dump"), "--host", server, "--username", "postgres", TEMPLATE]
    tables = subprocess.run(dump, capture_output=True, check=True).stdout
    url = running.url(role="postgres", database=DATABASE)
    load = [
        str(programs / "psql"),
        "--quiet",
        "--set",
        "ON_ERROR_STOP=1",
        "--output",
        os.devnull,
        url,
    ]
    subprocess.run(load, input=tables, check=True)


@pytest.fixture(scope="module")
def own_redis() -> Iterator[Redis]:
    """Another than the room's, where a worker on the other PostgreSQL takes the rings."""
    with further_redis() as running:
        yield running


@pytest.fixture(scope="module")
def watching(postgres, own_redis, one_outlet, tmp_path_factory) -> Iterator[Watching]:
    folder = tmp_path_factory.mktemp("watching")
    made = Watching(folder, outlets=[one_outlet], redis_url=own_redis.url)
    for name, role in (("DATABASE_URL", "stet_app"), ("DATABASE_OWNER_URL", "stet_owner")):
        made.environment[name] = postgres.url(role=role, database=DATABASE)
    try:
        made.start("fetch")
        yield made
    finally:
        made.supervisor.stop()


def end(postgres: Postgres, how: signal.Signals) -> None:
    connections.close_all()
    postgres.child.send_signal(how)
    postgres.child.wait()


def assert_everybody_is_told_to_come_back(ada, system) -> None:
    for answer in (ada.get("/"), ada.get("/admin/"), system.get("/api/v1/claims/")):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["status"] == 503
    health = system.get("/healthz")
    assert (health.status, health.json()["database"]) == (503, "down")


@pytest.mark.parametrize(
    "how", [signal.SIGINT, pytest.param(signal.SIGQUIT, marks=pytest.mark.long), signal.SIGKILL]
)
def test_a_stopped_postgres_is_waited_for_and_found_whole(
    whole, ada, system, rows, outlet, postgres, how
):
    hold = outlet.hold(0)
    with whole.unharmed():
        make_all_due()
        assert hold.asked.wait(60)
        end(postgres, how)  # fast, immediate, and worse: the last two recover from the log
        assert_everybody_is_told_to_come_back(ada, system)
        hold.go.set()  # what was read can be written nowhere
        until(lambda: whole.new_lines("fetch").count("raised unexpected") >= 3)
        postgres.start()
        let_leases_run_out()
        whole.assert_goes_on(outlet, PAGES)
    assert ada.get("/").status == 200


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_minute_without_postgres_is_no_busy_loop(whole, ada, system, rows, outlet, postgres):
    with whole.unharmed():
        end(postgres, signal.SIGINT)
        threading.Event().wait(60)
        assert_everybody_is_told_to_come_back(ada, system)
        postgres.start()
        whole.assert_goes_on(outlet, PAGES)
