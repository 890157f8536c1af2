"""`make run`: the whole product on this machine, with the demonstration's data.

Everything listens on the loopback; everything started here is stopped here, after Ctrl-C, after
an error, and when this process is killed.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured
from rich.console import Console

from config import children, demonstration
from config.bound import die_with_parent
from config.demonstration import OUTLETS, Places
from config.environment import Environment
from config.lock import AlreadyRuns, alone
from config.ports import answers_well, is_listening, is_taken
from config.processes import Process, ProcessFailed, Supervisor, from_procfile, venv_environment
from config.services import Postgres, Redis, ServiceFailed
from config.services.base import make_services_folder, service_user

ROOT = Path(__file__).resolve().parent.parent
READY_TIMEOUT_S = 120
PIPE_WIDTH = 100


class CannotRun(Exception):
    """The start is refused; `str()` is one sentence for people."""


class Run:
    """One run of the demonstration, from the first check to the last stop."""

    def __init__(self, places: Places, *, values: dict[str, str], console: Console) -> None:
        self.places = places
        self.console = console
        self.supervisor = Supervisor(say=self.say)
        self.environment = venv_environment(
            demonstration.environment(values, places=places), programs=Path(sys.executable).parent
        )

    def say(self, sentence: str) -> None:
        """Print one line at once."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show what is being done, and afterwards how long it took."""
        began = time.monotonic()
        with self.console.status(f"{doing} ..."):
            yield
        self.say(f"  {doing}: {time.monotonic() - began:.1f} s")

    def go(self) -> None:
        """Set up, print the table, and keep all alive until told to stop."""
        for log in self.places.logs.glob("*.log"):
            log.unlink()  # the last run's
        self.start_services()
        demonstration.note_environment(self.environment, places=self.places)
        with self.step("Tables"):
            self.manage("migrate", "--database=owner")
        with self.step("Demonstration data"):
            self.manage("load_seeds", "--sign-ins", str(self.places.sign_ins))
        with self.step("Web, watch and outlets"):
            self.start_processes()
        demonstration.print_table(self.places, console=self.console)
        self.supervisor.watch(lambda: False, timeout_s=float("inf"))

    def start_services(self) -> None:
        """Start PostgreSQL and Redis, unless the environment names others."""
        folder = make_services_folder(self.places.state, user=service_user())
        if not self.environment.get("DATABASE_URL"):
            with self.step("PostgreSQL"):
                postgres = Postgres(folder)
                self.supervisor.add(postgres)
                postgres.make_database("stet")
            for name, role in (("DATABASE_URL", "stet_app"), ("DATABASE_OWNER_URL", "stet_owner")):
                self.environment[name] = postgres.url(role=role, database="stet")
        if not self.environment.get("REDIS_URL"):
            with self.step("Redis"):
                redis = Redis(folder)
                self.supervisor.add(redis)
            self.environment["REDIS_URL"] = redis.url

    def process(self, name: str, *command: str) -> Process:
        """Return a process with this run's environment and a log of its own."""
        return Process(name, command, logs=self.places.logs, environment=self.environment)

    def manage(self, *words: str) -> None:
        """Run one command of `manage.py` to its end."""
        command = self.process(words[0], sys.executable, "manage.py", *words)
        command.start()
        try:
            code = command.child.wait() if command.child else 1
        finally:
            command.stop()
        if code != 0:
            said = children.last_lines(command.log, count=1)
            raise CannotRun(f"`manage.py {words[0]}` failed; {command.log} ends: {said}")

    def start_processes(self) -> None:
        """Start the outlets and the product; the workers once outlets and web answer.

        On two cores all of them at once would keep a person waiting twice as long.
        """
        outlets = ("-m", "seeds.site", "--port", str(self.places.demo_port))
        state = ("--state", str(self.places.state / "site.json"))
        self.supervisor.add(self.process("outlets", sys.executable, *outlets, *state))
        web, *workers = from_procfile(
            ROOT / "Procfile", logs=self.places.logs, environment=self.environment
        )
        self.supervisor.add(web)
        if not self.supervisor.watch(self.answers, timeout_s=READY_TIMEOUT_S):
            raise CannotRun(f"No answer in {READY_TIMEOUT_S} s; see {self.places.logs}.")
        for worker in workers:
            self.supervisor.add(worker)

    def answers(self) -> bool:
        """Return whether the outlets and the web answer."""
        return is_listening(self.places.demo_port) and answers_well(self.places.port, "/healthz")


def places_from(values: dict[str, str]) -> Places:
    """Return where this run lives, from PORT, DEMO_PORT and STATE_DIR."""
    env = Environment(values)
    return Places(
        root=ROOT,
        state=env.path("STATE_DIR", ROOT / ".stet"),
        port=env.integer("PORT", 8000, minimum=1, maximum=65535),
        demo_port=env.integer("DEMO_PORT", 8010, minimum=1, maximum=65536 - OUTLETS),
    )


def refuse_taken_ports(places: Places) -> None:
    """Refuse ports on which something listens already."""
    wanted = [
        (places.port, "PORT", 8080),
        *((port, "DEMO_PORT", 8110) for port in places.outlet_ports),
    ]
    for port, name, other in wanted:
        if is_taken(port):
            raise CannotRun(
                f"Port {port} is taken: stop what listens there, or choose another port "
                f"with `make run {name}={other}`."
            )


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat the signal as Ctrl-C."""
    raise KeyboardInterrupt


def catch_signals() -> None:
    """End cleanly on any of them, and when the `make` that started us is killed.

    SIGINT too: a shell starts what it puts in the background with SIGINT ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM, parent=os.getppid())


def stop_undisturbed(run: Run) -> None:
    """Stop everything; an impatient second Ctrl-C must leave nothing behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    run.supervisor.stop()


def main(values: dict[str, str]) -> int:
    """Run until told to stop; return the exit code."""
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    catch_signals()
    try:
        with ExitStack() as stack:
            places = places_from(values)
            places.logs.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone(places.state))
            refuse_taken_ports(places)
            run = Run(places, values=values, console=console)
            stack.callback(stop_undisturbed, run)
            run.go()
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0
    except (
        AlreadyRuns,
        CannotRun,
        ImproperlyConfigured,
        OSError,
        ProcessFailed,
        ServiceFailed,
    ) as error:
        console.print(f"Stet cannot run. {error}", highlight=False, markup=False, soft_wrap=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(dict(os.environ)))
