"""Keep raw bodies by what they are: the SHA-256 of the bytes is the name.

A body is on disk before the row that points to it is written. A crash in between leaves a body
nobody points to, never the reverse. Under which names bodies lie is `claims.bodies`'s to know.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from claims.bodies import PIECE, BodyState, name_of, open_body, state_of
from claims.lasting import make_lasting, write_lasting
from verifier.errors import BlobDamaged, BlobMissing


class Blobs(Protocol):
    """What the archive needs of a store. Names are relative paths with forward slashes."""

    def save(self, name: str, body: bytes) -> None:
        """Keep a body under a name for good, whole or not at all, in place of what is there."""

    def open(self, name: str) -> BinaryIO:
        """Open what is kept; FileNotFoundError where nothing is."""

    def exists(self, name: str) -> bool:
        """Say whether something is kept under a name."""


class Folder:
    """Blobs in a folder of the file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = str(folder)  # paths are put together by hand where every look does it
        self._lasting: set[str] = set()

    def save(self, name: str, body: bytes) -> None:
        """Write, sync, rename, sync the folder: a power cut leaves all of it or nothing."""
        inner, _, last = name.rpartition("/")
        folder = f"{self._root}/{inner}"
        if folder in self._lasting:
            # Somebody may have removed it since: then it is made as if for the first time.
            with contextlib.suppress(FileNotFoundError):
                write_lasting(folder, last, (body,))
                return
        make_lasting(folder)
        self._lasting.add(folder)
        write_lasting(folder, last, (body,))

    def open(self, name: str) -> BinaryIO:
        """Open a file of the folder for reading."""
        return (self._folder / name).open("rb")

    def exists(self, name: str) -> bool:
        """Say whether the file is there."""
        return os.path.isfile(f"{self._root}/{name}")  # noqa: PTH113 - as above

    def names(self, under: str = "") -> Iterator[str]:
        """Yield what lies in the folders of one folder, drafts and strangers' files included."""
        for folder in sorted(_entries(self._folder / under)):
            for name in _entries(self._folder / under / folder):
                yield f"{under}{folder}/{name}"

    def about(self, name: str) -> tuple[int, datetime]:
        """Return bytes, and since when it lies there; FileNotFoundError where nothing does."""
        found = (self._folder / name).stat()
        return found.st_size, datetime.fromtimestamp(found.st_mtime, UTC)

    def move(self, name: str, to: str) -> None:
        """Give a file another name, as if put there now, in place of what is there."""
        target = self._folder / to
        target.parent.mkdir(parents=True, exist_ok=True)
        # Before the rename: what was just moved never looks old.
        os.utime(self._folder / name)
        (self._folder / name).replace(target)

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is no fault."""
        (self._folder / name).unlink(missing_ok=True)


def store(body: bytes, *, blobs: Blobs, sha256: str = "") -> str:
    """Keep a body; keeping it again changes nothing, unless what was kept is damaged.

    Args:
        body: Raw bytes, as they were read.
        blobs: Where to.
        sha256: Their hash in hex, where the caller has it from these very bytes.

    Returns:
        SHA-256 of the body, hex: its name from now on.

    Raises:
        OSError: it could not be written; nothing is kept.
    """
    sha256 = sha256 or hashlib.sha256(body).hexdigest()
    name = name_of(sha256)
    if not (blobs.exists(name) and _holds(name, body, blobs=blobs)):
        blobs.save(name, body)
    return sha256


def load(sha256: str, *, blobs: Blobs) -> bytes:
    """Return a body that was kept.

    Raises:
        BlobMissing: nothing is kept under that hash.
        BlobDamaged: what is kept has another hash.
    """
    try:
        with open_body(sha256, opened=blobs.open) as file:
            body = file.read()
    except FileNotFoundError:
        raise BlobMissing(sha256, f"The body {sha256} is not in the archive.") from None
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BlobDamaged(sha256, f"The body {sha256} is damaged.")
    return body


def is_whole(sha256: str, *, blobs: Blobs) -> bool:
    """Say whether a body is kept and has its hash, without holding it in memory."""
    return state_of(sha256, opened=blobs.open) is BodyState.WHOLE


def _holds(name: str, body: bytes, *, blobs: Blobs) -> bool:
    """Compare what is kept with a body, piece by piece: cheaper than to hash it again."""
    try:
        with blobs.open(name) as file:
            place = 0
            while piece := file.read(PIECE):
                if body[place : place + len(piece)] != piece:
                    return False
                place += len(piece)
            return place == len(body)
    except OSError:
        # What cannot be read is written anew.
        return False


def _entries(folder: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        yield from (entry.name for entry in entries)
