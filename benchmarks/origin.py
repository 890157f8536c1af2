"""A loopback origin that plays hundreds of sites: all answers made beforehand, gzipped, tagged.

`python -m benchmarks.origin` is one of its processes: JSON lines in, one answer a line out. What
it costs is told apart; it keeps no state a visitor could change, and ends with its standard input.
"""

import asyncio
import gzip
import json
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages import Revision, page

ROOT = Path(__file__).resolve().parent.parent
CERTIFICATES = ROOT / "tests" / "hostile" / "certificates"
AUTHORITY = CERTIFICATES / "authority.pem"
PROCESSES = 2
LAST_MODIFIED = "Mon, 02 Mar 2026 08:15:00 GMT"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one page answers: whole, or to a visitor who has its tag."""

    tag: bytes
    whole: bytes
    not_modified: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """One page of the origin."""

    number: int
    url: str
    authority: str


class Origin:
    """The origin seen from the measurement: its processes, what they serve and what they count."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def open(self, sites: Sequence[Sequence[int]], *, is_tls: bool = False) -> list[Link]:
        """Open one port for each list of page numbers; return all pages, site by site."""
        shares = [sites[place :: len(self._processes)] for place in range(len(self._processes))]
        asked = [{"open": share, "is_tls": is_tls} for share in shares]
        ports = [answer["ports"] for answer in self._ask(asked)]
        links = []
        for place, numbers in enumerate(sites):
            port = ports[place % len(ports)][place // len(ports)]
            authority = f"127.0.0.1:{port}"
            base = f"http{'s' * is_tls}://{authority}/story/"
            links += [Link(number, f"{base}{number}", authority) for number in numbers]
        return links

    def serve(self, revision: Revision) -> tuple[int, int]:
        """Serve that revision of all pages from now on; return mean bytes, plain and gzipped."""
        said = self._ask([{"serve": asdict(revision)}] * len(self._processes))
        plain, zipped, pages = (
            sum(answer[name] for answer in said) for name in ("plain", "zipped", "pages")
        )
        return plain // pages, zipped // pages

    def hang_up(self) -> None:
        """Close all connections, as servers do long before a page is looked at again."""
        self._ask([{"hang_up": True}] * len(self._processes))

    def counts(self) -> Counter[str]:
        """Return answers by status and connections so far, and `cpu_ms` of the processes."""
        total: Counter[str] = Counter()
        for answer in self._ask([{"counts": True}] * len(self._processes)):
            total.update(answer)
        return total

    def _ask(self, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        for process, question in zip(self._processes, questions, strict=True):
            assert process.stdin  # noqa: S101 - it was opened with pipes
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
        return [self._answer(process) for process in self._processes]

    def _answer(self, process: "subprocess.Popen[str]") -> dict[str, Any]:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError("a process of the origin ended")
        return dict(json.loads(line))


@contextmanager
def running_origin() -> Iterator[Origin]:
    """Start the origin; it ends with the block, and with us."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.origin"],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
            )
            for _ in range(PROCESSES)
        ]
        yield Origin(processes)


class Site:
    """One process of the origin: ports, prepared answers, counts."""

    def __init__(self) -> None:
        self.answers: dict[bytes, Answer] = {}
        self.numbers: dict[int, int] = {}
        self.counts: Counter[str] = Counter()
        self.visits: set[Visit] = set()
        self.servers: list[asyncio.Server] = []

    async def open(self, sites: Sequence[Sequence[int]], *, is_tls: bool) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        ports = []
        for numbers in sites:
            server = await loop.create_server(
                lambda: Visit(self, is_closed_after=is_tls),
                "127.0.0.1",
                0,
                ssl=_context() if is_tls else None,
            )
            self.servers.append(server)
            ports.append(server.sockets[0].getsockname()[1])
            self.numbers |= dict.fromkeys(numbers, numbers[0])
        return {"ports": ports}

    def serve(self, revision: Revision) -> dict[str, Any]:
        plain = zipped = 0
        for number, site in self.numbers.items():
            body = page(number, revision, site=site).encode()
            packed = gzip.compress(body, 6, mtime=0)
            plain, zipped = plain + len(body), zipped + len(packed)
            self.answers[b"/story/%d" % number] = _answer(number, revision, packed)
        return {"plain": plain, "zipped": zipped, "pages": len(self.numbers)}

    def hang_up(self) -> dict[str, Any]:
        for visit in list(self.visits):
            visit.transport.close()
        return {}

    async def obey(self, question: dict[str, Any]) -> dict[str, Any]:
        match question:
            case {"open": sites, "is_tls": is_tls}:
                return await self.open(sites, is_tls=is_tls)
            case {"serve": revision}:
                return self.serve(Revision(**revision))
            case {"hang_up": _}:
                return self.hang_up()
            case _:
                return {**self.counts, "cpu_ms": round(time.process_time() * 1000)}


class Visit(asyncio.Protocol):
    """One connection of a visitor."""

    transport: asyncio.Transport

    def __init__(self, site: Site, *, is_closed_after: bool) -> None:
        self.site = site
        self.is_closed_after = is_closed_after
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives no other
        self.transport = transport
        self.site.visits.add(self)
        self.site.counts["connections"] += 1

    def connection_lost(self, _error: Exception | None) -> None:
        self.site.visits.discard(self)

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, _, self.pending = self.pending.partition(b"\r\n\r\n")
            self.transport.write(self.answer_to(head))
            if self.is_closed_after:
                self.transport.close()

    def answer_to(self, head: bytes) -> bytes:
        answer = self.site.answers.get(head.split(b" ", 2)[1])
        if answer is None:
            self.site.counts["404"] += 1
            return NOT_FOUND
        is_known = answer.tag in head
        self.site.counts["304" if is_known else "200"] += 1
        return answer.not_modified if is_known else answer.whole


def _answer(number: int, revision: Revision, packed: bytes) -> Answer:
    tag = f'"{number}-{revision.token}-{revision.wording}"'
    shared = f"ETag: {tag}\r\nLast-Modified: {LAST_MODIFIED}\r\nVary: Accept-Encoding\r\n"
    whole = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(packed)}\r\n{shared}\r\n"
    )
    not_modified = f"HTTP/1.1 304 Not Modified\r\n{shared}\r\n"
    return Answer(tag.encode(), whole.encode() + packed, not_modified.encode())


def _context() -> ssl.SSLContext:
    """Return a server's side of TLS that gives no tickets: every handshake is a whole one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "good.pem")
    context.num_tickets = 0
    return context


async def main() -> None:
    """Answer questions until standard input ends."""
    site = Site()
    questions = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while line := await questions.readline():
        print(json.dumps(await site.obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
