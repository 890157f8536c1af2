"""Read the host of a URL: a name in ASCII, or an address in its one canonical form.

Source: WHATWG URL standard, sections 3.5 (host parsing) and 3.3 (domain to ASCII), the Unicode
mapping of UTS #46 done with NFKC and lower case.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from claims.text.addresses.faults import UrlFault, UrlRefused

NAME_MAX = 253
LABEL_MAX = 63
FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^`{|}\x7f]")
DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
# Characters UTS #46 maps to nothing.
IGNORED = re.compile("[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff]")
JOINERS = {"\u200c", "\u200d"}
NOT_IN_NAMES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
V4_PARTS = 4
BYTE = 256


def read_host(text: str) -> tuple[str, bool]:
    """Read the host part of a URL.

    Args:
        text: What stands between credentials and port, brackets included.

    Returns:
        Host (ASCII name, dotted IPv4, or IPv6 without brackets) and whether it is an address.

    Raises:
        UrlRefused: reason HOST, it is no host.
    """
    if text.startswith("["):
        return _read_v6(text), True
    name = _ascii_name(unquote_to_bytes(text).decode("utf-8", "replace"))
    if FORBIDDEN.search(name):
        raise _bad("has a character that no host name has")
    if _ends_in_number(name):
        return _read_v4(name), True
    return name, False


def check_lengths(name: str) -> None:
    """Refuse a name the DNS cannot hold (RFC 1035 section 2.3.4)."""
    bare = name.removesuffix(".")
    labels = bare.split(".")
    if len(bare) > NAME_MAX or any(not 0 < len(label) <= LABEL_MAX for label in labels):
        raise _bad("has an empty label or is too long for the DNS")


def _bad(what: str) -> UrlRefused:
    return UrlRefused(UrlFault.HOST, f"The host {what}.")


def _read_v6(text: str) -> str:
    if "%" in text:
        raise _bad("names a network interface: such an address is not public")
    if not text.endswith("]"):
        raise _bad("opens a bracket that does not hold one IPv6 address")
    try:
        ip = ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        raise _bad("opens a bracket that does not hold one IPv6 address") from None
    if ip.ipv4_mapped is None:
        return str(ip)
    # str() of a mapped address differs between Python versions; the standard writes hexadecimal.
    return f"::ffff:{int(ip) >> 16 & 0xFFFF:x}:{int(ip) & 0xFFFF:x}"


def _ascii_name(text: str) -> str:
    # Character by character: str.lower() on the whole would apply the Greek final-sigma rule.
    folded = "".join(char.lower() for char in unicodedata.normalize("NFKC", text))
    mapped = IGNORED.sub("", unicodedata.normalize("NFKC", folded).translate(DOTS))
    name = ".".join(_ascii_label(label) for label in mapped.split("."))
    if not name.strip("."):
        raise _bad("is missing")
    return name


def _ascii_label(label: str) -> str:
    if label.isascii():
        return _checked_punycode(label) if label.startswith("xn--") else label
    if any(_is_barred(char) for char in label) or unicodedata.category(label[0])[0] == "M":
        raise _bad("has a character that no host name has")
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_barred(char: str) -> bool:
    return unicodedata.category(char) in NOT_IN_NAMES and char not in JOINERS


def _checked_punycode(label: str) -> str:
    try:
        plain = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        raise _bad("has a label that is no valid punycode") from None
    if plain.isascii() or _ascii_name(plain) != label:
        raise _bad("has a label that is no valid punycode")
    return label


def _ends_in_number(name: str) -> bool:
    last = name.removesuffix(".").rsplit(".", 1)[-1]
    return bool(re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last))


def _read_v4(name: str) -> str:
    numbers = [_number(part) for part in name.removesuffix(".").split(".")]
    *front, last = numbers
    if len(numbers) > V4_PARTS or any(part >= BYTE for part in front):
        raise _bad("ends like an address and is none")
    if last >= BYTE ** (V4_PARTS - len(front)):
        raise _bad("ends like an address and is none")
    value = last + sum(part * BYTE ** (3 - place) for place, part in enumerate(front))
    return str(ipaddress.IPv4Address(value))


def _number(part: str) -> int:
    # Longer texts than a 32-bit number has in octal are none; it also keeps int() cheap.
    digits = part.lstrip("0x")
    if len(digits) > 11:  # noqa: PLR2004 - octal digits of 2**32
        raise _bad("ends like an address and is none")
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if part.startswith("0") and part != "0" else 10)
    except ValueError:
        raise _bad("ends like an address and is none") from None
