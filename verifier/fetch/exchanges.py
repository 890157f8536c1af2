"""One request and its answer through libcurl, with the guard where the socket is opened.

Source: curl_easy_setopt(3), CURLOPT_OPENSOCKETFUNCTION, CURLOPT_RESOLVE.
"""

import hashlib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

import pycurl

from claims.states import Outcome
from verifier.addresses import ParsedUrl, authority, decide
from verifier.fetch.answers import Head
from verifier.fetch.bodies import Body
from verifier.types import Guard, Limits

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.8,text/plain;q=0.8,*/*;q=0.5"
SOCKET_BAD: int = pycurl.SOCKET_BAD
HTTP_SCHEMES = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
# "Name:" with nothing after it takes away a header libcurl would send by itself.
HEADERS = (f"Accept: {ACCEPT}", "Accept-Encoding: gzip", "Expect:")


def prepare(curl: pycurl.Curl, *, guard: Guard, limits: Limits, ca_file: str) -> None:
    """Tell a new handle what holds for all its requests; all else libcurl can do is switched off.

    Args:
        curl: The handle.
        guard: Proxy and name.
        limits: Bounds of time and size.
        ca_file: The certificates to trust.
    """
    curl.setopt(pycurl.PROTOCOLS, HTTP_SCHEMES)
    curl.setopt(pycurl.FOLLOWLOCATION, 0)
    curl.setopt(pycurl.PATH_AS_IS, 1)
    curl.setopt(pycurl.HTTP09_ALLOWED, 0)
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.NETRC, pycurl.NETRC_IGNORED)
    curl.setopt(pycurl.NOSIGNAL, 1)
    # Names are pinned for each request; libcurl need not look through all it knows for old ones.
    curl.setopt(pycurl.DNS_CACHE_TIMEOUT, -1)
    # Both are set even when empty, else libcurl takes them from the environment.
    curl.setopt(pycurl.PROXY, guard.proxy)
    curl.setopt(pycurl.NOPROXY, "")
    curl.setopt(pycurl.HTTPPROXYTUNNEL, int(bool(guard.proxy)))
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(limits.connect_s * 1000)))
    curl.setopt(pycurl.LOW_SPEED_LIMIT, 1)
    curl.setopt(pycurl.LOW_SPEED_TIME, limits.idle_s)
    curl.setopt(pycurl.USERAGENT, guard.user_agent)
    curl.setopt(pycurl.CAINFO, ca_file)
    curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
    curl.setopt(pycurl.MAXFILESIZE, limits.wire_bytes)


@dataclass(slots=True)
class Exchange:
    """What one request may do, and what came of it.

    `addresses` are those of the host (of the proxy, where there is one), judged before; the socket
    guard judges each again; `refused` counts what it turned away. `has_enough`: we stopped it.
    """

    url: ParsedUrl
    addresses: Sequence[str]
    guard: Guard
    limits: Limits
    validators: tuple[str, ...] = ()
    proxy: ParsedUrl | None = None
    head: Head = field(default_factory=Head)
    body: Body | None = None
    fault: Outcome | None = None
    has_enough: bool = False
    refused: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def set_up(self, curl: pycurl.Curl, *, remaining_s: float) -> None:
        """Tell a prepared handle of this one request; each option here is set every time."""
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        through = self.proxy or self.url
        pinned = []
        if not through.is_address:
            shown = ",".join(f"[{ip}]" if ":" in ip else ip for ip in self.addresses)
            pinned.append(f"{through.host}:{through.port}:{shown}")
        curl.setopt(pycurl.RESOLVE, pinned)
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(remaining_s * 1000)))
        curl.setopt(pycurl.URL, self.url.url)
        curl.setopt(pycurl.HTTPHEADER, [*HEADERS, *self.validators])
        curl.setopt(pycurl.OPT_CERTINFO, int(self.url.scheme == "https"))
        curl.setopt(pycurl.HEADERFUNCTION, self._take_header)
        curl.setopt(pycurl.WRITEFUNCTION, self._take_body)

    def let_go(self) -> None:
        """Close our ends (libcurl holds duplicates of what it uses) and forget the body."""
        for opened in self.sockets:
            opened.close()
        self.sockets.clear()
        self.body = None

    def _open_socket(
        self, purpose: int, address: tuple[int, int, int, tuple[str, int]]
    ) -> socket.socket | int:
        family, kind, protocol, where = address
        if purpose != pycurl.SOCKTYPE_IPCXN or not self._may_open(family, where):
            self.refused += 1
            return SOCKET_BAD
        try:
            opened = socket.socket(family, kind, protocol)
        except OSError:  # no descriptor left: this look fails, the next may not
            self.fault = Outcome.CONNECTION
            return SOCKET_BAD
        self.sockets.append(opened)
        return opened

    def _may_open(self, family: int, where: tuple[str, int]) -> bool:
        if family not in {socket.AF_INET, socket.AF_INET6}:
            return False
        ip, port = where[0], where[1]
        if self.proxy is not None:
            return port == self.proxy.port and ip in self.addresses
        fault = decide(
            ip, port, host=self.url.host, allow=self.guard.allow, refuse=self.guard.refuse
        )
        return fault is None

    def _take_header(self, line: bytes) -> int:
        if self.head.feed(line):
            return len(line)
        self.fault = Outcome.PROTOCOL
        return -1

    def _take_body(self, piece: bytes) -> int:
        if self.body is None and not self._begin_body():
            return -1
        if self.body is not None and self.body.feed(piece):
            return len(piece)
        self.has_enough = True
        return -1

    def _begin_body(self) -> bool:
        if self.head.is_ambiguous():
            self.fault = Outcome.PROTOCOL
            return False
        self.body = Body(
            encoding=self.head.value("content-encoding").strip().lower(),
            limits=self.limits,
            is_page=self.head.is_page(),
        )
        return True


def peer_of(curl: pycurl.Curl) -> str:
    """Name the far end as `address:port`, or nothing where none was reached."""
    ip = curl.getinfo(pycurl.PRIMARY_IP)
    return authority(ip, curl.getinfo(pycurl.PRIMARY_PORT)) if ip else ""


def certificate_sha256_of(curl: pycurl.Curl) -> str:
    """Hash the certificate the far end showed (SHA-256 of its DER, hex); empty without one."""
    chain = curl.getinfo(pycurl.INFO_CERTINFO)
    for name, value in chain[0] if chain else ():
        if name == "Cert":
            return hashlib.sha256(ssl.PEM_cert_to_DER_cert(value.strip())).hexdigest()
    return ""
