"""The answers of the hostile server, one name a behaviour."""

import gzip
from collections.abc import Mapping

from tests.hostile.server import Route, Visitor

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html; charset=UTF-8\r\n"
PAGE = b"<html><body><p>About 1,500 soldiers have arrived.</p></body></html>"
ZIPPED = gzip.compress(PAGE)
BOMB = gzip.compress(bytes(64 * 1024 * 1024))
GZIP = b"Content-Encoding: gzip\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def whole(body: bytes, *, head: bytes = OK) -> bytes:
    """An answer whose length is told rightly."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def status(line: str, *fields: str, body: bytes = b"x") -> bytes:
    """An answer with a status line and fields of its own."""
    head = "".join(f"{field}\r\n" for field in (f"HTTP/1.1 {line}", "Connection: close", *fields))
    return whole(body, head=head.encode())


def redirect(location: str, *, code: int = 301) -> bytes:
    return status(f"{code} Moved", f"Location: {location}", body=b"")


def slow_head(visitor: Visitor) -> None:
    visitor.drip(OK * 100, every_s=0.05)


def slow_body(visitor: Visitor) -> None:
    visitor.send(OK + b"Content-Length: 1000\r\n\r\n")
    visitor.drip(b"x" * 1000, every_s=0.05)


def silent(visitor: Visitor) -> None:
    visitor.hold()


def endless(visitor: Visitor) -> None:
    visitor.send(OK + b"\r\n")
    visitor.pour(b"x" * 65536)


def endless_chunks(visitor: Visitor) -> None:
    visitor.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    visitor.pour(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


def endless_redirect_body(visitor: Visitor) -> None:
    visitor.send(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\n\r\n")
    visitor.pour(b"x" * 65536)


def endless_not_found(visitor: Visitor) -> None:
    visitor.send(b"HTTP/1.1 404 Not Found\r\n\r\n")
    visitor.pour(b"x" * 65536)


def slow_interim_answers(visitor: Visitor) -> None:
    visitor.drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, every_s=0.02)


def storm_of_interim_answers(visitor: Visitor) -> None:
    visitor.pour(b"HTTP/1.1 100 Continue\r\n\r\n")


def reset_at_once(visitor: Visitor) -> None:
    visitor.reset()


def reset_in_head(visitor: Visitor) -> None:
    visitor.send(OK)
    visitor.reset()


def reset_in_body(visitor: Visitor) -> None:
    visitor.send(OK + b"Content-Length: 1000\r\n\r\n" + b"x" * 100)
    visitor.reset()


ROUTES: Mapping[str, Route] = {
    "/fine": whole(
        PAGE, head=OK + b'ETag: "one"\r\nLast-Modified: Mon, 02 Nov 2026 10:00:00 GMT\r\n'
    ),
    "/zipped": whole(ZIPPED, head=OK + GZIP),
    "/zipped-twice-over": whole(ZIPPED + ZIPPED, head=OK + GZIP),
    "/zip-cut": whole(ZIPPED[:-9], head=OK + GZIP),
    "/zip-and-garbage": whole(ZIPPED + b"garbage", head=OK + GZIP),
    "/zip-that-is-none": whole(PAGE, head=OK + GZIP),
    "/zip-in-zip": whole(gzip.compress(ZIPPED), head=OK + GZIP),
    "/zip-of-nothing": whole(gzip.compress(b""), head=OK + GZIP),
    "/bomb-of-many-members": whole(gzip.compress(bytes(65536)) * 1000, head=OK + GZIP),
    "/bomb": whole(BOMB, head=OK + GZIP),
    "/brotli": whole(b"raw", head=OK + b"Content-Encoding: br\r\n"),
    "/zstd": whole(b"raw", head=OK + b"Content-Encoding: zstd\r\n"),
    "/gzip-gzip": whole(b"raw", head=OK + b"Content-Encoding: gzip, gzip\r\n"),
    "/two-encodings": whole(
        b"raw", head=OK + b"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"
    ),
    "/rot13": whole(b"raw", head=OK + b"Content-Encoding: rot13\r\n"),
    "/five-gigabytes": OK + b"Content-Length: 5000000000\r\n\r\n" + PAGE,
    "/length-of-23-digits": OK + b"Content-Length: " + b"9" * 23 + b"\r\n\r\n" + PAGE,
    "/negative-length": OK + b"Content-Length: -1\r\n\r\n" + PAGE,
    "/two-lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "/length-and-chunks": OK
    + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "/chunk-that-is-none": OK + CHUNKED + b"zz\r\nab\r\n",
    "/chunk-of-18-digits": OK + CHUNKED + b"F" * 18 + b"\r\nab\r\n",
    "/chunks-cut": OK + CHUNKED + b"1000\r\n" + PAGE,
    "/trailer-storm": OK + CHUNKED + b"1\r\nx\r\n0\r\n" + b"X-Field: v\r\n" * 5000 + b"\r\n",
    "/transfer-gzip": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "/too-short": OK + b"Content-Length: 1000\r\n\r\n" + PAGE,
    "/endless": endless,
    "/endless-chunks": endless_chunks,
    "/endless-redirect-body": endless_redirect_body,
    "/endless-not-found": endless_not_found,
    "/slow-head": slow_head,
    "/slow-body": slow_body,
    "/silent": silent,
    "/early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n" + whole(PAGE),
    "/slow-interim": slow_interim_answers,
    "/interim-storm": storm_of_interim_answers,
    "/reset": reset_at_once,
    "/reset-in-head": reset_in_head,
    "/reset-in-body": reset_in_body,
    "/nothing": b"",
    "/5000-fields": OK + b"X-Field: value\r\n" * 5000 + b"\r\n",
    "/field-of-a-megabyte": OK + b"X-Field: " + b"v" * 1_000_000 + b"\r\n\r\n",
    "/field-without-colon": OK + b"no colon here\r\n\r\n",
    "/nul-in-field": OK + b"X-Field: a\0b\r\n\r\n",
    "/nul-in-status": b"HTTP/1.1 200 O\0K\r\nContent-Length: 1\r\n\r\nx",
    "/http-2-in-plain": b"HTTP/2 200 OK\r\n\r\nabc",
    "/http-0.9": PAGE,
    "/ssh": b"SSH-2.0-OpenSSH_9.6\r\n",
    "/garbage": bytes(range(256)) * 8,
    "/empty": whole(b""),
    "/image": whole(PAGE, head=b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"),
    "/pdf-as-html": whole(b"%PDF-1.7\n" + bytes(range(256))),
    "/two-types": status("200 OK", "Content-Type: text/html", "Content-Type: image/png"),
    "/zip": whole(b"PK\3\4" + bytes(500_000), head=OK.replace(b"text/html", b"application/zip")),
    "/no-content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/reset-content": status("205 Reset Content", body=b""),
    "/part": status("206 Partial Content", "Content-Range: bytes 0-0/9"),
    "/not-modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "/switching": status("101 Switching Protocols", "Upgrade: h2c"),
    "/use-proxy": status("305 Use Proxy", "Location: /fine"),
    "/status-999": status("999 What"),
    "/unauthorised": status("401 No"),
    "/forbidden": status("403 No"),
    "/legal": status("451 No"),
    "/not-found": status("404 No"),
    "/gone": status("410 No"),
    "/teapot": status("418 No"),
    "/too-many": status("429 No", "Retry-After: 120"),
    "/failing": status("500 No"),
    "/unavailable": status("503 No", "Retry-After: 0"),
    "/to-itself": redirect("/to-itself"),
    "/a": redirect("/b"),
    "/b": redirect("/a"),
    **{f"/chain-{n}": redirect(f"/chain-{n + 1}") for n in range(9)},
    "/to-fine": redirect("/fine"),
    "/to-fine-with-cookie": status("302 Found", "Location: /fine", "Set-Cookie: s=1", body=b""),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-redis": redirect("http://127.0.0.1:6379/"),
    "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-decimal": redirect("http://2130706433/"),
    "/to-single-label": redirect("//evil"),
    "/to-nowhere": redirect(""),
    "/to-no-url": redirect("http://[::1"),
    "/to-a-long-way": redirect("/" + "a" * 5000),
    "/to-a-backslash": redirect("/\\evil.example/"),
    "/to-data": redirect("data:text/html,<b>"),
    "/to-port-22": redirect("http://news.example:22/"),
    "/to-no-place": status("301 Moved", body=b""),
    "/to-credentials": redirect("http://user:secret@example.org/"),
}
