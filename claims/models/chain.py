"""The ledger's arithmetic: canonical bodies, commitments, leaf and hash. Pure.

The same formulas stand in the database trigger (migration 0002) and in docs/ledger.md; golden
vectors in tests/claims/models hold all three together. Domain bytes as in RFC 9162 section 2.1.
"""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime, timedelta

GENESIS = bytes(32)
"""`prev_hash` of the first entry."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
"""What may stand in a body: no floats, no dates."""


def canonical(body: Value) -> str:
    """Return the one text of a body: sorted keys, no spaces, UTF-8 as it is, NFC.

    Raises:
        ValueError: a float, a lone surrogate, NUL, or a string that is not NFC stands in it.
    """
    _refuse(body)
    return json.dumps(
        body, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def _refuse(value: object) -> None:
    if isinstance(value, str):
        if "\x00" in value or not unicodedata.is_normalized("NFC", value):
            raise ValueError("a string in a ledger body must be NFC without NUL")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("a lone surrogate cannot stand in a ledger body") from error
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse(key)
            _refuse(item)
    elif isinstance(value, list):
        for item in value:
            _refuse(item)
    elif value is not None and not isinstance(value, int):
        raise ValueError(f"{type(value).__name__} cannot stand in a ledger body")


def commitment(text: str, *, salt: bytes) -> str:
    """Return `sha256:` and the hex SHA-256 of the 32-byte salt and the UTF-8 text."""
    return "sha256:" + hashlib.sha256(salt + text.encode()).hexdigest()


def microseconds(at: datetime) -> int:
    """Return whole microseconds since 1970-01-01T00:00:00Z, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def leaf_of(*, seq: int, recorded_at: datetime, kind: str, body: str) -> bytes:
    """Return SHA-256(0x00, seq LF recorded_at in microseconds LF kind LF body)."""
    text = f"{seq}\n{microseconds(recorded_at)}\n{kind}\n{body}"
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def hash_of(*, prev_hash: bytes, leaf: bytes) -> bytes:
    """Return SHA-256(0x01, prev_hash, leaf)."""
    return hashlib.sha256(b"\x01" + prev_hash + leaf).digest()
