"""Networks a token is bound to, as people write them: 192.0.2.0/24, 2001:db8::/32, one address."""

from collections.abc import Iterable
from ipaddress import ip_interface, ip_network

from claims.errors import InvalidInput

MOST_NETWORKS = 20


def networks_of(texts: Iterable[str]) -> list[str]:
    """Return networks in CIDR, each once, in the order given.

    Raises:
        InvalidInput: field `networks`: none that can be read, bits beyond its prefix, too many.
    """
    found = list(dict.fromkeys(_network(text.strip()) for text in texts))
    if len(found) > MOST_NETWORKS:
        raise InvalidInput("networks", f"are more than {MOST_NETWORKS}.")
    return found


def _network(text: str) -> str:
    shown = text[:50]
    if not text.isascii() or "%" in text:
        raise InvalidInput("networks", f"“{shown}” is no network like 192.0.2.0/24.")
    try:
        whole = ip_interface(text).network
    except ValueError:
        raise InvalidInput("networks", f"“{shown}” is no network like 192.0.2.0/24.") from None
    try:
        return str(ip_network(text))
    except ValueError:
        raise InvalidInput(
            "networks", f"“{shown}” has bits beyond its prefix: is {whole} meant?"
        ) from None
