"""Where a request comes from: its address as the last trusted proxy saw it, and its browser."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import cast

from django.conf import settings
from django.http import HttpRequest

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
ONE_SUBSCRIBER = 64  # prefix length: all of it is one household's or one machine's to use


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address; '' where there is none, as on a Unix socket.

    Of `X-Forwarded-For` only the part counts that `NUM_PROXIES` trusted proxies wrote.
    """
    hops = cast("int", settings.REST_FRAMEWORK["NUM_PROXIES"])
    told = request.headers.get("X-Forwarded-For", "").split(",") if hops else []
    seen = told[-min(hops, len(told))].strip() if told else ""
    return _valid(seen) or _valid(request.META.get("REMOTE_ADDR", ""))


def lockout_address_of(request: HttpRequest) -> str | None:
    """Return what wrong passwords are counted by: the address, of IPv6 the subscriber's network."""
    address = address_of(request)
    if not address:
        return None
    if isinstance(ip_address(address), IPv6Address):
        return str(ip_network((address, ONE_SUBSCRIBER), strict=False).network_address)
    return address


def browser_of(request: HttpRequest) -> str:
    """Return the browser in words, as "Firefox on Linux"; what it says of itself is no proof."""
    told = request.headers.get("User-Agent", "")
    browser = next((word for sign, word in BROWSERS if sign in told), "a browser")
    system = next((word for sign, word in SYSTEMS if sign in told), "an unknown system")
    return f"{browser} on {system}"


def _valid(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address).partition("%")[0]
