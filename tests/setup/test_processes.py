import os
import subprocess
import sys

import pytest

from config.processes import Process, ProcessFailed, Supervisor, from_procfile
from tests.setup.waiting import all_ended

STAYS = (sys.executable, "-c", "import sys; print('up', flush=True); __import__('signal').pause()")
SUPERVISES = """
import os, sys
from pathlib import Path
from config.processes import Process, Supervisor
supervisor = Supervisor(say=print)
logs, *command = sys.argv[1:]
for name in ("web", "beat"):
    process = Process(name, command, logs=Path(logs), environment=os.environ)
    supervisor.add(process)
    print(process.child.pid, flush=True)
sys.stdin.read()
"""
ENDS = (sys.executable, "-c", "print('cannot go on'); raise SystemExit(3)")


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    made = Supervisor(say=said.append)
    yield made
    made.stop()


def process(name, command, folder):
    return Process(name, command, logs=folder, environment=dict(os.environ))


def test_killed_process_is_started_again_and_that_is_said(supervisor, said, tmp_path):
    stays = process("fetch", STAYS, tmp_path)
    supervisor.add(stays)
    first = stays.child.pid
    stays.child.kill()
    assert supervisor.watch(lambda: stays.child.pid != first, timeout_s=30)
    assert said[0].startswith("fetch ended (code -9) and is started again")


def test_process_that_keeps_ending_ends_the_whole_with_the_end_of_its_log(supervisor, tmp_path):
    supervisor.add(process("web", ENDS, tmp_path))
    with pytest.raises(ProcessFailed, match=r"web keeps ending \(code 3\); .* cannot go on"):
        supervisor.watch(lambda: False, timeout_s=60)


def test_stop_ends_every_process(supervisor, tmp_path):
    started = [process(name, STAYS, tmp_path) for name in ("web", "beat")]
    for one in started:
        supervisor.add(one)
    children = [one.child for one in started]
    supervisor.stop()
    assert all(child.poll() is not None for child in children)


def test_kill_of_the_supervisor_ends_every_process(tmp_path):
    command = [sys.executable, "-c", SUPERVISES, str(tmp_path), *STAYS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as supervisor:
        started = [int(supervisor.stdout.readline()) for _ in range(2)]
        supervisor.kill()
    assert all_ended(started)


def test_watch_gives_up_in_time(supervisor):
    assert supervisor.watch(lambda: False, timeout_s=0) is False


def test_procfile_names_the_processes_with_their_environment(tmp_path):
    procfile = tmp_path / "Procfile"
    procfile.write_text("web: serve --port ${PORT}\n\nbeat: env A=1 tick\n")
    web, beat = from_procfile(procfile, logs=tmp_path, environment={"PORT": "8000"})
    assert (web.name, web.command) == ("web", ["serve", "--port", "8000"])
    assert (beat.name, beat.command) == ("beat", ["env", "A=1", "tick"])
