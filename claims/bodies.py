"""Raw bodies as the archive keeps them: their names, and whether one is still what it was.

The SHA-256 of the bytes is the name. A body that is to be removed waits `ASIDE` for a while, where
it is read as well as at its own place. Pure: how a name is opened is the caller's.
"""

import hashlib
import re
from collections.abc import Callable
from enum import StrEnum
from typing import BinaryIO, Protocol

ASIDE = "aside/"
NAME = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})")
PIECE = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")

Open = Callable[[str], BinaryIO]
"""Open what is kept under a name; FileNotFoundError where nothing is, OSError where it fails."""


class BodyState(StrEnum):
    """Whether a body can be had as it was stored."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class Readable(Protocol):
    """What `digest_of` needs of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def name_of(sha256: str) -> str:
    """Return the name a body is kept under: two levels, so that no folder grows too long.

    Raises:
        ValueError: it is no SHA-256 in lower-case hex, so it is no name of ours.
    """
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hex")
    return f"{sha256[:2]}/{sha256}"


def sha256_of(name: str) -> str | None:
    """Return the hash a name stands for, aside or not; None for a name that is not ours."""
    found = NAME.fullmatch(name.removeprefix(ASIDE))
    return found[2] if found else None


def open_body(sha256: str, *, opened: Open) -> BinaryIO:
    """Open a body at its place, or where it waits to be removed; its bytes are not judged.

    Raises:
        FileNotFoundError: nothing is kept under that hash.
        OSError: it cannot be opened.
        ValueError: as `name_of`.
    """
    name = name_of(sha256)
    # Its own place twice: it may be put back between the first two looks.
    for place in (name, ASIDE + name):
        try:
            return opened(place)
        except FileNotFoundError:
            continue
    return opened(name)


def state_of(sha256: str, *, opened: Open) -> BodyState:
    """Read a body through and say what is left of it, in constant memory; nothing raises."""
    try:
        with open_body(sha256, opened=opened) as file:
            is_whole = digest_of(file) == sha256
    except (FileNotFoundError, ValueError):
        return BodyState.MISSING
    except OSError:
        return BodyState.UNREADABLE
    return BodyState.WHOLE if is_whole else BodyState.DAMAGED


def digest_of(file: Readable) -> str:
    """Return the SHA-256 (hex) of what is left to read of a file."""
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
