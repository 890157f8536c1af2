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

    def set_up(self, curl: pycurl.Curl, *, remaining_s: float, ca_file: str) -> None:
        """Tell libcurl all it may do; everything else it knows is switched off."""
        self._set_door(curl)
        self._set_times(curl, remaining_s=remaining_s)
        curl.setopt(pycurl.URL, self.url.url)
        curl.setopt(pycurl.HTTPHEADER, self._headers())
        curl.setopt(pycurl.USERAGENT, self.guard.user_agent)
        curl.setopt(pycurl.CAINFO, ca_file)
        curl.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        curl.setopt(pycurl.OPT_CERTINFO, int(self.url.scheme == "https"))
        curl.setopt(pycurl.MAXFILESIZE, self.limits.wire_bytes)
        curl.setopt(pycurl.HEADERFUNCTION, self._take_header)
        curl.setopt(pycurl.WRITEFUNCTION, self._take_body)

    def close_sockets(self) -> None:
        """Close our ends; libcurl holds duplicates of what it uses."""
        for opened in self.sockets:
            opened.close()
        self.sockets.clear()

    def _set_door(self, curl: pycurl.Curl) -> None:
        curl.setopt(pycurl.PROTOCOLS, HTTP_SCHEMES)
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.PATH_AS_IS, 1)
        curl.setopt(pycurl.HTTP09_ALLOWED, 0)
        curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        curl.setopt(pycurl.NETRC, pycurl.NETRC_IGNORED)
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        # Both are set even when empty, else libcurl takes them from the environment.
        curl.setopt(pycurl.PROXY, self.proxy.url if self.proxy else "")
        curl.setopt(pycurl.NOPROXY, "")
        curl.setopt(pycurl.HTTPPROXYTUNNEL, int(self.proxy is not None))
        through = self.proxy or self.url
        if not through.is_address:
            shown = ",".join(f"[{ip}]" if ":" in ip else ip for ip in self.addresses)
            curl.setopt(pycurl.RESOLVE, [f"{through.host}:{through.port}:{shown}"])

    def _set_times(self, curl: pycurl.Curl, *, remaining_s: float) -> None:
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(remaining_s * 1000)))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(self.limits.connect_s * 1000)))
        curl.setopt(pycurl.LOW_SPEED_LIMIT, 1)
        curl.setopt(pycurl.LOW_SPEED_TIME, self.limits.idle_s)

    def _headers(self) -> list[str]:
        # "Name:" with nothing after it takes away a header libcurl would send by itself.
        return [f"Accept: {ACCEPT}", "Accept-Encoding: gzip", "Expect:", *self.validators]

    def _open_socket(
        self, purpose: int, address: tuple[int, int, int, tuple[str, int]]
    ) -> socket.socket | int:
        family, kind, protocol, where = address
        if purpose != pycurl.SOCKTYPE_IPCXN or not self._may_open(family, where):
            self.refused += 1
            return SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
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
