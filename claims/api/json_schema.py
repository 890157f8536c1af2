"""What a parameter or field may hold, as JSON Schema 2020-12 can say it.

Patterns are of ECMA-262 with the flag u: no flags within, no classes by property.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = Mapping[str, Any]

CONTROLS = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
)
"""What `claims.text.normalise.find_control` finds, lone surrogates left out: JSON text has none."""
BLANKS = r"\u0009\u000a\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ANY_TEXT = rf"^[^{CONTROLS}]*$"
WORDS = rf"^[^{CONTROLS}]*[^{CONTROLS}{BLANKS}][^{CONTROLS}]*$"
"""Text that is not blank."""

_TAIL = "-[0-9A-TV-Za-tv-z]{6}"
MOST_SIGNS = 500

STORABLE = r"^[^\u0000]*$"
GIVEN: Schema = {"type": "string", "minLength": 1, "maxLength": MOST_SIGNS, "pattern": STORABLE}
"""Any one word or name of a query."""
SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG: Schema = {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 60}
ADDRESS_PATTERN = "^[Hh][Tt][Tt][Pp][Ss]?://[!-~]+$"
WEB_ADDRESS: Schema = {"type": "string", "pattern": ADDRESS_PATTERN, "maxLength": 2048}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def pattern_of(prefix: str) -> str:
    """Return the pattern of a reference as people type it, without anchors."""
    return "".join(f"[{sign}{sign.lower()}]" for sign in prefix) + _TAIL


def reference(prefix: str) -> Schema:
    """Return the schema of one reference."""
    return {"type": "string", "pattern": f"^{pattern_of(prefix)}$"}


def references(prefix: str, *, most: int) -> Schema:
    """Return the schema of references between commas."""
    one = pattern_of(prefix)
    return {"type": "string", "pattern": f"^{one}(,{one}){{0,{most - 1}}}$"}


def names(known: Iterable[str]) -> Schema:
    """Return the schema of known names between commas."""
    one = f"({'|'.join(sorted(known))})"
    return {"type": "string", "pattern": f"^{one}(,{one})*$", "maxLength": MOST_SIGNS}


def whole(*, least: int, most: int) -> Schema:
    """Return the schema of a whole number within bounds."""
    return {"type": "integer", "minimum": least, "maximum": most}
