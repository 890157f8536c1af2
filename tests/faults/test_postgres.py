"""PostgreSQL stopped in the middle of work, and started again: nobody needs a restart."""

import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from config.services import Postgres
from tests.faults.conftest import PAGES
from tests.faults.watching import Watching, let_leases_run_out, make_all_due
from tests.until import until

DATABASE = "stet_fault"


@pytest.fixture(scope="module")
def postgres(django_db_setup, django_db_blocker) -> Iterator[Postgres]:
    """A durable PostgreSQL of this module's own, in which its tests keep their record."""
    places = [connections[alias].settings_dict for alias in ("default", "owner")]
    before = [dict(place) for place in places]
    with tempfile.TemporaryDirectory(prefix="stet-pg-") as name, django_db_blocker.unblock():
        Path(name).chmod(0o755)
        with Postgres(Path(name)) as running:
            running.make_database(DATABASE)
            connections.close_all()
            for place in places:
                place.update(HOST=str(running.sockets), NAME=DATABASE)
            call_command("migrate", database="owner", verbosity=0)
            yield running
            connections.close_all()
            for place, was in zip(places, before, strict=True):
                place.update(was)


@pytest.fixture(scope="module")
def watching(postgres, own_redis, module_outlet, tmp_path_factory) -> Iterator[Watching]:
    folder = tmp_path_factory.mktemp("watching")
    made = Watching(folder, outlets=[module_outlet], redis_url=own_redis.url)
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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
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
