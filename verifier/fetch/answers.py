"""What an answer means: header lines, status codes and libcurl's errors, each by one table.

Source: RFC 9110 sections 5 (fields), 10.2.3 (Retry-After), 15 (status codes); libcurl-errors(3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pycurl

from claims.states import Outcome

HEADERS_MAX = 256
HEADER_BYTES_MAX = 128 * 1024
RETRY_AFTER_MIN_S = 60
RETRY_AFTER_MAX_S = 24 * 3600
VALUE_KEPT = 1000
NOT_MODIFIED = 304
FIRST_NOT_A_PAGE = 300
REDIRECTS = frozenset({301, 302, 303, 307, 308})
STATUS_OUTCOMES: dict[int, Outcome] = {
    200: Outcome.CHANGED,
    203: Outcome.CHANGED,
    204: Outcome.EMPTY,
    205: Outcome.EMPTY,
    206: Outcome.INCOMPLETE,  # a part nobody asked for
    401: Outcome.BLOCKED,
    402: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    407: Outcome.BLOCKED,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
}
STATUS_CLASSES = {4: Outcome.CLIENT_ERROR, 5: Outcome.SERVER_ERROR}

# What libcurl can report while it is allowed HTTP and HTTPS only, in its own numbers: pycurl names
# neither all of them nor the newest. The names stand in libcurl-errors(3).
CURL_OUTCOMES: dict[Outcome, frozenset[int]] = {
    Outcome.BAD_URL: frozenset({3}),
    Outcome.PROXY: frozenset({5, 97}),
    Outcome.DNS: frozenset({6}),
    Outcome.CONNECTION: frozenset({2, 7, 27, 45, 52, 55, 56, 81, 88, 89, 99}),
    Outcome.TIMEOUT: frozenset({28}),
    Outcome.TLS: frozenset({35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98, 101}),
    Outcome.INCOMPLETE: frozenset({18}),
    Outcome.TOO_LARGE: frozenset({63}),
    Outcome.BAD_ENCODING: frozenset({61}),
    Outcome.PROTOCOL: frozenset(
        {1, 4, 8, 16, 22, 23, 26, 33, 34, 41, 42, 43, 47, 48, 65, 92, 93, 94}
    )
    | frozenset({95, 96, 100}),
}
RECEIVING = (("unexpected eof", Outcome.INCOMPLETE), ("chunk", Outcome.PROTOCOL))
"""Signs in libcurl's words: TLS that ended without notice, chunks that are none."""

OTHER_PROTOCOLS: frozenset[int] = frozenset(
    {9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 24, 25, 29, 30, 31, 32, 36, 37, 38, 39, 40, 44, 46}
    | {49, 50, 51, 57, 62, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 78, 79, 84, 85, 86, 87}
)
"""Numbers of FTP, LDAP, TFTP, RTSP, mail and SSH, and retired ones: never seen by this door."""


@dataclass(slots=True)
class Head:
    """The header lines of one answer as they come in; only the last block is kept.

    They are read when somebody asks, all at once: most answers are asked little.
    """

    lines: int = 0
    size_bytes: int = 0
    _block: list[bytes] = field(default_factory=list)
    _fields: list[tuple[str, str]] = field(default_factory=list)
    _named: dict[str, list[str]] = field(default_factory=dict)
    _read: int = 0

    def feed(self, line: bytes) -> bool:
        """Take one line; False where a sane server would have stopped."""
        self.lines += 1
        self.size_bytes += len(line)
        if line.startswith(b"HTTP/"):
            self._forget()
        self._block.append(line)
        return self.lines <= HEADERS_MAX and self.size_bytes <= HEADER_BYTES_MAX

    def is_page(self) -> bool:
        """Say whether the answer is a success, so that its body is what was asked for."""
        status_line = self._block[0] if self._block else b""
        is_one = status_line.startswith(b"HTTP/")
        return is_one and status_line.partition(b" ")[2].startswith(b"2")

    def value(self, name: str) -> str:
        """Return the value of a field, several joined by commas, or nothing."""
        return ", ".join(self._values(name))

    def last(self, name: str) -> str:
        """Return the value of a field; of several, the last, as browsers read Content-Type."""
        values = self._values(name)
        return values[-1] if values else ""

    def location(self) -> str:
        """Return where a redirect leads; servers do send it in plain UTF-8."""
        value = self.value("location")
        return value.encode("latin-1").decode("utf-8", "replace") if value else ""

    def is_ambiguous(self) -> bool:
        """Say whether the length of the body is told in two ways (RFC 9112 section 6.3)."""
        lengths = set(self._values("content-length"))
        return len(lengths) > 1 or bool(lengths and self.value("transfer-encoding"))

    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return what goes on record; cookies are a secret we never use."""
        self._read_lines()
        return tuple((k, v[:VALUE_KEPT]) for k, v in self._fields if k != "set-cookie")

    def _values(self, name: str) -> Sequence[str]:
        self._read_lines()
        return self._named.get(name, ())

    def _forget(self) -> None:
        self._block.clear()
        self._fields.clear()
        self._named.clear()
        self._read = 0

    def _read_lines(self) -> None:
        """Read the lines that came since: those of a trailer come after the body was begun."""
        for line in self._block[self._read :]:
            name, colon, value = line.decode("latin-1").partition(":")
            if colon and not name.startswith("HTTP/"):
                name, value = name.strip().lower(), value.strip()
                self._fields.append((name, value))
                self._named.setdefault(name, []).append(value)
        self._read = len(self._block)


def outcome_of_status(status: int, *, was_conditional: bool) -> Outcome:
    """Judge a final status code: CHANGED means that a body came, UNCHANGED that none was needed."""
    if status == NOT_MODIFIED:
        return Outcome.UNCHANGED if was_conditional else Outcome.PROTOCOL
    by_class = STATUS_CLASSES.get(status // 100, Outcome.PROTOCOL)
    return STATUS_OUTCOMES.get(status, by_class)


def outcome_of_error(code: int, *, words: str = "") -> Outcome:
    """Judge an error of libcurl; `words` are its own, the only sign of what ended the receiving."""
    if code == pycurl.E_RECV_ERROR:
        return next((got for sign, got in RECEIVING if sign in words), Outcome.CONNECTION)
    for outcome, codes in CURL_OUTCOMES.items():
        if code in codes:
            return outcome
    return Outcome.PROTOCOL


def retry_after_s(value: str, *, now: datetime) -> int | None:
    """Read Retry-After (seconds or an HTTP date), clamped to a minute and a day; None if unread."""
    text = value.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        wait_s = int(text) if len(text) < len("1000000000") else RETRY_AFTER_MAX_S
    else:
        try:
            until = parsedate_to_datetime(text)
        except (TypeError, ValueError, OverflowError):
            return None
        wait_s = int((_aware(until) - now).total_seconds())
    return min(max(wait_s, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S)


def media_type_of(value: str) -> tuple[str, str]:
    """Read Content-Type into media type and charset, both lower case, either may be empty."""
    media_type, *parameters = value.split(";")
    charset = ""
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = given.strip().strip("\"'").lower()[:40]
    return media_type.strip().lower()[:100], charset


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
