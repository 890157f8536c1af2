"""HTTP for one outlet: conditional GET, HEAD, and the control page's POST on the first port."""

import socketserver
import threading
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from seeds.site import control
from seeds.site.answers import HTML, Answer
from seeds.site.demonstration import Demonstration
from seeds.site.outlets import Outlet

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
MAX_POST_BYTES = 65_536
POLL_S = 0.1
IDLE_S = 30


class OutletServer(socketserver.ThreadingTCPServer):
    """The listening port of one outlet, served by its own thread until `stop`."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, demonstration: Demonstration, outlet: Outlet) -> None:
        address = (demonstration.host, demonstration.port_of(outlet))
        super().__init__(address, OutletHandler)
        self.demonstration = demonstration
        self.outlet = outlet
        self.is_stopped = False
        self._thread = threading.Thread(target=self.serve_forever, args=(POLL_S,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; connections that idle are dropped at their next request."""
        self.is_stopped = True
        self.shutdown()
        self.server_close()
        self._thread.join()


class OutletHandler(BaseHTTPRequestHandler):
    """Requests to one outlet."""

    protocol_version = "HTTP/1.1"
    server_version = "StetDemonstration"
    sys_version = ""
    timeout = IDLE_S
    server: OutletServer

    def do_GET(self) -> None:
        """Answer a page."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer a page's headers."""
        self._answer()

    def do_POST(self) -> None:
        """Let an event happen, or put it back."""
        if self.server.is_stopped:
            self.close_connection = True
            return
        size = self.headers.get("Content-Length", "0")
        if not size.isdigit() or int(size) > MAX_POST_BYTES:
            self.close_connection = True
            self._send(_said(HTTPStatus.BAD_REQUEST, "That is not a form of the control page."))
            return
        self.rfile.read(int(size))
        self._send(self._act())

    def _answer(self) -> None:
        if self.server.is_stopped:
            self.close_connection = True
            return
        path, query = self._target()
        answer = None
        if self._has_control():
            answer = control.page_for(self.server.demonstration, path, did=query)
        self._send(answer or self.server.demonstration.answer(self.server.outlet, path))

    def _act(self) -> Answer:
        path, _ = self._target()
        if not self._has_control() or not path.startswith("/control/"):
            return _said(HTTPStatus.METHOD_NOT_ALLOWED, "Only the control page takes a POST.")
        origin = self.headers.get("Origin")
        # Any page open in the same browser could press the buttons by a form of its own.
        if origin and origin != f"http://{self.headers.get('Host', '')}":
            return _said(HTTPStatus.FORBIDDEN, "Only the control page itself may press a button.")
        return control.act(self.server.demonstration, path)

    def _has_control(self) -> bool:
        return self.server.outlet.port_offset == 0

    def _target(self) -> tuple[str, str]:
        try:
            parts = urlsplit(self.path)
            did = parse_qs(parts.query).get("did", [""])[0]
        except ValueError:
            return "", ""
        return unquote(parts.path), did

    def _send(self, answer: Answer) -> None:
        is_known = answer.modified_at is not None and self._has_current(answer)
        self.send_response_only(HTTPStatus.NOT_MODIFIED if is_known else answer.status)
        for name, value in _headers(answer, date=self.date_time_string()):
            if not (is_known and name.startswith("Content-")):
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and not is_known:
            self.wfile.write(answer.body)

    def _has_current(self, answer: Answer) -> bool:
        """Say whether the validators name the present version (RFC 9110 section 13.2.2)."""
        if known := self.headers.get("If-None-Match"):
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return "*" in tags or answer.etag in tags
        since = _read_date(self.headers.get("If-Modified-Since", ""))
        return since is not None and answer.modified_at is not None and answer.modified_at <= since

    # The console belongs to whoever started the site; requests are not its news.
    def _say_nothing(self, format: str, *args: object) -> None:  # noqa: A002 - its caller's name
        pass

    log_message = _say_nothing


def _headers(answer: Answer, *, date: str) -> list[tuple[str, str]]:
    headers = [
        ("Date", date),
        ("Content-Type", answer.media_type),
        ("Content-Length", str(len(answer.body))),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-cache"),
    ]
    if answer.modified_at:
        headers += [("ETag", answer.etag), ("Last-Modified", _date(answer.modified_at))]
    if answer.location:
        headers.append(("Location", answer.location))
    if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "GET, HEAD"))
    return headers


def _said(status: HTTPStatus, sentence: str) -> Answer:
    return Answer(f"{sentence}\n".encode(), media_type=HTML, status=status)


def _date(at: datetime) -> str:
    return format_datetime(at.astimezone(tz=UTC), usegmt=True)


def _read_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
