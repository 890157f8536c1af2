"""Killable children: what they hold, what they may do, and that nothing survives them."""

import os
import select
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from verifier.child import ROOT, ChildLimits, Children
from verifier.child.serving import TIDY_EVERY
from verifier.errors import ExtractFailed, ExtractTimeout

MODULE = "tests.verifier.child_jobs"
LIMITS = ChildLimits(wall_s=20, cpu_s=10)


@pytest.fixture
def children():
    with Children(MODULE, limits=LIMITS) as pool:
        yield pool


def submit(pool, job, *, raw=b"", read=dict, **message):
    return pool.submit(job, message=message, raw=raw, read=read)


def run(pool, job, **asked):
    return submit(pool, job, **asked).result()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_gets_json_and_bytes_and_answers_json(children):
    raw = bytes(range(256)) * 40_000
    assert run(children, "told", raw=raw, a=[1, "ü"]) == {
        "message": {"a": [1, "ü"]},
        "size": len(raw),
    }


def test_a_child_has_no_environment_no_descriptors_and_limits(children, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    with socket.socket() as held:
        os.set_inheritable(held.fileno(), True)
        found = run(children, "surroundings")
    # Python itself sets the one variable, for its own UTF-8 mode.
    assert set(found["environment"]) <= {"LC_CTYPE"}
    assert found["descriptors"] == []
    assert not found["path_has_folder"]
    assert (found["memory_bytes"], found["file_bytes"]) == (LIMITS.memory_bytes, 0)


@pytest.mark.parametrize("job", ["hang", "answer_garbage"])
def test_a_child_that_hangs_is_killed_at_the_wall_clock_limit(job):
    with Children(MODULE, limits=ChildLimits(wall_s=1)) as pool:
        pid = run(pool, "pid")["pid"]
        with pytest.raises((ExtractTimeout, ExtractFailed)):
            run(pool, job)
        assert not is_alive(pid)


def test_a_child_that_computes_for_ever_is_killed_by_its_processor_time():
    limits = ChildLimits(wall_s=30, cpu_s=1)
    with Children(MODULE, limits=limits) as pool, pytest.raises(ExtractFailed):
        run(pool, "spin")


def test_processor_time_is_counted_for_each_job_anew():
    with Children(MODULE, limits=ChildLimits(wall_s=30, cpu_s=1)) as pool:
        pids = {run(pool, "pid")["pid"] for _ in range(50)}
    assert len(pids) == 1


@pytest.mark.parametrize(
    "job", ["swallow_memory", "crash", "leave", "stumble", "answer_no_json", "no_such_job"]
)
def test_a_job_that_fails_is_told_and_the_next_one_works(children, job):
    with pytest.raises(ExtractFailed):
        run(children, job)
    assert run(children, "told")["size"] == 0


def test_an_error_names_its_kind_and_place_and_not_the_page(children):
    with pytest.raises(ExtractFailed, match=r"ZeroDivisionError at child_jobs.py:\d+"):
        run(children, "stumble")


def test_what_a_library_prints_is_no_answer(children):
    assert run(children, "print_garbage") == {"printed": True}


def test_an_answer_that_cannot_be_read_is_a_failure(children):
    def refuse(_data):
        raise ValueError("not what was asked for")

    with pytest.raises(ExtractFailed):
        run(children, "told", read=refuse)


def test_a_child_cannot_write_a_file(children, tmp_path):
    path = tmp_path / "written"
    with pytest.raises(ExtractFailed):
        run(children, "write_a_file", path=str(path))
    assert not path.exists() or path.read_bytes() == b""


def test_a_child_is_replaced_after_its_number_of_jobs():
    with Children(MODULE, limits=replace(LIMITS, jobs=2)) as pool:
        pids = [run(pool, "pid")["pid"] for _ in range(5)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 1]
    assert not any(is_alive(pid) for pid in pids)


def test_a_child_that_has_grown_is_replaced_when_it_next_tidies_up():
    with Children(MODULE, limits=replace(LIMITS, grown_bytes=1)) as pool:
        pids = [run(pool, "pid")["pid"] for _ in range(TIDY_EVERY + 3)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [TIDY_EVERY, 3]


def test_what_refers_to_itself_is_collected():
    with Children(MODULE, limits=replace(LIMITS, memory_bytes=256 * 2**20)) as pool:
        pids = {run(pool, "tie_a_knot", size_bytes=2 * 2**20)["pid"] for _ in range(6 * TIDY_EVERY)}
    assert len(pids) == 1


@pytest.mark.parametrize("text", ["정정 \U0001f600", "lone \ud800 surrogate", '"\\\x00\u2028'])
def test_any_text_passes_both_ways(children, text):
    assert run(children, "told", text=text)["message"]["text"] == text


def test_jobs_sent_ahead_are_answered_in_their_order(children):
    asked = [submit(children, "told", n=n) for n in range(20)]
    assert [job.result()["message"]["n"] for job in asked] == list(range(20))


def test_pages_that_do_not_fit_into_the_pipe_wait_for_room(children):
    raw = bytes(3 * 2**20)
    asked = [submit(children, "told", raw=raw) for _ in range(6)]
    assert [job.result()["size"] for job in asked] == [len(raw)] * 6


@pytest.mark.parametrize("job", ["crash", "hang"])
def test_a_job_that_ends_its_child_fails_alone(job):
    with Children(MODULE, limits=ChildLimits(wall_s=1)) as pool:
        asked = [submit(pool, name) for name in ("pid", job, "pid", "pid")]
        before, *after = (asked[place].result()["pid"] for place in (0, 2, 3))
        with pytest.raises((ExtractTimeout, ExtractFailed)):
            asked[1].result()
    assert len(set(after)) == 1
    assert before not in after


def test_jobs_under_way_are_spread_over_the_children():
    with Children(MODULE, size=2, limits=LIMITS) as pool:
        asked = [submit(pool, "pid") for _ in range(8)]
        pids = [job.result()["pid"] for job in asked]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [4, 4]


def test_a_child_sent_its_last_jobs_ends_when_it_has_answered_them():
    with Children(MODULE, limits=replace(LIMITS, jobs=2)) as pool:
        asked = [submit(pool, "pid") for _ in range(5)]
        pids = [job.result()["pid"] for job in asked]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 1]


def test_closing_lets_the_jobs_under_way_end():
    with Children(MODULE, limits=LIMITS) as pool:
        asked = [submit(pool, "told", n=n) for n in range(9)]
    assert [job.result()["message"]["n"] for job in asked] == list(range(9))


def test_a_job_is_done_once_its_answer_has_come(children):
    first, second = submit(children, "told"), submit(children, "told")
    assert second.result()["size"] == 0
    assert first.done()


def test_a_child_dies_with_a_worker_that_is_killed():
    program = f"""
import sys, time
from verifier.child import Children
pool = Children({MODULE!r})
print(pool.submit("pid", message={{}}, raw=b"", read=dict).result()["pid"], flush=True)
pool.submit("hang", message={{}}, raw=b"", read=dict)
time.sleep(60)
"""
    worker = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert worker.stdout
    with worker.stdout:
        pid = int(worker.stdout.readline())
        worker.kill()
        worker.wait()
    assert has_ended(pid, within_s=20)


def has_ended(pid: int, *, within_s: float) -> bool:
    """Wait for a process that is not our child to end, by a descriptor of it (Linux 5.3)."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], within_s)[0])
    finally:
        os.close(process)


@pytest.mark.timeout(30)
def test_closing_again_does_nothing():
    pool = Children(MODULE, limits=LIMITS)
    run(pool, "told")
    pool.close()
    pool.close()
