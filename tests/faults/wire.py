"""A wire to PostgreSQL that breaks at a COMMIT."""

import contextlib
import socket
import threading
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Wire:
    """Listens as PostgreSQL does in `folder`, and passes everything on to the one in `server`.

    Once `break_at_commit` says so, the next COMMIT ends its connection: after PostgreSQL has
    carried it out, its answer lost, or before PostgreSQL has seen it.
    """

    def __init__(self, folder: Path, *, server: Path) -> None:
        self.server = str(server / SOCKET)
        self.when = ""
        self.deaf: socket.socket | None = None
        self.broken = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / SOCKET))
        self.listener.listen()
        self.open: list[socket.socket] = [self.listener]
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def break_at_commit(self, when: str) -> None:
        """Break once, `after` PostgreSQL committed or `before` it hears of it."""
        self.when = when

    def mend(self) -> None:
        """Break no more."""
        self.when, self.deaf = "", None

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.server)
                self.open += [client, server]
                for ends in ((client, server), (server, client)):
                    thread = threading.Thread(target=self.carry, args=ends)
                    self.threads.append(thread)
                    thread.start()

    def carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if target is self.deaf or (self.when == "before" and b"COMMIT" in data):
                    self.broken.set()
                    break
                if self.when == "after" and b"COMMIT" in data:
                    self.deaf = source  # it will not hear the answer
                target.sendall(data)
        hang_up(source)
        hang_up(target)

    def close(self) -> None:
        for end in self.open:
            hang_up(end)
            end.close()
        for thread in self.threads:
            thread.join()


def hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
