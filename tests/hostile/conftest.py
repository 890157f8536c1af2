"""Canaries around every hostile test, and the mark that names cases of the catalogue."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from claims.text.addresses import connections
from tests.claims.cast import Cast, make_cast
from tests.hostile.answers import ROUTES
from tests.hostile.server import Canary, Server, canaries
from tests.hostile.watched import page, show
from verifier.archive import Folder
from verifier.child import ChildLimits
from verifier.errors import NameUnknown
from verifier.pages import Pages
from verifier.recheck import Means
from verifier.schedule import Pace
from verifier.types import Guard, Limits, Resolve


@pytest.fixture(scope="package")
def flock() -> Iterator[list[Canary]]:
    """Listeners on the machine's own addresses; their ports count as the web's meanwhile.

    So nothing but the judgement of the address stands between a test and its canary.
    """
    listening = canaries()
    ports = connections.PUBLIC_PORTS | {canary.port for canary in listening}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PUBLIC_PORTS", ports)
        yield listening
    assert not any(canary.was_reached for canary in listening)
    for canary in listening:
        canary.__exit__()


@pytest.fixture(autouse=True)
def _nothing_reaches_a_canary(flock: list[Canary]) -> Iterator[None]:
    yield
    reached = [canary.authority for canary in flock if canary.was_reached]
    assert reached == []


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture(scope="package")
def pages() -> Iterator[Pages]:
    with Pages(limits=ChildLimits(wall_s=15)) as pool:
        yield pool


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(ROUTES) as running:
        show(running, page())
        yield running


@pytest.fixture
def desk(committed_db, server, settings) -> Cast:
    """The cast, with real commits; pages of the server may be linked."""
    settings.FETCH_ALLOW_PRIVATE = server.allow
    return make_cast()


@pytest.fixture
def resolve() -> Iterator[Resolve]:
    """A resolver that knows nobody; for one name it never answers."""
    over = threading.Event()

    def answer(host: str, _port: int) -> list[str]:
        if host == "hangs.example":
            over.wait(30)
        raise NameUnknown(f"{host}: the name has no address.")

    yield answer
    over.set()


@pytest.fixture
def means(server, pages, tmp_path, resolve) -> Iterator[Means]:
    """What a worker's rounds work with, in small."""
    given = Means(
        pages=pages,
        blobs=Folder(tmp_path),
        guard=Guard(allow=server.allow, resolve=resolve),
        limits=Limits(total_s=10.0, wire_bytes=1_000_000, decoded_bytes=2_000_000, per_host=16),
        pace=Pace(first_s=1, min_s=1, max_s=60, gone_relook_s=0, unreachable_after_s=3600),
        pause=timedelta(0),
    )
    yield given
    given.fetcher.close()
