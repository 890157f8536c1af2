"""The database of this test worker, seen and troubled by its superuser."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.conftest import connect

WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND usename = 'stet_app' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""
SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
    AND usename = 'stet_app'
"""
BUSY = f"{SESSIONS} AND state <> 'idle'"


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Let nobody write to a table or lock its rows; reading goes on."""
    with connect(role="stet_owner") as holder, holder.transaction():
        name = sql.Identifier(table)
        holder.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(name))
        yield


def somebody_waits() -> bool:
    """Return whether a process of the product waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def cut_busy_sessions() -> int:
    """End every session of the product that is at work; return how many there were."""
    with connect(role="postgres") as superuser:
        return len(superuser.execute(BUSY).fetchall())


@contextmanager
def altered(words: str, *, undo: str) -> Iterator[None]:
    """Change a setting of this worker's database; sessions from before are cut, both times."""
    with connect(role="postgres") as superuser:
        try:
            alter(superuser, words)
            yield
        finally:
            alter(superuser, undo)


def alter(superuser: psycopg.Connection, words: str) -> None:
    connection.close()
    name = sql.Identifier(settings.DATABASES["default"]["NAME"])
    superuser.execute(sql.SQL("ALTER DATABASE {} ").format(name) + sql.SQL(words))
    superuser.execute(SESSIONS)
