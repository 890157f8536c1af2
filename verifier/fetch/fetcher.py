"""Look at many pages at once: one thread, one libcurl multi handle, bounded everywhere.

Source: libcurl-multi(3), the socket_action interface.
"""

import contextlib
import math
import select
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import pycurl

from claims.states import Outcome
from claims.types import Fetched, Hop
from verifier.addresses import ParsedUrl, UrlRefused, read_url
from verifier.errors import NameUnknown
from verifier.fetch.answers import outcome_of_error
from verifier.fetch.certificates import trusted_bundle
from verifier.fetch.exchanges import Exchange, certificate_sha256_of, peer_of, prepare
from verifier.fetch.journeys import Journey
from verifier.fetch.lookups import Lookups
from verifier.types import FetchRequest, Guard, Limits

LIBCURL = str(pycurl.version_info()[1])
# What poll(2) says beyond the two (an error, a hangup) is for reading and writing to find out.
READABLE = ~select.POLLOUT
WRITABLE = ~select.POLLIN
OK_CODES = range(200, 300)
IDLE_CONNECTIONS = 256
# A multi handle remembers each name it was told; now and then it starts afresh.
LOOKS_A_HANDLE = 20_000


@dataclass(eq=False, slots=True)
class _Active:
    """A journey that has its turn; `curl` once its request is on the wire."""

    place: int
    journey: Journey
    since: float
    curl: pycurl.Curl | None = None
    exchange: Exchange | None = None


@dataclass(slots=True)
class _Crowd:
    """The journeys of one call: who waits for a turn, by authority, and who has one."""

    lookups: Lookups
    waiting: dict[str, deque[tuple[int, Journey]]] = field(default_factory=dict)
    turns: dict[str, None] = field(default_factory=dict)
    in_flight: Counter[str] = field(default_factory=Counter)
    asking: dict[_Active, None] = field(default_factory=dict)
    sent: dict[pycurl.Curl, _Active] = field(default_factory=dict)
    ended: list[tuple[int, Fetched]] = field(default_factory=list)

    @property
    def active(self) -> int:
        return len(self.asking) + len(self.sent)


