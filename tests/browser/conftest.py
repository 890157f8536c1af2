"""A real Chromium on the whole product with the demonstration's data."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.person import Person
from tests.stack import Stack

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Playwright runs an event loop in this thread; the tests ask the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    """Skip the browser's tests, and say so, where there is no Chromium."""
    missing = pytest.mark.skip(reason="no chromium here: apt-get install chromium")
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(missing)


@pytest.fixture
def further_place() -> str:
    """A host:port the watch may look at besides the outlets; none unless a test names one."""
    return ""


@pytest.fixture
def processes() -> tuple[str, ...]:
    """Which processes of the product run; all of them unless a test needs fewer."""
    return ()


@pytest.fixture
def demonstration(committed_db, redis_url, tmp_path, further_place, processes):
    """The running product on the seed, and who may sign in."""
    running = Stack(tmp_path)
    running.environment["FETCH_ALLOW_PRIVATE"] += f",{further_place}"
    running.load_seeds()
    try:
        running.start(*processes)
        yield running
    finally:
        running.supervisor.stop()


@pytest.fixture
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(demonstration, chromium):
    """Return a function that signs somebody in, in a browser of their own."""
    people = []

    def enter(username: str, **options) -> Person:
        person = Person(demonstration, chromium, username, **options)
        people.append(person)
        return person

    yield enter
    complaints = [said for person in people for said in person.complaints]
    assert complaints == []
