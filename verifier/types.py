"""Values the engines of the watch are asked with. All frozen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from claims.types import Assessment, PageText

MIB = 1024 * 1024
AGENT = "Stet/0.1"

Resolve = Callable[[str, int], Sequence[str]]
"""Name and port to addresses, best first; raises NameUnknown, may block."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One page to look at, with the validators of the last look.

    Validators belong to one URL: they are sent to `validated_url` alone (empty: to `url`), so that
    a redirect to another page is never mistaken for an unchanged one.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    validated_url: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one look may cost.

    `total_s` is for all hops together, waiting for a turn left out; `idle_s` is the longest
    silence within a body. Of an answer that is no page (redirects, errors) at most
    `error_bytes` are read. `concurrency` and `per_host` bound one batch.
    """

    total_s: float = 30.0
    connect_s: float = 10.0
    idle_s: int = 10
    wire_bytes: int = 10 * MIB
    decoded_bytes: int = 20 * MIB
    error_bytes: int = 64 * 1024
    redirects: int = 5
    concurrency: int = 64
    per_host: int = 2


@dataclass(frozen=True, slots=True)
class Guard:
    """Where the outgoing door may open, and as whom it speaks.

    `allow` holds the exact `host:port` that may be opened although not public, `refuse` further
    networks (CIDR) that may not: the installation's own public addresses, a local NAT64 prefix.
    `proxy` (http://host:port) takes every connection, or none is made. `ca_file` replaces the
    system's certificates, `resolve` the system's resolver. `contact` (a page or an address) tells
    the servers whom to ask about us.
    """

    allow: frozenset[str] = frozenset()
    refuse: tuple[str, ...] = ()
    proxy: str = ""
    contact: str = ""
    ca_file: str = ""
    resolve: Resolve | None = None

    @property
    def user_agent(self) -> str:
        """Return the name under which every request is made."""
        return "; ".join(filter(None, [f"{AGENT} (rechecks cited sources", self.contact])) + ")"


@dataclass(frozen=True, slots=True)
class RawPage:
    """A body as it was fetched, and what its server says of it."""

    raw: bytes
    url: str
    media_type: str = "text/html"
    charset: str = ""


@dataclass(frozen=True, slots=True)
class AssessedPage:
    """What a page says now, and what that means for the quotes that rest on it."""

    page: PageText
    assessment: Assessment
