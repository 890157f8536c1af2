"""Look at many pages at once: one thread, one libcurl multi handle, bounded everywhere.

Source: libcurl-multi(3), the socket_action interface.
"""

import contextlib
import selectors
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pycurl

from claims.states import Outcome
from claims.types import Fetched, Hop
from verifier.addresses import ParsedUrl, UrlRefused, read_url
from verifier.errors import NameUnknown
from verifier.fetch.answers import outcome_of_error
from verifier.fetch.certificates import trusted_bundle
from verifier.fetch.exchanges import Exchange, certificate_sha256_of, peer_of
from verifier.fetch.journeys import Journey
from verifier.fetch.lookups import Lookups
from verifier.types import FetchRequest, Guard, Limits

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE
OK_CODES = range(200, 300)


@dataclass(slots=True)
class _Active:
    """A journey that has its turn; `curl` once its request is on the wire."""

    journey: Journey
    since: float
    curl: pycurl.Curl | None = None
    exchange: Exchange | None = None


class Batch:
    """The state of one `fetch_many`; a context manager, used once, by one thread."""

    def __init__(self, *, limits: Limits, guard: Guard) -> None:
        self._limits = limits
        self._guard = guard
        self._ca_file = guard.ca_file or trusted_bundle()
        self._proxy = _proxy_of(guard)
        self._selector = selectors.DefaultSelector()
        self._lookups = Lookups(guard.resolve)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._timer_at: float | None = None
        self._spare: list[pycurl.Curl] = []
        self._waiting: dict[str, deque[Journey]] = {}
        self._turns: deque[str] = deque()
        self._in_flight: Counter[str] = Counter()
        self._active: list[_Active] = []
        # A connection shows its certificate once; later requests on it are known by its local port.
        self._certificates: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        self._selector.register(self._lookups.bell, READ)
        return self

    def __exit__(self, *_: object) -> None:
        for active in self._active:
            self._put_away(active)
        self._multi.close()
        for curl in self._spare:
            curl.close()
        self._selector.close()
        self._lookups.close()

    def run(self, requests: Sequence[FetchRequest]) -> list[Fetched]:
        """Look at all pages; the results stand in the order of the requests."""
        journeys = [Journey(request, self._guard, self._limits) for request in requests]
        for journey in journeys:
            journey.start()
            self._queue(journey)
        while self._active or self._turns:
            self._give_turns()
            self._wait()
            self._finish_transfers()
            self._advance_lookups()
        return [journey.result for journey in journeys if journey.result is not None]

    def _queue(self, journey: Journey) -> None:
        if journey.result is not None:
            return
        authority = journey.present().authority
        self._waiting.setdefault(authority, deque()).append(journey)
        self._offer_turn(authority)

    def _offer_turn(self, authority: str) -> None:
        has_room = self._in_flight[authority] < self._limits.per_host
        if self._waiting.get(authority) and has_room and authority not in self._turns:
            self._turns.append(authority)

    def _give_turns(self) -> None:
        while self._turns and len(self._active) < self._limits.concurrency:
            authority = self._turns.popleft()
            journey = self._waiting[authority].popleft()
            self._in_flight[authority] += 1
            self._offer_turn(authority)
            active = _Active(journey, since=time.monotonic())
            self._active.append(active)
            self._advance(active)

    def _advance(self, active: _Active) -> None:
        """Send the request if the addresses are known, else wait for them or give up."""
        journey, through = active.journey, self._through(active.journey)
        if through is None:
            self._end(active, Outcome.PROXY, "The proxy's address cannot be read.")
            return
        answer = (
            [through.host] if through.is_address else self._lookups.ask(through.host, through.port)
        )
        if isinstance(answer, NameUnknown):
            self._end(active, Outcome.PROXY if self._proxy else Outcome.DNS, str(answer))
        elif answer is not None:
            # What the proxy may reach by name is the proxy's to judge.
            if self._guard.proxy or journey.check(answer):
                self._send(active, answer)
            else:
                self._release(active)
        elif self._remaining_s(active) <= 0:
            self._end(active, Outcome.TIMEOUT, "The name server took too long.")

    def _through(self, journey: Journey) -> ParsedUrl | None:
        return self._proxy if self._guard.proxy else journey.present()

    def _send(self, active: _Active, addresses: Sequence[str]) -> None:
        journey = active.journey
        active.exchange = Exchange(
            url=journey.present(),
            addresses=addresses,
            guard=self._guard,
            limits=self._limits,
            validators=journey.validators(),
            proxy=self._proxy,
        )
        active.curl = self._spare.pop() if self._spare else pycurl.Curl()
        remaining_s = self._remaining_s(active)
        active.exchange.set_up(active.curl, remaining_s=remaining_s, ca_file=self._ca_file)
        self._multi.add_handle(active.curl)

    def _remaining_s(self, active: _Active) -> float:
        spent_s = active.journey.spent_s + time.monotonic() - active.since
        return self._limits.total_s - spent_s

    def _wait(self) -> None:
        """Wait for sockets, the resolver or the nearest time limit, and let libcurl work."""
        for key, events in self._selector.select(self._patience_s()):
            if key.fileobj is self._lookups.bell:
                self._lookups.collect()
                continue
            flags = pycurl.CSELECT_IN * bool(events & READ) | pycurl.CSELECT_OUT * bool(
                events & WRITE
            )
            self._multi.socket_action(key.fd, flags)
        if self._timer_at is not None and time.monotonic() >= self._timer_at:
            self._timer_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def _patience_s(self) -> float:
        if not self._active or (self._turns and len(self._active) < self._limits.concurrency):
            return 0.0
        limits_s = [self._remaining_s(active) for active in self._active if active.curl is None]
        if self._timer_at is not None:
            limits_s.append(self._timer_at - time.monotonic())
        return max(0.0, min(limits_s, default=1.0))

    def _watch_socket(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(fd)
            return
        events = READ * bool(what & pycurl.POLL_IN) | WRITE * bool(what & pycurl.POLL_OUT)
        try:
            self._selector.modify(fd, events)
        except KeyError:
            self._selector.register(fd, events)

    def _set_timer(self, timeout_ms: int) -> None:
        self._timer_at = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def _finish_transfers(self) -> None:
        by_curl = {active.curl: active for active in self._active if active.curl is not None}
        remaining = 1
        while remaining:
            remaining, done, failed = self._multi.info_read()
            for curl in done:
                self._arrive(by_curl[curl], failed=None, words="")
            for curl, code, words in failed:
                self._arrive(by_curl[curl], failed=self._judge(curl, code, words), words=words)

    def _judge(self, curl: pycurl.Curl, code: int, words: str) -> Outcome:
        """Tell the proxy's failures from the page's: nothing of the page counts before CONNECT."""
        if self._guard.proxy and curl.getinfo(pycurl.HTTP_CONNECTCODE) not in OK_CODES:
            return Outcome.PROXY
        return outcome_of_error(code, words=words)

    def _arrive(self, active: _Active, *, failed: Outcome | None, words: str) -> None:
        curl, exchange, journey = active.curl, active.exchange, active.journey
        if curl is None or exchange is None:
            return
        hop = Hop(
            url=journey.present().url,
            status=curl.getinfo(pycurl.RESPONSE_CODE),
            peer=peer_of(curl),
            location=exchange.head.location(),
            certificate_sha256=self._certificate_of(curl),
            headers=exchange.head.kept(),
        )
        journey.spent_s += time.monotonic() - active.since
        active.since = time.monotonic()
        authority = journey.present().authority
        self._put_away(active)
        journey.arrive(exchange, hop=hop, failed=failed, words=words)
        self._leave(active, authority)
        self._queue(journey)

    def _certificate_of(self, curl: pycurl.Curl) -> str:
        connection = (peer_of(curl), curl.getinfo(pycurl.LOCAL_PORT))
        shown = certificate_sha256_of(curl)
        if shown:
            self._certificates[connection] = shown
        return self._certificates.get(connection, "")

    def _advance_lookups(self) -> None:
        for active in [active for active in self._active if active.curl is None]:
            self._advance(active)

    def _end(self, active: _Active, outcome: Outcome, detail: str) -> None:
        active.journey.spent_s += time.monotonic() - active.since
        active.journey.end(outcome, detail=detail)
        self._release(active)

    def _release(self, active: _Active) -> None:
        self._leave(active, active.journey.present().authority)

    def _leave(self, active: _Active, authority: str) -> None:
        self._active.remove(active)
        self._in_flight[authority] -= 1
        self._offer_turn(authority)

    def _put_away(self, active: _Active) -> None:
        if active.curl is not None:
            self._multi.remove_handle(active.curl)
            active.curl.reset()
            self._spare.append(active.curl)
            active.curl = None
        if active.exchange is not None:
            active.exchange.close_sockets()


def _proxy_of(guard: Guard) -> ParsedUrl | None:
    try:
        return read_url(guard.proxy) if guard.proxy else None
    except UrlRefused:
        return None
