"""Parts of the fault tests: a Redis and an outlet of their own, people, and the watch."""

import tempfile
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def own_redis() -> Iterator[Redis]:
    """A Redis to be killed; as root it runs as another user, hence the open folder."""
    with tempfile.TemporaryDirectory(prefix="stet-redis-") as name:
        Path(name).chmod(0o755)
        with Redis(Path(name)) as running:
            yield running


@pytest.fixture(scope="module")
def module_outlet() -> Iterator[Outlet]:
    made = Outlet()
    yield made
    made.close()


@pytest.fixture
def outlet(module_outlet: Outlet) -> Outlet:
    """A site of many pages, every one in its first edition."""
    module_outlet.editions.clear()
    module_outlet.asked.clear()
    module_outlet.answered.clear()
    return module_outlet


@pytest.fixture(scope="module")
def watching(django_db_setup, own_redis, module_outlet, tmp_path_factory) -> Iterator[Watching]:
    """The fetch worker alone, rung by the test; every test of the module leaves it running."""
    folder = tmp_path_factory.mktemp("watching")
    made = Watching(folder, outlets=[module_outlet], redis_url=own_redis.url)
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
    """Web, fetch worker and beat, on a Redis of their own."""
    for process in watching.processes():
        if process.name in {"web", "beat"}:
            watching.supervisor.add(process)
    assert watching.supervisor.watch(watching.answers, timeout_s=60)
    return watching


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
