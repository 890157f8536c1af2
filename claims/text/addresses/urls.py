"""Read a URL once, by one parser, into one object that everything later uses.

Source: WHATWG URL standard, section 4.4 (URL parsing), for the special schemes http and https.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from claims.text.addresses.connections import authority, decide, sentence_for
from claims.text.addresses.faults import UrlFault, UrlRefused
from claims.text.addresses.hosts import check_lengths, read_host

URL_MAX = 2048
PORT_MAX = 65535
DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
C0_AND_SPACE = "".join(map(chr, range(0x21)))
PRIVATE_SUFFIXES = ("local", "localhost", "internal", "intranet", "lan", "home.arpa", "onion")
# Left as they are: everything printable outside the standard's path and query encode sets.
PATH_SAFE = "/%!$&'()*+,;=:@|[]~-._"
QUERY_SAFE = "/%!$&()*+,;=:@|[]\\^~-._?`{}"
TWO_SLASHES = ("//", "/\\", "\\/", "\\\\")
DOT_SEGMENT = re.compile(r"\.|%2e", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """One URL, read once.

    `original` is what was given; `url` the normalised form without credentials and fragment, the
    one that is stored, compared and requested; `target` path and query as sent. `oddities` are
    what a person's entry is refused for though a browser would read it.
    """

    original: str = field(compare=False)
    url: str
    scheme: str
    host: str
    port: int
    target: str
    is_address: bool = False
    oddities: tuple[UrlFault, ...] = field(default=(), compare=False)

    @property
    def authority(self) -> str:
        """Return `host:port`, IPv6 in brackets."""
        return authority(self.host, self.port)


def parse_url(
    text: str, *, base: ParsedUrl | None = None, allow: frozenset[str] = frozenset()
) -> ParsedUrl:
    """Read a URL somebody gives us (a person, an import, a redirect), strictly.

    Args:
        text: As entered; at most 2,048 characters.
        base: The page a redirect came from; relative references are resolved against it.
        allow: Exact `host:port` that may be named although not public.

    Returns:
        The URL, normalised, the original kept. No name is resolved here.

    Raises:
        UrlRefused: with the reason, and a sentence that never repeats a secret.
    """
    if CONTROLS.search(text.strip(" ")):
        raise UrlRefused(
            UrlFault.CONTROL_CHARACTER, "The URL has a control or invisible character."
        )
    url = read_url(text, base=base)
    if url.oddities:
        raise UrlRefused(url.oddities[0], ODDITY_SENTENCES[url.oddities[0]])
    address = url.host if url.is_address else ""
    fault = decide(address, url.port, host=url.host, allow=allow)
    if fault is not None:
        raise UrlRefused(fault, sentence_for(fault, place=url.authority))
    if url.authority not in allow and not url.is_address:
        _check_name(url.host)
    return url


@lru_cache(maxsize=8192)
def read_url(text: str, *, base: ParsedUrl | None = None) -> ParsedUrl:
    """Read a URL as the WHATWG standard does, whatever it leads to.

    Args:
        text: At most 2,048 characters.
        base: Resolves a relative reference.

    Returns:
        The URL; what an entry would be refused for stands in `oddities`.

    Raises:
        UrlRefused: it is empty, too long, no URL, or neither http nor https.
    """
    trimmed = text.strip(C0_AND_SPACE)
    if not trimmed and base is None:
        raise UrlRefused(UrlFault.REQUIRED, "A URL is required.")
    _check_length(trimmed)
    flat = _without_surrogates(re.sub(r"[\t\n\r]", "", trimmed)).split("#", 1)[0]
    scheme, rest, is_relative = _split_scheme(flat, base=base)
    if base is not None and is_relative:
        return _joined(text, rest, base=base)
    return _absolute(text, scheme, rest)


ODDITY_SENTENCES = {
    UrlFault.BACKSLASH: "The URL has a backslash.",
    UrlFault.CREDENTIALS: "The URL has credentials; they are not allowed.",
    UrlFault.NOT_CANONICAL: "The host is not a canonical address.",
}


def _check_length(text: str) -> None:
    if len(text) > URL_MAX:
        raise UrlRefused(UrlFault.TOO_LONG, f"The URL is too long (max {URL_MAX}).")


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _split_scheme(flat: str, *, base: ParsedUrl | None) -> tuple[str, str, bool]:
    """Return scheme, what follows, and whether that is relative to the base."""
    found = SCHEME.match(flat)
    if found is not None:
        scheme, rest = found[1].lower(), flat[found.end() :]
    elif base is not None:
        scheme, rest = base.scheme, flat
    else:
        raise UrlRefused(
            UrlFault.SCHEME_MISSING, "The URL must start with http:// or https://, like https://…"
        )
    if scheme not in DEFAULT_PORTS:
        raise UrlRefused(UrlFault.SCHEME, "Only http and https are looked at.")
    is_relative = base is not None and scheme == base.scheme and not rest.startswith(TWO_SLASHES)
    return scheme, rest, is_relative


def _joined(text: str, rest: str, *, base: ParsedUrl) -> ParsedUrl:
    path, mark, query = rest.partition("?")
    base_path, base_mark, base_query = base.target.partition("?")
    if not path:
        path = base_path
        mark, query = (mark, query) if mark else (base_mark, base_query)
    elif path[0] not in "/\\":
        path = base_path.rsplit("/", 1)[0] + "/" + path
    return _built(
        text,
        scheme=base.scheme,
        place=(base.host, base.port, base.is_address),
        target=_path(path) + mark + quote(query, safe=QUERY_SAFE),
        oddities=(UrlFault.BACKSLASH,) if "\\" in path else (),
    )


def _absolute(text: str, scheme: str, rest: str) -> ParsedUrl:
    stripped = rest.lstrip("/\\")
    end = re.search(r"[/\\?]|$", stripped)
    cut = end.start() if end else len(stripped)
    where, tail = stripped[:cut], stripped[cut:]
    credentials, at, place = where.rpartition("@")
    host_text, port = _split_port(place, default=DEFAULT_PORTS[scheme])
    host, is_address = read_host(host_text)
    path, mark, query = tail.partition("?")
    oddities: tuple[UrlFault, ...] = ()
    if "\\" in rest.partition("?")[0]:
        oddities += (UrlFault.BACKSLASH,)
    if at and credentials.strip(":"):
        oddities += (UrlFault.CREDENTIALS,)
    if is_address and not host_text.startswith("[") and host_text != host:
        oddities += (UrlFault.NOT_CANONICAL,)
    target = _path(path) + mark + quote(query, safe=QUERY_SAFE)
    return _built(
        text, scheme=scheme, place=(host, port, is_address), target=target, oddities=oddities
    )


def _built(
    text: str,
    *,
    scheme: str,
    place: tuple[str, int, bool],
    target: str,
    oddities: tuple[UrlFault, ...],
) -> ParsedUrl:
    host, port, is_address = place
    shown = f"[{host}]" if ":" in host else host
    if port != DEFAULT_PORTS[scheme]:
        shown = authority(host, port)
    url = f"{scheme}://{shown}{target}"
    # Percent-encoding lengthens: what is stored and sent keeps to the limit as well.
    _check_length(url)
    return ParsedUrl(
        original=text,
        url=url,
        scheme=scheme,
        host=host,
        port=port,
        target=target,
        is_address=is_address,
        oddities=oddities,
    )


def _split_port(place: str, *, default: int) -> tuple[str, int]:
    found = re.fullmatch(r"(\[[^\]]*(?:\]|$)|[^:\[]*)(?::(.*))?", place, re.DOTALL)
    host, digits = (found[1], found[2]) if found else (place, "")
    if not digits:
        return host, default
    # Leading zeros are the standard's; a length bound keeps int() cheap.
    if not re.fullmatch(r"0*[0-9]{1,5}", digits) or not 0 < int(digits) <= PORT_MAX:
        raise UrlRefused(UrlFault.PORT, "The port is not a number from 1 to 65535.")
    return host, int(digits)


def _path(text: str) -> str:
    """Resolve dot segments and percent-encode once; `%` is never encoded again."""
    kept: list[str] = []
    segments = text.replace("\\", "/").removeprefix("/").split("/")
    for place, segment in enumerate(segments):
        dots = DOT_SEGMENT.sub(".", segment) if len(segment) <= len("%2e%2e") else segment
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(quote(segment, safe=PATH_SAFE))
        if dots in {".", ".."} and place == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)


def _check_name(host: str) -> None:
    check_lengths(host)
    name = host.removesuffix(".")
    is_private = any(name == end or name.endswith("." + end) for end in PRIVATE_SUFFIXES)
    if "." not in name or is_private:
        raise UrlRefused(UrlFault.PRIVATE_NAME, "This is not a public host name.")
