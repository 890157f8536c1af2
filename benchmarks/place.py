"""A private PostgreSQL with the product's tables, for one measurement, durable as in production."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.services import Postgres

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def private_database() -> Iterator[dict[str, str]]:
    """Yield the environment of a fresh, migrated database; stop and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="stet-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user when we are root
        with Postgres(folder) as postgres:
            postgres.make_database("bench")
            environment = os.environ | {
                "DEBUG": "1",
                "LOG_LEVEL": "WARNING",
                "STATE_DIR": name,
                "STATEMENT_TIMEOUT_S": "3600",
                "DATABASE_URL": postgres.url(role="stet_app", database="bench"),
                "DATABASE_OWNER_URL": postgres.url(role="stet_owner", database="bench"),
            }
            manage(environment, "migrate", "--database=owner", "--verbosity=0")
            yield environment


def manage(environment: dict[str, str], *words: str) -> str:
    """Run one command of `manage.py`; return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()
