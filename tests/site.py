"""A stranger's site of one page, on the loopback, that a test edits."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<nav><a href="/">Home</a> {menu}</nav><main><article><h1>{title}</h1>
<p>The ministry met reporters in the capital on Friday to speak about the flood.</p>
<p>{quote}</p><p>Crews worked through the night to clear the roads along the river.</p>
{notice}</article></main><footer>{menu}</footer></body></html>"""
QUOTE = "At least 240 houses in the valley were under water on Friday evening, the office said."


class Site:
    """A loopback site of one page that a test edits; counts what it was asked."""

    def __init__(self) -> None:
        self.begin_anew()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def begin_anew(self) -> None:
        """Say again what it said at first."""
        self.status, self.quote, self.menu, self.notice = 200, QUOTE, "News Sport", ""
        self.location = ""
        self.asked: list[str] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def body(self) -> bytes:
        words = {"title": "Flood", "menu": self.menu, "quote": self.quote, "notice": self.notice}
        return PAGE.format(**words).encode()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = self.body() if self.status == 200 else b"gone"
        tag = f'"{hash(body)}"'
        self.asked.append(request.headers.get("If-None-Match", ""))
        status = self.status
        if self.location and request.path != self.location:
            status = 301
        elif status == 200 and request.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        request.send_response(status)
        if status == 301:
            request.send_header("Location", self.location)
            body = b""
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("ETag", tag)
        if status != 304:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
