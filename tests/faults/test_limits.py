"""A worker whose clock is a year off, one with no descriptors left, and thousands due at once."""

import re
import resource
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from claims.models import Host, Source, Watch
from claims.services.leases import lease
from claims.services.ledger import clock
from claims.types import LeasedWatch
from config.processes import Process
from tests.faults.invariants import assert_each_edition_had_its_effect_once
from tests.faults.watching import LONG_AGO, let_leases_run_out, make_all_due, make_rows
from tests.until import until

A_YEAR_OFF = (
    "import sys, datetime, time_machine; "
    "now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days={days}); "
    "time_machine.travel(now, tick=True).start(); "
    "from celery.__main__ import main; sys.exit(main())"
)
TROUBLE = re.compile(r"raised unexpected|Connection to broker lost|\"event\": \"round\"")


@pytest.fixture
def worker_and_beat(watching):
    """Start the fetch worker and beat in a Python that first runs a line of ours."""
    started: list[Process] = []

    def start(line: str, *names: str) -> list[Process]:
        watching.kill("fetch")
        for given in watching.processes():
            if given.name in names:
                words = [word for word in given.command if word != "env"]
                words = [word for word in words if not word.startswith("STATEMENT")]
                command = [sys.executable, "-c", line, *words[1:]]
                started.append(
                    Process(
                        f"odd-{given.name}",
                        command,
                        logs=watching.places.logs,
                        environment=watching.environment,
                    )
                )
                watching.supervisor.add(started[-1])
        return started

    yield start
    for process in started:
        watching.supervisor.members.remove(process)
        process.stop()
    if watching.process("fetch").child.poll() is not None:
        watching.process("fetch").start()


@pytest.mark.parametrize("days", [pytest.param(-365, marks=pytest.mark.long), 365])
def test_a_worker_whose_clock_is_a_year_off_changes_nothing(
    worker_and_beat, watching, outlet, cast, days
):
    make_rows(cast, outlet, numbers=range(3))
    worker_and_beat(A_YEAR_OFF.format(days=days), "fetch")
    watching.look_at_all()
    outlet.publish(1)
    watching.look_at_all()
    now = clock()
    for watch in Watch.objects.all():
        assert watch.last_looked_at
        assert watch.due_at
        assert now - timedelta(minutes=2) < watch.last_looked_at <= now
        assert timedelta(0) < watch.due_at - now < timedelta(hours=2)
    assert_each_edition_had_its_effect_once(outlet, range(3))
    watching.assert_whole()


def test_a_beat_whose_clock_is_a_year_behind_rings_all_the_same(
    worker_and_beat, watching, outlet, cast
):
    make_rows(cast, outlet, numbers=range(3))
    worker_and_beat(A_YEAR_OFF.format(days=-365), "beat")
    watching.process("fetch").start()
    until(lambda: not Watch.objects.filter(looks=0).exists())
    watching.assert_whole()


@pytest.mark.parametrize("left", [0, 2, 4])
def test_a_worker_out_of_descriptors_lives_and_looks_again_when_it_has_some(
    watching, outlet, cast, left
):
    make_rows(cast, outlet, numbers=range(10))
    watching.look_at_all()
    with watching.unharmed():
        worker = watching.process("fetch").child.pid
        _, most = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        few = len(list(Path(f"/proc/{worker}/fd").iterdir())) + left
        for number in range(10):
            outlet.publish(number)
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (few, most))
        make_all_due()
        watching.ring()
        until(lambda: TROUBLE.search(watching.new_lines("fetch")))
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (most, most))
        let_leases_run_out()
        watching.look_at_all()
    assert_each_edition_had_its_effect_once(outlet, range(10))
    watching.assert_whole()


def test_thousands_due_at_once_are_taken_in_bounded_batches_fair_to_every_host(committed_db):
    hosts = [Host.objects.create(authority=f"h{number}.example.org") for number in range(4)]
    sources = Source.objects.bulk_create(
        Source(reference=f"SO-{number:06d}", url=f"https://h.example.org/{number}")
        for number in range(2000)
    )
    # The first host has nearly all of it, and all of that is older.
    Watch.objects.bulk_create(
        Watch(
            source=source,
            host=hosts[0] if place < 1970 else hosts[1 + place % 3],
            due_at=LONG_AGO + timedelta(seconds=place),
        )
        for place, source in enumerate(sources)
    )
    taken = [lease_politely() for _ in range(3)]
    assert [len(batch) for batch in taken] == [1, 3, 0]
    assert Watch.objects.filter(lease_token__isnull=False).values("host").distinct().count() == 4


def lease_politely() -> list[LeasedWatch]:
    minutes = timedelta(minutes=3)
    return lease(100, lease_for=minutes, pause=timedelta(seconds=60), per_host=1)
