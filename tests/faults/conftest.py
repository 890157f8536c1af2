"""Parts of the fault tests: a Redis and an outlet of their own, people, and the watch."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.services import Redis
from tests.claims.api.conftest import caller
from tests.claims.cast import Cast, make_cast
from tests.faults.outlet import Outlet
from tests.faults.visitor import Visitor, session_of
from tests.faults.watching import Watching, all_looked_at_since, make_all_due, make_rows
from tests.until import until

PAGES = range(3)


@contextmanager
def further_redis() -> Iterator[Redis]:
    """A Redis to be killed; as root it runs as another user, hence the open folder."""
    with tempfile.TemporaryDirectory(prefix="stet-redis-") as name:
        Path(name).chmod(0o755)
        with Redis(Path(name)) as running:
            yield running


@pytest.fixture(scope="package")
def own_redis() -> Iterator[Redis]:
    with further_redis() as running:
        yield running


@pytest.fixture(scope="package")
def one_outlet() -> Iterator[Outlet]:
    made = Outlet()
    yield made
    made.close()


@pytest.fixture
def outlet(one_outlet: Outlet) -> Outlet:
    """A site of many pages, every one in its first edition."""
    one_outlet.editions.clear()
    one_outlet.asked.clear()
    one_outlet.answered.clear()
    return one_outlet


@pytest.fixture(scope="package")
def watching(django_db_setup, own_redis, one_outlet, tmp_path_factory) -> Iterator[Watching]:
    """The fetch worker, rung by the test; every test leaves it running."""
    folder = tmp_path_factory.mktemp("watching")
    made = Watching(folder, outlets=[one_outlet], redis_url=own_redis.url)
    try:
        made.start("fetch")
        yield made
    finally:
        made.supervisor.stop()


@pytest.fixture
def cast(committed_db, outlet, settings) -> Cast:
    settings.FETCH_ALLOW_PRIVATE = frozenset({outlet.place})
    return make_cast()


@pytest.fixture(scope="module")
def whole(watching):
    """Web, fetch worker and beat, on a Redis of their own; beat rings for this module alone."""
    for process in watching.processes():
        if process.name in {"web", "beat"} and not watching.has(process.name):
            watching.supervisor.add(process)
    assert watching.supervisor.watch(watching.answers, timeout_s=60)
    yield watching
    beat = watching.process("beat")
    watching.supervisor.members.remove(beat)
    beat.stop()


@pytest.fixture
def rows(whole, cast, outlet):
    """Linked pages, looked at once."""
    rows = make_rows(cast, outlet, numbers=PAGES)
    begun = make_all_due()
    until(lambda: all_looked_at_since(begun))
    return rows


@pytest.fixture
def ada(whole, cast, rows) -> Visitor:
    return Visitor(whole.url, session=session_of(cast.users["ada"]))


@pytest.fixture
def system(whole, cast, rows) -> Visitor:
    return Visitor(whole.url, token=caller(cast, "ada", cast.desk).secret)
