"""The databases of a test session: one is migrated, the others are copies of it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests.services import ask

TEMPLATE = "stet_test_template"
ALIASES = ("default", "owner")


@contextmanager
def at_database(name: str, *, host: str = "") -> Iterator[None]:
    """Have both roles of this process work on another database meanwhile."""
    places = [connections[alias].settings_dict for alias in ALIASES]
    before = [dict(place) for place in places]
    connections.close_all()
    for place in places:
        place.update(NAME=name, HOST=host or place["HOST"])
    try:
        yield
    finally:
        connections.close_all()
        for place, was in zip(places, before, strict=True):
            place.update(was)


@contextmanager
def only_once(mark: Path) -> Iterator[bool]:
    """Tell the first process of a session that it is the first; the others wait until it is done."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not mark.exists()
        mark.touch()


def begin_anew(folder: Path, *, template: str) -> None:
    """Put a copy of another database in the place of ours; who is connected is cut off.

    `folder` is the session's; nobody may be connected to `template`.
    """
    ours = settings.DATABASES["default"]
    connections.close_all()
    with psycopg.connect(
        host=ours["HOST"], dbname="postgres", user="postgres", autocommit=True
    ) as superuser:
        name = sql.Identifier(ours["NAME"])
        superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    ask(folder, database=ours["NAME"], template=template)
