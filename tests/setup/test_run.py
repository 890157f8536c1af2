import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.lock import AlreadyRuns, alone, is_held
from config.manage import main as manage
from tests.setup.waiting import all_ended
from tests.stack import free_ports

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAKELEVEL")


def start_run(state: Path, **environment: str) -> subprocess.Popen[str]:
    values = {name: text for name, text in os.environ.items() if name not in SERVICES}
    values |= {"STATE_DIR": str(state), "DEBUG": "0", "PYTHONUNBUFFERED": "1", **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=ROOT,
        env=values,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended_run(state: Path, **environment: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines of a run that ends by itself."""
    with start_run(state, **environment) as run:
        lines = run.communicate(timeout=60)[0].splitlines()
    return run.returncode, lines


def test_taken_port_is_one_sentence(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, lines = ended_run(folder, PORT=port, DEMO_PORT=str(free_ports(6)))
    assert (code, len(lines)) == (1, 1)
    assert f"Port {port} is taken" in lines[0]


def test_taken_port_of_an_outlet_is_one_sentence(folder):
    first = free_ports(6)
    with socket.create_server(("127.0.0.1", first + 5)):
        code, lines = ended_run(folder, PORT=str(first + 20), DEMO_PORT=str(first))
    assert (code, len(lines)) == (1, 1)
    assert f"Port {first + 5} is taken" in lines[0]
    assert "make run DEMO_PORT=" in lines[0]


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "80.5"])
def test_port_that_is_none_is_one_sentence(folder, port):
    code, lines = ended_run(folder, PORT=port)
    assert (code, len(lines)) == (1, 1)
    assert "PORT: " in lines[0]


def test_foreign_data_folder_is_one_sentence(folder):
    (folder / "services" / "data").mkdir(parents=True)
    first = free_ports(7)
    code, lines = ended_run(folder, PORT=str(first), DEMO_PORT=str(first + 1))
    assert (code, len(lines)) == (1, 1)
    assert "was not made by Stet" in lines[0]


def test_second_run_on_the_same_state_is_refused(tmp_path):
    with (
        alone(tmp_path),
        pytest.raises(AlreadyRuns, match=rf"process {os.getpid()}\): stop it"),
        alone(tmp_path),
    ):
        raise AssertionError


def test_only_a_living_run_holds_the_state(tmp_path):
    assert not is_held(tmp_path)
    with alone(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_state_is_free_again_after_the_run(tmp_path):
    for _ in range(2):
        with alone(tmp_path):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def ready_run(state: Path) -> tuple[subprocess.Popen[str], list[str]]:
    """Return a run that is ready, and what it has printed."""
    first = free_ports(7)
    run = start_run(state, PORT=str(first), DEMO_PORT=str(first + 1))
    lines = []
    for line in run.stdout or ():
        lines.append(line.rstrip())
        if line.startswith("Ready: "):
            break
    return run, lines


def descendants(parent: int) -> list[int]:
    """Return every process below `parent`."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    below = [int(child) for child in children]
    return below + [process for child in below for process in descendants(child)]


def test_command_without_a_run_is_one_sentence(folder, capsys):
    assert manage(["verify_ledger"], values={"STATE_DIR": str(folder)}) == 1
    assert capsys.readouterr().out == "Stet does not run here: start it with `make run` first.\n"


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.long)]
)
def test_run_gets_ready_and_leaves_nothing_behind_however_it_ends(folder, number):
    run, lines = ready_run(folder)
    with run:
        assert lines[-1].startswith("Ready: http://127.0.0.1:"), lines
        assert manage(["verify_ledger"], values={"STATE_DIR": str(folder)}) == 0
        everything = descendants(run.pid)
        run.send_signal(number)
        run.communicate(timeout=60)
    assert len(everything) >= 8
    assert all_ended(everything)
    assert run.returncode == (0 if number != signal.SIGKILL else -signal.SIGKILL)
