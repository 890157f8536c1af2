"""A real Chromium on the whole product with the demonstration's data."""

import os
import shutil
from contextlib import closing

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.person import Person
from tests.browser.product import Product
from tests.site import Site

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


@pytest.fixture(scope="package")
def strangers_site():
    """A site outside the demonstration; the watch may look at it."""
    with closing(Site()) as site:
        yield site


@pytest.fixture(scope="package")
def product(django_db_setup, services, tmp_path_factory, strangers_site):
    """The product's processes, for all tests of this room."""
    folder = tmp_path_factory.mktemp("product")
    with closing(Product(folder, services=services, allow=strangers_site.place)) as made:
        made.load()
        yield made


@pytest.fixture
def processes() -> tuple[str, ...]:
    """Which processes of the product run; all of them unless a test needs fewer."""
    return ()


@pytest.fixture
def demonstration(product, processes, django_db_blocker):
    """The running product on the seed, and who may sign in."""
    product.begin(*processes)
    with django_db_blocker.unblock():
        yield product


@pytest.fixture(scope="package")
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
    for person in people:
        person.page.context.close()
    assert complaints == []
