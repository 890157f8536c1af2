"""PostgreSQL cuts sessions, refuses connections or writes, waits for locks, or loses a COMMIT."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from claims.models import LedgerEntry, Snapshot, Watch
from config.processes import Process
from tests.faults.conftest import PAGES
from tests.faults.database import altered, cut_busy_sessions, locked, somebody_waits
from tests.faults.invariants import assert_each_edition_had_its_effect_once
from tests.faults.visitor import Answer, Visitor
from tests.faults.watching import is_leased, let_leases_run_out, make_all_due, make_rows
from tests.faults.wire import Wire
from tests.until import until

LEDGER = "claims_ledgerentry"


def look_path(row) -> str:
    return f"/admin/claims/source/{row.source.reference}/look/"


def assert_told_to_try_again(answer: Answer) -> None:
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


def test_a_session_cut_while_recording_costs_one_look(whole, rows, outlet):
    with whole.unharmed():
        with locked(LEDGER):
            outlet.publish(0)
            make_all_due()
            until(somebody_waits)
            assert cut_busy_sessions()
            until(lambda: "raised unexpected" in whole.new_lines("fetch"))
        assert Snapshot.objects.filter(source__url=outlet.url(0)).count() == 1
        let_leases_run_out()
        until(lambda: Snapshot.objects.filter(source__url=outlet.url(0)).count() == 2)
        outlet.publish(1)
        whole.look_at_all()
    assert_each_edition_had_its_effect_once(outlet, PAGES)
    whole.assert_whole()


def test_a_session_cut_in_a_persons_request_changes_nothing_and_a_retry_works(whole, ada, rows):
    entries, due = LedgerEntry.objects.count(), Watch.objects.get(source=rows[0].source).due_at
    with ThreadPoolExecutor(1) as hand, locked("claims_watch"):
        answer = hand.submit(ada.post, look_path(rows[0]))
        until(somebody_waits)
        assert cut_busy_sessions()
        assert_told_to_try_again(answer.result())
    watch = Watch.objects.get(source=rows[0].source)
    assert (LedgerEntry.objects.count(), watch.due_at) == (entries, due)
    assert ada.post(look_path(rows[0])).status == 302


def test_a_lock_held_too_long_ends_the_request_and_not_the_web(whole, ada, cast, rows):
    patient = Visitor(whole.url, patience_s=20)
    patient.headers = ada.headers
    with locked("claims_watch"):
        assert_told_to_try_again(patient.post(look_path(rows[0])))
    assert ada.post(look_path(rows[0])).status == 302


def test_no_connection_left_is_said_at_once_at_every_door(whole, ada, system, rows, outlet):
    with whole.unharmed():
        with altered("CONNECTION LIMIT 0", undo="CONNECTION LIMIT -1"):
            for answer in (ada.get("/"), ada.get("/admin/"), system.get("/api/v1/claims/")):
                assert_told_to_try_again(answer)
            assert answer.headers["Content-Type"] == "application/problem+json"
            health = Visitor(whole.url).get("/healthz")
            assert (health.status, health.json()["database"]) == (503, "no connection left")
            until(lambda: "raised unexpected" in whole.new_lines("fetch"))
        whole.assert_goes_on(outlet, PAGES)


def test_a_read_only_database_is_never_said_to_have_taken_a_change(whole, ada, rows, outlet):
    entries = LedgerEntry.objects.count()
    words = ("SET default_transaction_read_only = on", "RESET default_transaction_read_only")
    with whole.unharmed():
        with altered(words[0], undo=words[1]):
            assert ada.post(look_path(rows[0])).status == 503
            health = Visitor(whole.url).get("/healthz")
            assert (health.status, health.json()["database"]) == (200, "read-only")
            until(lambda: "raised unexpected" in whole.new_lines("fetch"))
        assert LedgerEntry.objects.count() == entries
        whole.assert_goes_on(outlet, PAGES)


@pytest.fixture
def wire(watching, tmp_path):
    """The fetch worker on a wire of its own to PostgreSQL; nobody else rings or looks."""
    made = Wire(tmp_path, server=Path(settings.DATABASES["default"]["HOST"]))
    url = f"postgresql://stet_app@/{settings.DATABASES['default']['NAME']}?host={tmp_path}"
    fetch = watching.process("fetch")
    worker = Process(
        "wired",
        fetch.command,
        logs=watching.places.logs,
        environment={**watching.environment, "DATABASE_URL": url},
    )
    for name in ("fetch", "beat"):
        if watching.has(name):
            watching.kill(name)
    watching.supervisor.add(worker)
    yield made
    watching.supervisor.members.remove(worker)
    worker.stop()
    made.close()
    for name in ("fetch", "beat"):
        if watching.has(name):
            watching.process(name).start()


@pytest.mark.parametrize(("when", "is_recorded"), [("after", True), ("before", False)])
def test_a_connection_lost_at_commit_leaves_the_lease_to_decide(
    wire, watching, outlet, cast, when, is_recorded
):
    make_rows(cast, outlet, numbers=[0])
    watching.look_at_all()
    outlet.publish(0)
    hold = outlet.hold(0)
    make_all_due()
    watching.ring()
    assert hold.asked.wait(60)
    wire.break_at_commit(when)
    hold.go.set()
    assert wire.broken.wait(60)
    wire.mend()
    until(lambda: "raised unexpected" in watching.log("wired"))
    source = Snapshot.objects.filter(source__url=outlet.url(0))
    assert (source.count() == 2) == is_recorded
    let_leases_run_out()
    watching.look_at_all()
    assert not is_leased()
    assert_each_edition_had_its_effect_once(outlet, [0])
    watching.assert_whole()
