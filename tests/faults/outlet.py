"""A stranger's site of many pages on the loopback: editable, countable, and able to keep waiting."""

import contextlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

PAGE = """<!doctype html><html lang="en"><head><title>Flood, page {number}</title></head><body>
<nav><a href="/">Home</a></nav><main><article><h1>Flood, page {number}</h1>
<p>The ministry met reporters in the capital on Friday to speak about the flood.</p>
<p>{quote}</p><p>Crews worked through the night to clear the roads along the river.</p>
</article></main></body></html>"""
QUOTE = "At least {houses} houses in valley {number} were under water on Friday evening, the office said."
FIRST_HOUSES = 240
HALF = 200


def quote(number: int, *, edition: int = 0) -> str:
    """Return the passage page `number` carries in an edition; each edition has another figure."""
    return QUOTE.format(number=number, houses=FIRST_HOUSES + edition)


class Hold:
    """A page that keeps whoever asks waiting: `asked` is set then, `go` lets it answer."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()


class Outlet:
    """Pages `/0`, `/1` ...; `editions` says which edition of each is out.

    `asked` counts the requests for each, `answered` those whose answer was sent whole.
    """

    def __init__(self) -> None:
        self.editions: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.holds: dict[str, Hold] = {}
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with contextlib.suppress(OSError):  # a killed worker hangs up
                    outlet.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, number: int) -> str:
        return f"http://{self.place}/{number}"

    def publish(self, number: int) -> None:
        """Put the next edition of a page out."""
        self.editions[f"/{number}"] += 1

    def hold(self, number: int) -> Hold:
        """Let a page begin its answer and wait, the next time it is asked for."""
        return self.holds.setdefault(f"/{number}", Hold())

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path
        self.asked[path] += 1
        edition = self.editions[path]
        tag, hold = f'"{edition}"', self.holds.pop(path, None)
        is_known = request.headers.get("If-None-Match") == tag
        body = b"" if is_known else self.body(int(path[1:]), edition=edition)
        request.send_response(304 if is_known else 200)
        request.send_header("ETag", tag)
        if body:
            request.send_header("Content-Type", "text/html; charset=utf-8")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body[:HALF])
        if hold:
            hold.asked.set()
            hold.go.wait(60)
        if body:
            request.wfile.write(body[HALF:])
        else:
            request.end_headers()
        self.answered[path] += 1

    def body(self, number: int, *, edition: int) -> bytes:
        return PAGE.format(number=number, quote=quote(number, edition=edition)).encode()

    def close(self) -> None:
        for hold in self.holds.values():
            hold.go.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Server(ThreadingHTTPServer):
    daemon_threads: ClassVar[bool] = True  # type: ignore[misc]  # the stubs call it an instance's
    block_on_close: ClassVar[bool] = False  # type: ignore[misc]  # the same
