"""The product as processes: web, both workers, beat and the demonstration's outlets.

They work on this test worker's own database and Redis, on ports of their own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from config.demonstration import OUTLETS, Places, environment
from config.ports import answers_well, is_listening, is_taken
from config.processes import Process, Supervisor, from_procfile, venv_environment

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 90
ALL = ("outlets", "web", "fetch", "default", "beat")


class Stack:
    """Real processes for one test; `url` is the web's address, `site_url` the first outlet's."""

    def __init__(self, folder: Path) -> None:
        port = free_ports(1 + OUTLETS)
        self.places = Places(root=ROOT, state=folder, port=port, demo_port=port + 1)
        self.places.logs.mkdir(parents=True, exist_ok=True)
        values = {name: text for name, text in os.environ.items() if name != "FETCH_ALLOW_PRIVATE"}
        values |= {
            "STET_TEST_STACK": "1",
            "DEBUG": "0",
            "DEMONSTRATION": "1",
            "WATCH_TICK_S": "1",
            "WEB_WORKERS": "1",
        }
        made = environment(values, places=self.places)
        made["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        made["PYTHONPATH"] = str(ROOT)
        self.environment = venv_environment(made, programs=Path(sys.executable).parent)
        self.supervisor = Supervisor(say=print)
        self.sign_ins: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where the web answers, with a slash at its end."""
        return self.places.address

    @property
    def site_url(self) -> str:
        """Where the first outlet answers, with a slash at its end."""
        return f"http://127.0.0.1:{self.places.demo_port}/"

    def start(self, *names: str) -> None:
        """Start those named, else everything; wait until web and outlets answer."""
        for process in self.processes():
            if process.name in (names or ALL):
                self.supervisor.add(process)
        assert self.supervisor.watch(self.answers, timeout_s=START_TIMEOUT_S)

    def processes(self) -> list[Process]:
        """Return all that there may be, none of them started."""
        site = ["-m", "seeds.site", "--port", str(self.places.demo_port)]
        site += ["--state", str(self.places.state / "site.json")]
        logs, given = self.places.logs, self.environment
        outlets = Process("outlets", [sys.executable, *site], logs=logs, environment=given)
        return [outlets, *from_procfile(ROOT / "Procfile", logs=logs, environment=given)]

    def load_seeds(self) -> None:
        """Load the seed for this stack's outlets, as `make run` does; `sign_ins` says who enters."""
        path = self.places.sign_ins
        command = [sys.executable, "manage.py", "load_seeds", "--sign-ins", str(path)]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)
        self.sign_ins = json.loads(path.read_text(encoding="utf-8"))

    def answers(self) -> bool:
        """Return whether web and outlets answer, as far as they were started."""
        names = [member.name for member in self.supervisor.members]
        is_site_up = "outlets" not in names or is_listening(self.places.demo_port)
        return is_site_up and ("web" not in names or answers_well(self.places.port, "/healthz"))

    def process(self, name: str) -> Process:
        """Return web, fetch, default, beat or outlets: to kill, to start again."""
        return next(
            member
            for member in self.supervisor.members
            if isinstance(member, Process) and member.name == name
        )

    def kill(self, name: str) -> None:
        """End a process as `kill -9` does."""
        child = self.process(name).child
        assert child
        child.kill()
        child.wait()

    def log(self, name: str) -> str:
        """Return all that a process has logged."""
        return self.process(name).log.read_text(encoding="utf-8", errors="replace")


def free_ports(count: int) -> int:
    """Return the first of so many free ports in a row, below the kernel's ephemeral ones.

    Where it begins to look differs from process to process: test sessions run side by side.
    """
    begin = os.getpid() * 101 % 10_000
    for offset in range(0, 10_000, count):
        first = 20_000 + (begin + offset) % 10_000
        if not any(is_taken(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")
