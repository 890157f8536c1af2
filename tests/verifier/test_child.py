"""Killable children: what they hold, what they may do, and that nothing survives them."""

import os
import select
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
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


def run(pool, job, *, raw=b"", read=dict, **message):
    return pool.submit(job, message=message, raw=raw, read=read).result()


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


def test_many_threads_share_a_pool():
    with Children(MODULE, size=2, limits=LIMITS) as pool, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: run(pool, "told", n=n)["message"]["n"], range(40)))
        pids = set(threads.map(lambda _: run(pool, "pid")["pid"], range(20)))
    assert found == list(range(40))
    assert len(pids) <= 2


def test_a_child_outlives_the_thread_that_asked_first(children):
    first: list[int] = []
    asking = threading.Thread(target=lambda: first.append(run(children, "pid")["pid"]))
    asking.start()
    asking.join()
    assert run(children, "pid")["pid"] == first[0]


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
