"""One PostgreSQL and one Redis for a test session, started when first asked for.

`python -m tests.services FOLDER` listens on FOLDER/ask. A client writes a line: the name of a
database, and that of the one it is to be a copy of; the answer is `ready`, or why not. When standard input ends, so does all of it: a test
session killed outright leaves nothing behind.
"""

import contextlib
import selectors
import shutil
import socket
import sys
from pathlib import Path

import psycopg

from config.services import Postgres, Redis, ServiceFailed


def ask(folder: Path, *, database: str, template: str = "template0") -> None:
    """Have the services started, and a database made as a copy of another."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(110)
        line.connect(str(folder / "ask"))
        line.sendall(f"{database} {template}\n".encode())
        answer = line.makefile(encoding="utf-8").readline().strip()
    if answer != "ready":
        raise ServiceFailed(answer or "the test services ended")


def serve(folder: Path) -> None:
    """Answer until standard input ends."""
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)  # the services run as another user when we are root
    with (
        contextlib.ExitStack() as running,
        socket.socket(socket.AF_UNIX) as listener,
        selectors.DefaultSelector() as selector,
    ):
        running.callback(shutil.rmtree, folder, ignore_errors=True)
        listener.bind(str(folder / "ask"))
        listener.listen()
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        print("listening", flush=True)  # noqa: T201 - the parent waits for it
        pair = Pair(folder, running=running)
        while sys.stdin not in [key.fileobj for key, _ in selector.select()]:
            line, _ = listener.accept()
            with line, contextlib.suppress(OSError):  # a client may have given up
                line.sendall(f"{pair.answer(*line.recv(200).decode().split())}\n".encode())


class Pair:
    """PostgreSQL and Redis, started at the first question."""

    def __init__(self, folder: Path, *, running: contextlib.ExitStack) -> None:
        self.folder = folder
        self.running = running
        self.postgres: Postgres | None = None

    def answer(self, database: str, template: str) -> str:
        """Make the database and return `ready`, or why it cannot be had."""
        try:
            if self.postgres is None:
                self.running.enter_context(Redis(self.folder))
                self.postgres = self.running.enter_context(Postgres(self.folder, is_durable=False))
            self.postgres.make_database(database, template=template)
        except (OSError, ServiceFailed, psycopg.Error) as failure:
            return " ".join(str(failure).split())
        return "ready"


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
