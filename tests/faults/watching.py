"""The watch as processes on pages of an outlet, and what a test asks of the two."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from celery import Celery
from django.db import connection

from claims.models import Evidence, Watch
from claims.services.ledger import clock
from claims.states import QuoteState
from config.celery import app, broker_url
from tests.claims.cast import Cast, make_claim, make_evidence
from tests.faults.invariants import (
    assert_each_edition_had_its_effect_once,
    assert_record_is_whole,
)
from tests.faults.outlet import Outlet, quote
from tests.stack import Stack
from tests.until import until

LEASE_S = 5
MOST_LINES_IN_TROUBLE = 200
"""Of both logs, with a ring a second for a minute; a loop that does not wait writes thousands."""
SENDING = (
    "broker_transport_options",
    "task_publish_retry_policy",
    "task_queues",
    "task_serializer",
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Watching(Stack):
    """Processes that look at an outlet; beat rings every second if it is started."""

    def __init__(self, folder: Path, *, outlets: Iterable[Outlet], redis_url: str) -> None:
        super().__init__(folder)
        self.snapshots = folder / "snapshots"
        self.marks: dict[str, int] = {}
        self.environment |= {
            "FETCH_ALLOW_PRIVATE": ",".join(outlet.place for outlet in outlets),
            "FETCH_PAUSE_S": "0",
            "REDIS_URL": redis_url,
            "SNAPSHOT_DIR": str(self.snapshots),
            "WATCH_FIRST_INTERVAL_S": "3600",
            "WATCH_LEASE_S": str(LEASE_S),
            "WATCH_MAX_INTERVAL_S": "3600",
            "WATCH_MIN_INTERVAL_S": "3600",
        }

    def ring(self) -> None:
        """Ring as beat does, once."""
        with bell(self.environment["REDIS_URL"]) as ours:
            ours.send_task("verifier.tasks.ring", queue="fetch")

    def look_at_all(self, *, within_s: float = 60) -> None:
        """Have every source looked at once more, and wait for it."""
        begun = make_all_due()
        self.ring()
        until(lambda: all_looked_at_since(begun), within_s=within_s)

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """Assert that worker and beat live through it, without a loop that fills their logs."""
        names = [name for name in ("fetch", "beat") if self.has(name)]
        children = [self.process(name).child for name in names]
        self.marks = {name: len(self.log(name)) for name in names}
        yield
        assert all(child and child.poll() is None for child in children)
        assert sum(self.new_lines(name).count("\n") for name in names) < MOST_LINES_IN_TROUBLE

    def has(self, name: str) -> bool:
        """Return whether there is such a process."""
        return any(member.name == name for member in self.supervisor.members)

    def new_lines(self, name: str) -> str:
        """Return what a process has logged since the trouble began."""
        return self.log(name)[self.marks[name] :]

    def assert_goes_on(self, outlet: Outlet, numbers: Iterable[int]) -> None:
        """Assert that beat and worker find the next edition by themselves, and nothing twice."""
        for number in numbers:
            outlet.publish(number)
        begun = make_all_due()
        until(lambda: all_looked_at_since(begun), within_s=90)
        assert_each_edition_had_its_effect_once(outlet, numbers)
        self.assert_whole()

    def assert_whole(self) -> None:
        """Assert all that must hold of the record."""
        assert_record_is_whole(self.snapshots, lease_s=LEASE_S)


@contextmanager
def bell(redis_url: str) -> Iterator[Celery]:
    """Lend an application that sends to that Redis as ours does."""
    with Celery("bell", broker=broker_url(redis_url)) as lent:
        lent.conf.update({name: app.conf[name] for name in SENDING})
        yield lent


SENDING = (
    "broker_transport_options",
    "task_publish_retry_policy",
    "task_queues",
    "task_serializer",
)


def make_rows(cast: Cast, outlet: Outlet, *, numbers: Sequence[int]) -> list[Evidence]:
    """Link pages of the outlet, each with its quote, ten to a claim; nobody has looked yet."""
    rows = []
    for begin in range(0, len(numbers), 10):
        claim = make_claim(cast, "Houses in the valleys were under water on Friday.")
        for number in numbers[begin : begin + 10]:
            row = make_evidence(
                cast,
                claim,
                url=outlet.url(number),
                quote=quote(number),
                state=QuoteState.UNCHECKED,
            )
            rows.append(row)
    return rows


def make_all_due() -> datetime:
    """Make every source due; return when."""
    Watch.objects.filter(due_at__isnull=False).update(due_at=LONG_AGO)
    return clock()


def all_looked_at_since(begun: datetime) -> bool:
    late = Watch.objects.filter(due_at__isnull=False).exclude(last_looked_at__gte=begun)
    return not late.exists()


def let_leases_run_out() -> None:
    """Set the clock of every lease to its end, as waiting would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_watch SET lease_until_at = clock_timestamp() - interval '1 ms'"
            " WHERE lease_token IS NOT NULL"
        )


def is_leased() -> bool:
    return Watch.objects.filter(lease_token__isnull=False).exists()


def children_of(process: int) -> list[int]:
    """Return the ids of a process's own children (proc_pid_task_tid_children(5))."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for listed in lists for child in listed.read_text().split()]
