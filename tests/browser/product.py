"""The whole product on the demonstration's data, begun anew for every test without a restart."""

from pathlib import Path

from django.conf import settings
from django.db import connections

from tests.databases import TEMPLATE, begin_anew
from tests.services import ask
from tests.stack import ALL, START_TIMEOUT_S, Stack

# Quick enough that nobody waits for a look, slow enough to leave the browser some time.
PACE = {
    "FETCH_PAUSE_S": "0.05",
    "WATCH_FIRST_INTERVAL_S": "3",
    "WATCH_GONE_RELOOK_S": "2",
    "WATCH_MAX_INTERVAL_S": "6",
    "WATCH_MIN_INTERVAL_S": "3",
}


class Product(Stack):
    """Processes that stay from test to test; the data and the outlets do not."""

    def __init__(self, folder: Path, *, services: Path, allow: str) -> None:
        super().__init__(folder)
        self.services = services
        self.seeded = f"{settings.DATABASES['default']['NAME']}_seeded"
        self.environment["FETCH_ALLOW_PRIVATE"] += f",{allow}"
        self.environment |= PACE

    def load(self) -> None:
        """Load the seed once, and keep the database as it is then."""
        begin_anew(self.services, template=TEMPLATE)
        self.load_seeds()
        connections.close_all()
        ask(self.services, database=self.seeded, template=settings.DATABASES["default"]["NAME"])

    def begin(self, *names: str) -> None:
        """Have exactly these processes run (all, where none is named), on the seed."""
        wanted = set(names or ALL)
        self.end({member.name for member in self.supervisor.members} - wanted | {"outlets"})
        (self.places.state / "site.json").unlink(missing_ok=True)
        begin_anew(self.services, template=self.seeded)
        running = {member.name for member in self.supervisor.members}
        for process in self.processes():
            if process.name in wanted - running:
                self.supervisor.add(process)
        assert self.supervisor.watch(self.answers, timeout_s=START_TIMEOUT_S)

    def end(self, names: set[str]) -> None:
        """Stop some of the processes."""
        for member in [one for one in self.supervisor.members if one.name in names]:
            self.supervisor.members.remove(member)
            member.stop()

    def close(self) -> None:
        """Stop all of them, and leave the database as it was."""
        self.supervisor.stop()
        begin_anew(self.services, template=TEMPLATE)
