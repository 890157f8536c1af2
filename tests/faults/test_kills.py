"""kill -9 at every point of a round: afterwards nothing is lost and nothing recorded twice."""

import os
import signal

import pytest

from claims.models import Snapshot, Watch
from claims.states import Outcome
from tests.faults.database import locked, somebody_waits
from tests.faults.invariants import assert_each_edition_had_its_effect_once
from tests.faults.watching import (
    children_of,
    is_leased,
    let_leases_run_out,
    make_all_due,
    make_rows,
)
from tests.setup.waiting import all_ended
from tests.until import until

PATIENCE_S = 10


@pytest.fixture
def pages(cast, outlet) -> range:
    """Numbers of the linked pages; nobody has looked at them yet."""
    numbers = range(4)
    make_rows(cast, outlet, numbers=numbers)
    return numbers


def start_again_and_finish(watching, outlet, pages) -> None:
    """Start the killed worker, and assert that every edition ends up recorded once."""
    watching.process("fetch").start()
    let_leases_run_out()
    watching.ring()
    until(lambda: not Watch.objects.filter(looks=0).exists())
    assert_whole_after_one_more_edition(watching, outlet, pages)


def assert_whole_after_one_more_edition(watching, outlet, pages) -> None:
    for number in pages:
        outlet.publish(number)
    watching.look_at_all()
    assert_each_edition_had_its_effect_once(outlet, pages)
    watching.assert_whole()


def test_a_worker_killed_before_it_has_leased(watching, outlet, pages):
    with locked("claims_host"):
        watching.ring()
        until(somebody_waits)
        watching.kill("fetch")
    assert not is_leased()
    start_again_and_finish(watching, outlet, pages)


def test_a_worker_killed_in_the_middle_of_a_page(watching, outlet, pages):
    hold = outlet.hold(2)
    watching.ring()
    assert hold.asked.wait(60)
    assert is_leased()
    watching.kill("fetch")
    hold.go.set()
    start_again_and_finish(watching, outlet, pages)


def test_a_worker_killed_between_looking_and_recording(watching, outlet, pages):
    with locked("claims_claim"):
        watching.ring()
        until(somebody_waits)
        watching.kill("fetch")
    assert not Snapshot.objects.exists()
    start_again_and_finish(watching, outlet, pages)


def test_a_worker_killed_in_the_middle_of_recording(watching, outlet, pages):
    with locked("claims_ledgerentry"):
        watching.ring()
        until(somebody_waits)
        watching.kill("fetch")
    assert not Snapshot.objects.exists()
    start_again_and_finish(watching, outlet, pages)


def test_a_worker_killed_after_the_commit_and_before_it_acknowledged_the_ring(
    watching, outlet, pages
):
    hold = outlet.hold(0)
    watching.ring()
    assert hold.asked.wait(60)
    with locked("claims_host"):  # the next lease will wait
        hold.go.set()
        until(lambda: not Watch.objects.filter(looks=0).exists() and somebody_waits())
        watching.kill("fetch")
    start_again_and_finish(watching, outlet, pages)


def test_a_killed_child_costs_one_look_and_no_worker(watching, outlet, cast):
    make_rows(cast, outlet, numbers=[20])
    watching.look_at_all()
    children = children_of(watching.process("fetch").child.pid)
    for child in children:
        os.kill(child, signal.SIGSTOP)
    outlet.publish(20)
    make_all_due()
    watching.ring()
    until(lambda: outlet.answered["/20"] == 2)  # the page is there, and nobody reads it
    for child in children:
        os.kill(child, signal.SIGKILL)
    until(lambda: Watch.objects.get().looks == 2)
    assert Watch.objects.get().run_outcome == Outcome.EXTRACT_FAILED
    assert watching.process("fetch").child.poll() is None
    watching.look_at_all()
    assert_each_edition_had_its_effect_once(outlet, [20])
    watching.assert_whole()


def test_a_child_dies_with_its_worker(watching, outlet, pages):
    watching.look_at_all()
    children = children_of(watching.process("fetch").child.pid)
    watching.kill("fetch")
    assert children
    assert all_ended(children)
    start_again_and_finish(watching, outlet, pages)


def test_a_page_that_kills_the_worker_three_times_is_left_alone_and_said_to(watching, outlet, cast):
    make_rows(cast, outlet, numbers=[7])
    for _ in range(3):
        hold = outlet.hold(7)
        watching.ring()
        assert hold.asked.wait(60)
        watching.kill("fetch")
        hold.go.set()
        watching.process("fetch").start()
        let_leases_run_out()
    watching.ring()
    until(lambda: Watch.objects.get().looks)
    watch = Watch.objects.get()
    assert (watch.run_outcome, watch.attempts, outlet.asked["/7"]) == (Outcome.WORKER_DIED, 0, 3)
    watching.assert_whole()
    watching.look_at_all()  # not for ever: at its next turn it is looked at again
    assert outlet.asked["/7"] == 4
    watching.assert_whole()


def test_a_worker_told_to_end_finishes_its_round_first(watching, outlet, pages):
    fetch = watching.process("fetch").child
    hold = outlet.hold(1)
    watching.ring()
    assert hold.asked.wait(60)
    fetch.terminate()
    hold.go.set()
    assert fetch.wait(PATIENCE_S) == 0
    assert not is_leased()
    assert not Watch.objects.filter(looks=0).exists()
    watching.process("fetch").start()
    assert_whole_after_one_more_edition(watching, outlet, pages)
