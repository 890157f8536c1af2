"""From where a token may be used: the caller's address, as the last trusted proxy saw it."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle


def is_within(request: HttpRequest, networks: Sequence[str]) -> bool:
    """Return whether a request comes from one of some networks (CIDR); none means anywhere.

    The address is the connection's own, unless `NUM_PROXIES` says how many proxies in front are
    trusted to write X-Forwarded-For. Who has no address that can be read is outside.
    """
    if not networks:
        return True
    seen: object = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # it reads META alone
    try:
        address = ip_address(str(seen).strip())
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in ip_network(network) for network in networks)