class Fetcher:
    """The outgoing door of one thread; a context manager.

    Connections are kept between calls, so that a host looked at often is not greeted anew.
    """

    def __init__(self, *, limits: Limits, guard: Guard) -> None:
        self._limits = limits
        self._guard = guard
        self._ca_file = guard.ca_file or trusted_bundle()
        self._proxy = _proxy_of(guard)
        self._sockets = select.poll()
        self._timer_at: float | None = None
        self._spare: list[pycurl.Curl] = []
        # A connection shows its certificate once; later requests on it are known by its local port.
        self._certificates: dict[tuple[str, int], str] = {}
        # A resumed TLS session shows none: its peer proves to be the one that showed it before.
        self._shown: dict[str, str] = {}
        self._looks = 0
        self._multi = self._new_multi()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._drop()

    def look(self, requests: Sequence[FetchRequest]) -> Generator[tuple[int, Fetched]]:
        """Look at pages, as many at a time as the limits allow.

        Args:
            requests: What to look at; no page is asked for twice on purpose.

        Yields:
            Place of the request and what came of it, as each look ends.
        """
        self._looks += len(requests)
        if self._looks > LOOKS_A_HANDLE:
            self._drop()
            self._multi, self._looks = self._new_multi(), len(requests)
        crowd = _Crowd(Lookups(self._guard.resolve))
        self._sockets.register(crowd.lookups.bell, select.POLLIN)
        try:
            yield from self._run(crowd, requests)
        finally:
            for active in list(crowd.sent.values()):
                self._put_away(active, crowd)
            self._sockets.unregister(crowd.lookups.bell)
            crowd.lookups.close()

    def _run(
        self, crowd: _Crowd, requests: Sequence[FetchRequest]
    ) -> Iterator[tuple[int, Fetched]]:
        for place, request in enumerate(requests):
            journey = Journey(request, self._guard, self._limits)
            journey.start()
            self._queue(crowd, place, journey)
        while crowd.active or crowd.turns or crowd.ended:
            self._give_turns(crowd)
            if crowd.active:
                self._wait(crowd)
                self._finish_transfers(crowd)
                for active in list(crowd.asking):
                    self._advance(crowd, active)
            yield from crowd.ended
            crowd.ended.clear()

    def _new_multi(self) -> pycurl.CurlMulti:
        multi = pycurl.CurlMulti()
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch_socket)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        multi.setopt(pycurl.M_MAXCONNECTS, IDLE_CONNECTIONS)
        return multi

    def _drop(self) -> None:
        for curl in self._spare:
            curl.close()
        self._spare.clear()
        self._certificates.clear()
        self._shown.clear()
        self._multi.close()

    def _queue(self, crowd: _Crowd, place: int, journey: Journey) -> None:
        if journey.result is not None:
            crowd.ended.append((place, journey.result))
            return
        authority = journey.present().authority
        crowd.waiting.setdefault(authority, deque()).append((place, journey))
        self._offer_turn(crowd, authority)

    def _offer_turn(self, crowd: _Crowd, authority: str) -> None:
        has_room = crowd.in_flight[authority] < self._limits.per_host
        if crowd.waiting.get(authority) and has_room and authority not in crowd.turns:
            crowd.turns[authority] = None

    def _give_turns(self, crowd: _Crowd) -> None:
        while crowd.turns and crowd.active < self._limits.concurrency:
            authority = next(iter(crowd.turns))
            del crowd.turns[authority]
            place, journey = crowd.waiting[authority].popleft()
            crowd.in_flight[authority] += 1
            self._offer_turn(crowd, authority)
            active = _Active(place, journey, since=time.monotonic())
            crowd.asking[active] = None
            self._advance(crowd, active)

    def _advance(self, crowd: _Crowd, active: _Active) -> None:
        """Send the request if the addresses are known, else wait for them or give up."""
        journey, through = active.journey, self._through(active.journey)
        if through is None:
            self._end(crowd, active, Outcome.PROXY, "The proxy's address cannot be read.")
            return
        answer = (
            [through.host] if through.is_address else crowd.lookups.ask(through.host, through.port)
        )
        if isinstance(answer, NameUnknown):
            self._end(crowd, active, Outcome.PROXY if self._proxy else Outcome.DNS, str(answer))
        elif answer is not None:
            # What the proxy may reach by name is the proxy's to judge.
            if self._guard.proxy or journey.check(answer):
                self._send(crowd, active, answer)
            else:
                self._leave(crowd, active)
        elif self._remaining_s(active) <= 0:
            self._end(crowd, active, Outcome.TIMEOUT, "The name server took too long.")

    def _through(self, journey: Journey) -> ParsedUrl | None:
        return self._proxy if self._guard.proxy else journey.present()

    def _send(self, crowd: _Crowd, active: _Active, addresses: Sequence[str]) -> None:
        journey = active.journey
        exchange = Exchange(
            url=journey.present(),
            addresses=addresses,
            guard=self._guard,
            limits=self._limits,
            validators=journey.validators(),
            proxy=self._proxy,
        )
        curl = self._spare.pop() if self._spare else self._new_curl()
        exchange.set_up(curl, remaining_s=self._remaining_s(active))
        active.curl, active.exchange = curl, exchange
        del crowd.asking[active]
        crowd.sent[curl] = active
        self._multi.add_handle(curl)

    def _new_curl(self) -> pycurl.Curl:
        curl = pycurl.Curl()
        prepare(curl, guard=self._guard, limits=self._limits, ca_file=self._ca_file)
        return curl

    def _remaining_s(self, active: _Active) -> float:
        spent_s = active.journey.spent_s + time.monotonic() - active.since
        return self._limits.total_s - spent_s

    def _wait(self, crowd: _Crowd) -> None:
        """Wait for sockets, the resolver or the nearest time limit, and let libcurl work."""
        bell = crowd.lookups.bell.fileno()
        for fd, events in self._sockets.poll(math.ceil(self._patience_s(crowd) * 1000)):
            if fd == bell:
                crowd.lookups.collect()
                continue
            flags = pycurl.CSELECT_IN if events & READABLE else 0
            flags |= pycurl.CSELECT_OUT if events & WRITABLE else 0
            self._multi.socket_action(fd, flags)
        if self._timer_at is not None and time.monotonic() >= self._timer_at:
            self._timer_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def _patience_s(self, crowd: _Crowd) -> float:
        if not crowd.active or (crowd.turns and crowd.active < self._limits.concurrency):
            return 0.0
        limits_s = [self._remaining_s(active) for active in crowd.asking]
        if self._timer_at is not None:
            limits_s.append(self._timer_at - time.monotonic())
        return max(0.0, min(limits_s, default=1.0))

    def _watch_socket(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            with contextlib.suppress(KeyError):
                self._sockets.unregister(fd)
            return
        events = select.POLLIN if what & pycurl.POLL_IN else 0
        events |= select.POLLOUT if what & pycurl.POLL_OUT else 0
        self._sockets.register(fd, events)

    def _set_timer(self, timeout_ms: int) -> None:
        self._timer_at = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def _finish_transfers(self, crowd: _Crowd) -> None:
        remaining = 1
        while remaining:
            remaining, done, failed = self._multi.info_read()
            for curl in done:
                self._arrive(crowd, crowd.sent[curl], failed=None, words="")
            for curl, code, words in failed:
                outcome = self._judge(curl, code, words)
                self._arrive(crowd, crowd.sent[curl], failed=outcome, words=words)

    def _judge(self, curl: pycurl.Curl, code: int, words: str) -> Outcome:
        """Tell the proxy's failures from the page's: nothing of the page counts before CONNECT."""
        if self._guard.proxy and curl.getinfo(pycurl.HTTP_CONNECTCODE) not in OK_CODES:
            return Outcome.PROXY
        return outcome_of_error(code, words=words)

    def _arrive(
        self, crowd: _Crowd, active: _Active, *, failed: Outcome | None, words: str
    ) -> None:
        curl, exchange, journey = active.curl, active.exchange, active.journey
        if curl is None or exchange is None:
            return
        url = journey.present()
        hop = Hop(
            url=url.url,
            status=curl.getinfo(pycurl.RESPONSE_CODE),
            peer=peer_of(curl),
            location=exchange.head.location(),
            certificate_sha256=self._certificate_of(curl, url),
            headers=exchange.head.kept(),
        )
        journey.spent_s += time.monotonic() - active.since
        journey.arrive(exchange, hop=hop, failed=failed, words=words)
        self._put_away(active, crowd)
        crowd.in_flight[url.authority] -= 1
        self._offer_turn(crowd, url.authority)
        self._queue(crowd, active.place, journey)

    def _certificate_of(self, curl: pycurl.Curl, url: ParsedUrl) -> str:
        if url.scheme != "https":
            return ""
        connection = (peer_of(curl), curl.getinfo(pycurl.LOCAL_PORT))
        shown = certificate_sha256_of(curl)
        if shown:
            self._certificates[connection] = self._shown[url.authority] = shown
        return self._certificates.get(connection) or self._shown.get(url.authority, "")

    def _end(self, crowd: _Crowd, active: _Active, outcome: Outcome, detail: str) -> None:
        active.journey.spent_s += time.monotonic() - active.since
        active.journey.end(outcome, detail=detail)
        self._leave(crowd, active)

    def _leave(self, crowd: _Crowd, active: _Active) -> None:
        """End a journey whose request was never sent."""
        del crowd.asking[active]
        authority = active.journey.present().authority
        crowd.in_flight[authority] -= 1
        self._offer_turn(crowd, authority)
        self._queue(crowd, active.place, active.journey)

    def _put_away(self, active: _Active, crowd: _Crowd) -> None:
        if active.curl is not None:
            del crowd.sent[active.curl]
            self._multi.remove_handle(active.curl)
            self._spare.append(active.curl)
            active.curl = None
        if active.exchange is not None:
            active.exchange.let_go()


def _proxy_of(guard: Guard) -> ParsedUrl | None:
    try:
        return read_url(guard.proxy) if guard.proxy else None
    except UrlRefused:
        return None
