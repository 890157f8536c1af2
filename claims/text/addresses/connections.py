"""May a connection be opened? Asked at entry, for the port and right before the socket connects."""

import ipaddress

from claims.text.addresses.faults import UrlFault

PUBLIC_PORTS = frozenset({80, 443})

# Own tables, not `ipaddress.is_global`: that answer differs between Python versions and is True
# for NAT64, 6to4 relays, multicast and a cloud provider's platform address.
NOT_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform address: metadata, DNS, health
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address of anybody's choice
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Say whether an address is one of the public internet's.

    Args:
        address: IPv4 or IPv6 in any notation `ipaddress` reads; no brackets.

    Returns:
        False for special-purpose, private, multicast, transitional and scoped addresses, and for
        text that is no address.

    Source:
        IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6890, RFC 4291.
    """
    ip = _read(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in block for block in NOT_PUBLIC_V4)
    if ip is None or ip.scope_id is not None:
        return False
    return ip in GLOBAL_UNICAST_V6 and not any(ip in block for block in NOT_PUBLIC_V6)


def decide(
    address: str,
    port: int,
    *,
    host: str = "",
    allow: frozenset[str] = frozenset(),
    refuse: tuple[str, ...] = (),
) -> UrlFault | None:
    """Decide whether a connection may be opened: the one rule of every door.

    Args:
        address: Where it would connect to; empty while the name is not resolved (then only the
            port is judged).
        port: TCP port.
        host: The host as the URL gives it, normalised.
        allow: Exact `host:port` that may be opened whatever they are.
        refuse: Further networks (CIDR) that may not be opened.

    Returns:
        None to open, else PORT or NOT_PUBLIC.
    """
    if allow & {authority(host, port), authority(address, port)}:
        return None
    if port not in PUBLIC_PORTS:
        return UrlFault.PORT
    if address and not (is_public(address) and not _is_within(address, networks=refuse)):
        return UrlFault.NOT_PUBLIC
    return None


def sentence_for(fault: UrlFault, *, place: str) -> str:
    """Put a refusal of `decide` in words."""
    if fault is UrlFault.PORT:
        return f"{place}: only the ports 80 and 443 are looked at."
    return f"{place}: this address is not public."


def authority(host: str, port: int) -> str:
    """Write host and port as `allow` lists them, IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _read(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return ip


def _is_within(address: str, *, networks: tuple[str, ...]) -> bool:
    ip = _read(address)
    return ip is not None and any(ip in ipaddress.ip_network(block) for block in networks)
