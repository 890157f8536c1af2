"""What every test may ask for: a database under the application's own role, and Redis."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from tests import services as test_services
from tests.databases import TEMPLATE, at_database, only_once
from tests.rooms import ByFile, in_order

ROOT = Path(__file__).resolve().parent.parent
KEEPER = pytest.StashKey[subprocess.Popen[str]]()
EMPTIED = ("claims_%", "django_session", "axes_%", "otp_%", "django_admin_log")


def pytest_configure(config: pytest.Config) -> None:
    """Have somebody ready to start the services, once a session, in the first process alone."""
    if hasattr(config, "workerinput"):
        return
    from tests.settings import FOLDER  # noqa: PLC0415 - Django's settings load first

    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.services", FOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert keeper.stdout
    assert keeper.stdout.readline().strip() == "listening"
    config.stash[KEEPER] = keeper


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    keeper = config.stash.get(KEEPER, None)
    if keeper:
        keeper.communicate(timeout=60)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the slow rooms begin, so that no worker is left alone with one at the end."""
    items.sort(key=in_order)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """Keep the tests of one file together: they share what they start."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def services() -> Path:
    """The folder of this session's running PostgreSQL and Redis."""
    from tests.settings import FOLDER  # noqa: PLC0415 - Django's settings load first

    test_services.ask(Path(FOLDER), database=TEMPLATE)
    return Path(FOLDER)


@pytest.fixture(scope="session")
def django_db_setup(services, django_db_blocker) -> Iterator[None]:
    """Migrate as the owner, once for all workers; everything after is the application's role."""
    with django_db_blocker.unblock():
        with only_once(services / "migrated") as is_ours:
            if is_ours:
                with at_database(TEMPLATE):
                    call_command("migrate", database="owner", verbosity=0)
        database = settings.DATABASES["default"]["NAME"]
        test_services.ask(services, database=database, template=TEMPLATE)
        yield
        connections.close_all()


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """One transaction around a module, for what its tests share; each may have its own in it."""
    around = transaction.atomic()
    # As Django's TestCase does: a durable block in it is as good as outermost.
    around._from_testcase = True  # type: ignore[attr-defined]  # the stubs leave it out
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


def connect(*, role: str) -> psycopg.Connection:
    """Return a raw, committing connection to this worker's database."""
    database = settings.DATABASES["default"]
    return psycopg.connect(
        host=database["HOST"],
        dbname=database["NAME"],
        user=role,
        autocommit=True,
        options="-c lock_timeout=10s",
    )


@pytest.fixture
def owner(django_db_setup) -> Iterator[psycopg.Connection]:
    """A raw, committing connection as the role that owns the tables."""
    with connect(role="stet_owner") as connection:
        yield connection


@pytest.fixture
def superuser(django_db_setup) -> Iterator[psycopg.Connection]:
    """A raw, committing connection as PostgreSQL's superuser."""
    with connect(role="postgres") as connection:
        yield connection


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database with real commits, from any thread; emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    with connect(role="stet_owner") as connection:
        empty(connection)


def empty(connection: psycopg.Connection) -> None:
    """Empty every table a test may fill, with the guards against TRUNCATE off meanwhile."""
    rows = connection.execute(
        "SELECT quote_ident(tablename) FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename LIKE ANY (%s)",
        [list(EMPTIED)],
    )
    tables = [table for (table,) in rows]
    guards = truncate_guards(connection)
    assert ("claims_ledgerentry", "ledger_entry_no_truncate", "A") in guards
    try:
        for table, trigger, _ in guards:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    finally:
        for table, trigger, _ in guards:
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    assert truncate_guards(connection) == guards


def truncate_guards(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Return table, name and state of every trigger on TRUNCATE; state A is ENABLE ALWAYS."""
    rows = connection.execute(
        "SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgtype & 32 > 0 ORDER BY 1, 2"
    )
    return rows.fetchall()


@pytest.fixture
def redis_url(services) -> str:
    """The address of this worker's Redis database."""
    return settings.REDIS_URL
