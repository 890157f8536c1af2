"""The catalogue of bad input: what each number is, and which tests say that they hold it.

`python -m tests.hostile.catalogue` writes the table of README.md anew.
"""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
README = FOLDER / "README.md"
ROOMS = ("hostile", "races")
"""Folders of tests that hold numbers."""
TABLE = "| no. | what comes in | how it must end | held by |\n|---|---|---|---|\n"

CASES: dict[int, tuple[str, str]] = {
    1: ("an address that is empty or blank", "refused at `url`: required"),
    2: ("an address of 2,049 characters or more", "refused at `url`: too long"),
    3: ("schemes other than http and https", "refused at `url`"),
    4: ("capitals and a default port", "accepted, normalised, the original kept"),
    5: ("no scheme", "refused at `url`, with a hint"),
    6: ("credentials", "refused at `url`; no message and no log line tells the secret"),
    7: ("a backslash that parsers read differently", "refused at `url`"),
    8: ("CR, LF, TAB, NUL", "refused at `url`"),
    9: ("direction marks, zero width, look-alikes", "refused, or shown as punycode"),
    10: ("digits and dots of other scripts", "refused at `url`"),
    11: ("decimal, octal, hexadecimal, short addresses", "refused at `url`: not canonical"),
    12: ("IPv6 that is not public, in any clothing", "refused at `url`: not public"),
    13: ("brackets that hold no address", "refused at `url`"),
    14: ("names that are not public", "refused at `url`"),
    15: ("ports that are not the web's, or none", "refused at `url`: port"),
    16: ("labels and names the DNS cannot hold", "refused at `url`: host"),
    17: ("punycode that is none", "refused at `url`: host"),
    18: ("the same address but for the fragment", "one source; the double is told"),
    19: ("encoded NUL, line ends, dots", "accepted literally, never decoded"),
    20: ("a percent sign that encodes nothing, a space", "encoded once, never twice"),
    21: ("one address twice at once", "one source; both get it"),
    22: ("our own site, our own public address", "refused, or blocked at the look"),
    23: ("a name nobody knows", "dns; looked at again after a wait"),
    24: ("a name with a public and a private address", "blocked address, no connection"),
    25: ("a name that is public first and private then", "blocked address, no connection"),
    26: ("a resolver that hangs", "time-out; the others are looked at"),
    27: ("a name that leads to a metadata service", "blocked address"),
    28: ("refused, reset in the head, in the body", "connection; what came is kept"),
    29: ("certificates that prove nothing, old TLS", "tls, with the detail; never unverified"),
    30: ("redirects in a circle, or without end", "redirect loop"),
    31: ("redirects into the private, to other schemes, to nowhere", "redirect blocked"),
    32: ("a redirect from https to http", "followed, on record"),
    33: ("cookies on the way", "neither sent nor kept"),
    34: ("a head that drips", "time-out at the total limit"),
    35: ("a body without end", "too large, or time-out"),
    36: ("lengths that are huge, negative, double", "protocol or too large, nothing allocated"),
    37: ("a body shorter than promised", "incomplete; what came is kept"),
    38: ("thousands of fields, huge fields, no colon, NUL", "protocol"),
    39: ("gzip: a bomb, nested, cut, with garbage", "too large or bad encoding; small in memory"),
    40: ("encodings nobody asked for", "unsupported encoding, raw kept"),
    41: ("204, 205, 206, 304, 999, interim answers without end", "an outcome each"),
    42: ("Retry-After of all kinds", "due later, clamped; the host is left alone; flagged in time"),
    43: ("404 and 410 for a page read before", "gone; what it said stays"),
    44: ("a 200 that is not the page", "never unchanged"),
    45: ("an empty 200", "empty"),
    46: ("another media type than the bytes are", "kept raw; never taken for unchanged"),
    47: ("PDF, video, a large zip", "never unpacked; compared by hash"),
    48: ("HTTP/0.9, garbage, another protocol", "protocol"),
    49: ("proxies and passwords of the environment", "ignored"),
    50: ("a configured proxy that is down", "proxy, never direct"),
    51: ("200 pages of one host", "at most two at once; the pause is kept"),
    52: ("TLS that ends without notice", "incomplete"),
    53: ("a page with other noise at each look", "unchanged"),
    54: ("a result after the lease was lost", "discarded, nothing written"),
    55: ("alternating inline tags", "read in bounds, or given up, raw kept"),
    56: ("a huge table, paragraphs, links", "read in bounds, or given up, raw kept"),
    57: ("text hidden under 200,000 elements", "told as cut"),
    58: ("bytes that are not in their character set", "decoded with marks; the set recorded"),
    59: ("NUL in the text", "U+FFFD; raw untouched"),
    60: ("references to what is no character", "U+FFFD"),
    61: ("scripts, handlers, SVG, base, refresh", "shown as text alone"),
    62: ("entities, external parts, a billion laughs", "nothing loaded"),
    63: ("a feed, JSON", "read as text"),
    64: ("the syntax of templates", "literal"),
    65: ("a title of 5 MB, of marks and line ends", "cut at 500 characters, cleaned"),
    66: ("dates that are none", "no date"),
    67: ("words that are a spreadsheet's formula", "exported as text"),
    68: ("a comparison of a million lines", "bounded, and told"),
    69: ("other spaces and capitals", "no flag; the quote stands"),
    70: ("names of files, queries, commands", "used as text alone"),
    71: ("a child that crashes, swells, babbles, leaves", "extract failed; the next is read"),
    72: ("NUL, control and direction signs, a megabyte", "refused at the field; nothing written"),
    73: ("figures that are none, deep or doubled JSON", "refused at the field or row"),
    74: ("a form on what somebody changed meanwhile", "who changed what; the input kept"),
    75: ("a status, a person, a hash sent along", "not taken"),
    76: ("one's own proposal, an old one, a changed one", "not signed off"),
    77: (
        "selections of nothing, of the hidden, of too many",
        "refused; nothing told, nothing done",
    ),
    78: ("look-ups and pages a list does not offer", "refused or ignored"),
    79: ("values filled in by an address", "ignored"),
    80: ("autocompletion and short cuts of the stock site", "not there"),
    81: ("deleting what the record holds", "not there"),
    82: ("deleting in bulk", "not offered"),
    83: ("rows counted wrongly, or not at all", "read in bounds, or refused"),
    84: ("a double click", "one change"),
    85: ("markup in words, names, files", "shown as text on every page"),
    86: ("no token, a wrong one, a session that ended", "refused; nothing done"),
    87: ("an address to go on to", "never leads away"),
    88: ("a body that is empty or no object", "400"),
    89: ("broken JSON, a byte order mark, no UTF-8, more behind", "400 with the place"),
    90: ("NaN, infinities, huge numbers, -0, a fraction for a whole", "400 at the field"),
    91: ("a name given twice", "400 at the field"),
    92: ("fields nobody may set", "400 at each of them; nothing is taken over"),
    93: ("nested 100,000 deep", "400"),
    94: ("NUL, lone surrogates, direction signs in texts and names", "400 at the field"),
    95: ("3 MB, chunks without a length, gzip", "413, 411, 415"),
    96: ("another media type, another character set", "415, or 400"),
    97: ("dates and times that are none", "400 at the field"),
    98: ("words no list has, moves the table has not", "400 or 409 naming those there are"),
    99: ("a change without the version seen, or of an old one", "428, 412 with what is there"),
    100: ("one Idempotency-Key twice, with other bodies, at once", "one effect"),
    101: ("a million marks or faces", "counted after composing; 400"),
    102: ("a hidden claim of another desk", "404, as one that never was"),
    103: ("100,000 figures", "400 at the field"),
    104: ("other methods, overridden ones", "405 with those there are"),
    116: ("tokens that are none", "401"),
    117: ("tokens expired, revoked, out of place, out of scope", "401 or 403, each its code"),
    118: ("a token in the address", "ignored: 401"),
    121: ("cookies that are no session", "nobody: 401"),
    122: ("hosts that are not ours", "400"),
    123: ("forwarded addresses, hosts, protocols nobody trusts", "ignored"),
    124: ("endless or broken Accept", "406 or ignored"),
    125: ("a write from a foreign page", "403; no CORS headers"),
    126: ("conditions that are none", "ignored"),
    128: ("line ends in what is echoed", "never in a header"),
    148: ("two people change one claim", "the second is told; nothing is overwritten"),
    149: ("a proposal, an edit and a sign-off interleaved", "the edit voids it, or comes after it"),
    150: ("two people sign off at once", "one sign-off; the second is told"),
    151: ("many appends at once, some aborted", "gapless, the chain whole"),
    152: ("one piece of work handed out twice", "one worker has it"),
    153: ("a claim closed, evidence withdrawn while its page is looked at", "the look is kept"),
    155: ("a transaction broken off in another's favour", "tried three times, then 503"),
    156: ("a table locked by a migration", "503 after the lock time-out; nothing stuck"),
    157: ("a person ended while they work", "what runs ends; then signed out"),
}


