"""What makes a run the demonstration: its environment, and the table it prints at the end."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.ports import LOOPBACK

OUTLETS = 6
NOTED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DEMONSTRATION",
    "DJANGO_SETTINGS_MODULE",
    "FETCH_ALLOW_PRIVATE",
    "PORT",
    "REDIS_URL",
    "SECRET_KEY",
    "STATE_DIR",
)
# The demonstration's watch looks every 10 to 20 seconds; production's every minutes to days.
PACE = {
    "WATCH_TICK_S": "3",
    "WATCH_FIRST_INTERVAL_S": "10",
    "WATCH_MIN_INTERVAL_S": "10",
    "WATCH_MAX_INTERVAL_S": "20",
    "WATCH_GONE_RELOOK_S": "8",
    "WATCH_LEASE_S": "15",
    "WATCH_UNREACHABLE_AFTER_S": "45",
    "FETCH_PAUSE_S": "0.2",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where one demonstration keeps its things and on which ports it answers.

    The outlets take `demo_port` and the five that follow.
    """

    root: Path
    state: Path
    port: int
    demo_port: int

    @property
    def logs(self) -> Path:
        """Folder of the processes' output."""
        return self.state / "logs"

    @property
    def sign_ins(self) -> Path:
        """File of the demonstration's people with their passwords, and a token."""
        return self.state / "sign-ins.json"

    @property
    def environment(self) -> Path:
        """File of the running processes' own environment, for commands beside them."""
        return self.state / "environment.json"

    @property
    def address(self) -> str:
        """Where the web answers."""
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def outlet_ports(self) -> range:
        """Ports of the demonstration's outlets."""
        return range(self.demo_port, self.demo_port + OUTLETS)


def environment(values: Mapping[str, str], *, places: Places) -> dict[str, str]:
    """Return the processes' environment; what the caller's own says goes first."""
    ours = {
        "DEMONSTRATION": "1",
        "FETCH_ALLOW_PRIVATE": ",".join(f"{LOOPBACK}:{port}" for port in places.outlet_ports),
        "SECRET_KEY": values.get("SECRET_KEY") or secret_key(places.state / "secret-key"),
    }
    fixed = {
        "STATE_DIR": str(places.state),
        "PORT": str(places.port),
        "DEMO_PORT": str(places.demo_port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return {**PACE, **ours, **values, **fixed}


def secret_key(path: Path) -> str:
    """Return the secret kept in that file, made the first time."""
    if not path.exists():
        write_privately(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")


def note_environment(made: Mapping[str, str], *, places: Places) -> None:
    """Leave what commands beside the processes need, for `python -m config.manage`."""
    names = {*NOTED, *PACE}
    noted = {name: text for name, text in made.items() if name in names}
    write_privately(places.environment, json.dumps(noted))


def write_privately(path: Path, text: str) -> None:
    """Write a file that its owner alone can read."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def print_table(places: Places, *, console: Console) -> None:
    """Print how to sign in and where everything is; the last line starts with `Ready: `."""
    record = json.loads(places.sign_ins.read_text(encoding="utf-8"))
    table = Table(title="Stet, with demonstration data", title_justify="left")
    for heading in ("sign in as", "password", "who"):
        table.add_column(heading, no_wrap=True)
    for person in record["people"]:
        who = f"{person['name']}, {person['role']}"
        table.add_row(person["username"], person["password"], who)
    console.print(table)
    curl = f"curl -H 'Authorization: Bearer {record['token']}'"
    for line in (
        f"The board, the article   {places.address}",
        f"The fact-checkers' desk  {places.address}admin/",
        f"The API, described       {places.address}api/v1/docs/",
        f"The control page         http://{LOOPBACK}:{places.demo_port}/control/",
        f"The change feed          {curl} '{places.address}api/v1/changes/?after=0'",
        f"Logs lie in {places.logs}. Ctrl-C stops everything, `make reset` starts over.",
        f"Ready: {places.address}",
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
