"""The running demonstration: its outlets, what has happened to them, and their listeners."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from seeds.site.answers import Answer, answer
from seeds.site.events import Event, EventKind, load_events
from seeds.site.outlets import Outlet, load_outlets
from seeds.site.state import State, read_state, write_state


class PortTaken(Exception):
    """A port cannot be opened; `str()` is one sentence for people."""


class Listener(Protocol):
    """Something that listens for one outlet until it is stopped."""

    def stop(self) -> None:
        """Stop listening and let the port go."""


class Demonstration:
    """Six outlets on one host; the one object that every request thread shares.

    `listen` opens the port of one outlet and raises OSError where it is taken.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        state_file: Path,
        listen: Callable[["Demonstration", Outlet], Listener],
    ) -> None:
        self.host = host
        self.port = port
        self.outlets = load_outlets()
        self.events = load_events()
        self.state = read_state(state_file)
        self._state_file = state_file
        self._listen = listen
        self._listeners: dict[str, Listener] = {}
        self._lock = threading.RLock()

    def port_of(self, outlet: Outlet) -> int:
        """Return the port of one outlet."""
        return self.port + outlet.port_offset

    def url_of(self, outlet: Outlet) -> str:
        """Return the address of one outlet, without a slash at its end."""
        return f"http://{self.host}:{self.port_of(outlet)}"

    def outlet(self, key: str) -> Outlet:
        """Return the outlet of that key."""
        return next(outlet for outlet in self.outlets if outlet.key == key)

    def is_listening(self, outlet: Outlet) -> bool:
        """Say whether the outlet answers at all."""
        return outlet.key in self._listeners

    def start(self) -> None:
        """Open every port but those of outlets that are down; on a taken one close them again."""
        down = {
            event.outlet
            for event in self.events.values()
            if event.kind is EventKind.DOWN and event.key in self.state.done
        }
        try:
            for outlet in self.outlets:
                if outlet.key not in down:
                    self._open(outlet)
        except PortTaken:
            self.stop()
            raise

    def stop(self) -> None:
        """Close every port, all at once: each takes a moment to notice."""
        with self._lock, ThreadPoolExecutor() as pool:
            list(pool.map(self._close, list(self._listeners)))

    def answer(self, outlet: Outlet, path: str) -> Answer:
        """Return what `outlet` says at `path` now."""
        return answer(
            outlet,
            path,
            base_url=self.url_of(outlet),
            state=self.state,
            events=self.events.values(),
        )

    def do(self, event: Event) -> None:
        """Let one event happen; doing it twice is doing it once."""
        with self._lock:
            if event.key in self.state.done:
                return
            self._keep(self.state.with_done(event.key, page=event.page_key, at=_now()))
            if event.kind is EventKind.DOWN:
                self._close(event.outlet)

    def put_back(self, event: Event) -> None:
        """Undo one event; the page reads as published again.

        Raises:
            PortTaken: somebody else took the outlet's port meanwhile.
        """
        with self._lock:
            if event.key not in self.state.done:
                return
            if event.kind is EventKind.DOWN:
                self._open(self.outlet(event.outlet))
            self._keep(self.state.without(event.key, page=event.page_key, at=_now()))

    def put_all_back(self) -> None:
        """Undo every event."""
        with self._lock:
            for event in self.events.values():
                self.put_back(event)

    def _keep(self, state: State) -> None:
        write_state(self._state_file, state)
        self.state = state

    def _open(self, outlet: Outlet) -> None:
        try:
            self._listeners[outlet.key] = self._listen(self, outlet)
        except OSError as error:
            port = f"port {self.port_of(outlet)} of {self.host}"
            raise PortTaken(f"The demonstration site cannot open {port}: {error}.") from error

    def _close(self, key: str) -> None:
        self._listeners.pop(key).stop()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
