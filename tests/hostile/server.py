"""A loopback server that answers as badly as a test asks, and a listener nobody may reach."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

CERTIFICATES = Path(__file__).parent / "certificates"
REQUEST_MAX = 65536
CLOSE = b"Connection: close\r\n"
TLS_HANDSHAKE = b"\x16"
NO_TLS = b"HTTP/1.1 400 No TLS here\r\n\r\n"
NO_ROUTE = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


class Visitor:
    """One connection, as a route sees it."""

    def __init__(self, connection: socket.socket, closing: threading.Event) -> None:
        self._connection = connection
        self._closing = closing

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def drip(self, data: bytes, *, every_s: float) -> None:
        """Send one byte after another until the server closes."""
        for byte in data:
            if self._closing.wait(every_s):
                return
            self.send(bytes([byte]))

    def hold(self) -> None:
        """Say nothing until the server closes."""
        self._closing.wait()

    def pour(self, data: bytes) -> None:
        """Send without end."""
        while not self._closing.is_set():
            self.send(data)

    def reset(self) -> None:
        """Break the connection off with a reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._connection.close()


Route = bytes | Callable[[Visitor], None]


class Server:
    """Answers a path by its route; notes every request head it has read."""

    def __init__(
        self,
        routes: Mapping[str, Route],
        *,
        tls: ssl.SSLContext | None = None,
        keeps_alive: bool = False,
        port: int = 0,
    ) -> None:
        self._keeps_alive = keeps_alive
        self.routes = dict(routes)
        self.heads: list[str] = []
        self._tls = tls
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self.connections = 0
        self.most_at_once = 0
        self._open = 0
        self._lock = threading.Lock()

    @property
    def allow(self) -> frozenset[str]:
        return frozenset({self.authority})

    def url(self, path: str) -> str:
        return f"{'https' if self._tls else 'http'}://{self.authority}{path}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        # A connection of our own wakes accept() up; closing a listener does not.
        with contextlib.suppress(OSError), socket.create_connection(self._listener.getsockname()):
            pass
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._closing.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            connection = stack.enter_context(plain)
            # Shorter than any test's patience, so that an idle connection holds up no end.
            connection.settimeout(5)
            if self._tls:
                connection = stack.enter_context(self._tls.wrap_socket(plain, server_side=True))
            with self._lock:
                self.connections += 1
            while self._answer(connection) and self._keeps_alive:
                pass

    def _answer(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(REQUEST_MAX)
            if not piece:
                return False
            head += piece
            if head.startswith(TLS_HANDSHAKE):
                connection.sendall(NO_TLS)
                return False
        text = head.decode("latin-1")
        self.heads.append(text)
        route = self.routes.get(text.split(" ")[1], NO_ROUTE)
        with self._counted():
            if isinstance(route, bytes):
                answer = route.replace(CLOSE, b"") if self._keeps_alive else route
                connection.sendall(answer[:-1])
            else:
                route(Visitor(connection, self._closing))
        # The visitor has his answer with its last byte; what he asks for after that is no overlap.
        if isinstance(route, bytes):
            connection.sendall(answer[-1:])
        return True

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1


class Canary:
    """Listens where nothing may connect; `was_reached` says whether anything did."""

    def __init__(self, address: str = "127.0.0.1", *, port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, port), family=family, backlog=64)
        self._listener.setblocking(False)
        self.address = address
        self.port = int(self._listener.getsockname()[1])

    @property
    def host(self) -> str:
        """The address as a URL writes it."""
        return f"[{self.address}]" if ":" in self.address else self.address

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    @property
    def was_reached(self) -> bool:
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return False
        connection.close()
        return True


def own_addresses() -> list[str]:
    """The loopback, and the addresses this machine would speak to others from."""
    found = ["127.0.0.1", "::1"]
    for family, far in FAR_AWAY:
        # Connecting a datagram socket sends nothing: it only chooses the near end.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            found.append(probe.getsockname()[0])
    return found


def canaries() -> list[Canary]:
    """A canary on each of the machine's own addresses that can be listened on."""
    listening = []
    for address in own_addresses():
        with contextlib.suppress(OSError):
            listening.append(Canary(address))
    return listening


def tls_context(certificate: str) -> ssl.SSLContext:
    """A server's side of TLS with one of the certificates of this folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context