def case(number: int, *values: Any, name: str = "") -> Any:
    """A row of a parametrized table that holds one number of the catalogue."""
    shown = name or str(values[0])[:48]
    return pytest.param(*values, marks=pytest.mark.catalogue(number), id=f"{number} {shown}")


def held() -> dict[int, list[str]]:
    """Which tests say that they hold which number, by the marks on them."""
    found: dict[int, list[str]] = {}
    paths = (path for room in ROOMS for path in sorted((FOLDER.parent / room).glob("test_*.py")))
    for path in paths:
        module = importlib.import_module(f"tests.{path.parent.name}.{path.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_") and test.__module__ == module.__name__:
                for number in sorted(numbers_of(test)):
                    found.setdefault(number, []).append(f"{path.stem}::{name}")
    return found


def numbers_of(test: Any) -> set[int]:
    """The numbers of one test function, and of the rows of its tables."""
    return {number for mark in _marks(test) if mark.name == "catalogue" for number in mark.args}


def _marks(test: Any) -> Iterator[Any]:
    for mark in getattr(test, "pytestmark", ()):
        yield mark
        if mark.name == "parametrize":
            for row in mark.args[1]:
                yield from getattr(row, "marks", ())


def table() -> str:
    """The table of README.md."""
    tests = held()
    rows = (
        f"| {number} | {what} | {end} | {'<br>'.join(tests.get(number, ()))} |\n"
        for number, (what, end) in CASES.items()
    )
    return TABLE + "".join(rows)


def main() -> None:
    text = README.read_text(encoding="utf-8") if README.exists() else ""
    README.write_text(text.partition(TABLE)[0] + table(), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    importlib.import_module("django").setup()
    main()
