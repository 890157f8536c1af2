"""The product's processes on one machine: started together, watched, stopped together."""

import os
import shlex
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Protocol

from config import children
from config.services import ServiceFailed

DEATHS_ALLOWED = 3
WITHIN_S = 60
LOOK_EVERY_S = 0.25


class ProcessFailed(Exception):
    """A process does not stay up; `str()` is one sentence for people."""


class Supervised(Protocol):
    """What can be started, found dead and stopped."""

    name: str
    log: Path
    child: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start it."""

    def stop(self) -> None:
        """Stop it."""


class Process:
    """One program of ours, its output in a log of its own."""

    def __init__(
        self, name: str, command: Sequence[str], *, logs: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.command = command
        self.log = logs / f"{name}.log"
        self.environment = environment
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in the checkout's folder."""
        root = Path(__file__).resolve().parent.parent
        self.child = children.start(
            self.command, log=self.log, folder=root, environment=self.environment
        )

    def stop(self) -> None:
        """Let it finish what it holds, for a while."""
        if self.child:
            children.stop(self.child)
            self.child = None


def from_procfile(procfile: Path, *, logs: Path, environment: Mapping[str, str]) -> list[Process]:
    """Return the processes a Procfile names, `${NAME}` in it taken from `environment`."""
    lines = procfile.read_text(encoding="utf-8").splitlines()
    named = [line.partition(":") for line in lines if line.strip()]
    return [
        Process(
            name.strip(),
            shlex.split(Template(command).substitute(environment)),
            logs=logs,
            environment=environment,
        )
        for name, _, command in named
    ]


class Supervisor:
    """Keeps what it is given alive, in order, and stops it in reverse order.

    A dead one is started again; one that dies more than three times a minute ends the whole.
    """

    def __init__(self, *, say: Callable[[str], None]) -> None:
        self.say = say
        self.members: list[Supervised] = []
        self.deaths: dict[str, deque[float]] = {}

    def add(self, member: Supervised) -> None:
        """Start one more."""
        self.members.append(member)
        self.deaths[member.name] = deque(maxlen=DEATHS_ALLOWED + 1)
        member.start()

    def look(self) -> None:
        """Start again what has died.

        Raises:
            ProcessFailed: one dies again and again.
        """
        for member in self.members:
            if member.child and member.child.poll() is not None:
                self.revive(member, code=member.child.returncode)

    def revive(self, member: Supervised, *, code: int) -> None:
        """Start one again, unless it has died too often."""
        deaths = self.deaths[member.name]
        deaths.append(time.monotonic())
        if len(deaths) > DEATHS_ALLOWED and deaths[-1] - deaths[0] < WITHIN_S:
            raise ProcessFailed(
                f"{member.name} keeps ending (code {code}); its log {member.log} ends: "
                f"{children.last_lines(member.log)}"
            )
        self.say(f"{member.name} ended (code {code}) and is started again; see {member.log}")
        try:
            member.start()
        except ServiceFailed as failure:
            self.say(str(failure))

    def watch(self, until: Callable[[], bool], *, timeout_s: float) -> bool:
        """Keep all alive until the condition holds; return whether it did in time."""
        give_up_at = time.monotonic() + timeout_s
        while not until():
            if time.monotonic() > give_up_at:
                return False
            self.look()
            time.sleep(LOOK_EVERY_S)
        return True

    def stop(self) -> None:
        """Stop all, the last started first; those that wait for nobody at the same time."""
        for member in reversed(self.members):
            if isinstance(member, Process) and member.child and member.child.poll() is None:
                member.child.terminate()
        for member in reversed(self.members):
            member.stop()
        self.members.clear()


def venv_environment(values: Mapping[str, str], *, programs: Path) -> dict[str, str]:
    """Return the environment with the venv's programs found first."""
    return {**values, "PATH": f"{programs}{os.pathsep}{values.get('PATH', os.defpath)}"}
