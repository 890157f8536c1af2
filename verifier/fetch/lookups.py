"""Ask the resolver without waiting for it: a name that hangs costs its own look and no other.

Names are resolved here and not by libcurl, so that all addresses of a name are judged before the
first connection: a name that leads to one refused address is refused whole. What was judged is
pinned for the transfer, so the resolver is not asked a second time.
"""

import contextlib
import queue
import socket
import threading
from collections.abc import Sequence

from verifier.errors import NameUnknown
from verifier.types import Resolve

Answer = Sequence[str] | NameUnknown


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver.

    Raises:
        NameUnknown: it knows no address, or could not say.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(f"{host}: the name has no address ({error}).") from error
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def addresses_of(host: str, port: int, *, resolve: Resolve | None) -> Sequence[str]:
    """Ask a resolver (the system's, where None is given).

    Raises:
        NameUnknown: it knows no address, or could not say.
    """
    addresses = (resolve or system_addresses)(host, port)
    if not addresses:
        raise NameUnknown(f"{host}: the name has no address.")
    return addresses


class Lookups:
    """The names asked for during one batch, each once; `bell` becomes readable on an answer."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve = resolve
        self._answers: dict[tuple[str, int], Answer] = {}
        self._asked: set[tuple[str, int]] = set()
        self._arrived: queue.SimpleQueue[tuple[tuple[str, int], Answer]] = queue.SimpleQueue()
        self.bell, self._rope = socket.socketpair()
        self._lock = threading.Lock()
        self._is_closed = False

    def ask(self, host: str, port: int) -> Answer | None:
        """Return the answer if it is there; else see to it that it is asked for."""
        place = (host, port)
        if place not in self._answers and place not in self._asked:
            self._asked.add(place)
            # A daemon: a resolver that never answers must not hold up the end of the process.
            threading.Thread(target=self._look_up, args=(place,), daemon=True).start()
        return self._answers.get(place)

    def collect(self) -> None:
        """Take in what has arrived since the bell rang."""
        self.bell.recv(4096)
        with contextlib.suppress(queue.Empty):
            while True:
                place, answer = self._arrived.get_nowait()
                self._answers[place] = answer

    def close(self) -> None:
        """Let go; answers still under way go nowhere."""
        with self._lock:
            self._is_closed = True
            self.bell.close()
            self._rope.close()

    def _look_up(self, place: tuple[str, int]) -> None:
        answer: Answer
        try:
            answer = addresses_of(*place, resolve=self._resolve)
        except NameUnknown as unknown:
            answer = unknown
        except Exception as error:  # noqa: BLE001 - a thread's error must reach the look it is for
            answer = NameUnknown(f"{place[0]}: the resolver failed ({error}).")
        with self._lock:
            if not self._is_closed:
                self._arrived.put((place, answer))
                self._rope.send(b".")
