"""Keep raw bodies by what they are: the SHA-256 of the bytes is the name.

A body is on disk before the row that points to it is written. A crash in between leaves a body
nobody points to, never the reverse.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from verifier.errors import BlobDamaged, BlobMissing

PIECE = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs(Protocol):
    """What the archive needs of a store. Names are relative paths with forward slashes."""

    def save(self, name: str, body: bytes) -> None:
        """Keep a body under a name for good, whole or not at all."""

    def open(self, name: str) -> BinaryIO:
        """Open what is kept; FileNotFoundError where nothing is."""

    def exists(self, name: str) -> bool:
        """Say whether something is kept under a name."""


class Folder:
    """Blobs in a folder of the file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, body: bytes) -> None:
        """Write, sync, rename, sync the folder: a power cut leaves all of it or nothing."""
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
            raise
        for made in (target.parent, target.parent.parent):
            _sync_folder(made)

    def open(self, name: str) -> BinaryIO:
        """Open a file of the folder for reading."""
        return (self._folder / name).open("rb")

    def exists(self, name: str) -> bool:
        """Say whether the file is there."""
        return (self._folder / name).is_file()


def store(body: bytes, *, blobs: Blobs) -> str:
    """Keep a body; keeping it again changes nothing, unless what was kept is damaged.

    Args:
        body: Raw bytes, as they were read.
        blobs: Where to.

    Returns:
        SHA-256 of the body, hex: its name from now on.

    Raises:
        OSError: it could not be written; nothing is kept.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    if not blobs.exists(name_of(sha256)) or not is_whole(sha256, blobs=blobs):
        blobs.save(name_of(sha256), body)
    return sha256


def load(sha256: str, *, blobs: Blobs) -> bytes:
    """Return a body that was kept.

    Raises:
        BlobMissing: nothing is kept under that hash.
        BlobDamaged: what is kept has another hash.
    """
    try:
        with blobs.open(name_of(sha256)) as file:
            body = file.read()
    except FileNotFoundError:
        raise BlobMissing(sha256, f"The body {sha256} is not in the archive.") from None
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BlobDamaged(sha256, f"The body {sha256} is damaged.")
    return body


def is_whole(sha256: str, *, blobs: Blobs) -> bool:
    """Say whether a body is kept and has its hash, without holding it in memory."""
    try:
        with blobs.open(name_of(sha256)) as file:
            digest = hashlib.sha256()
            for piece in iter(partial(file.read, PIECE), b""):
                digest.update(piece)
            return digest.hexdigest() == sha256
    except FileNotFoundError:
        return False


def name_of(sha256: str) -> str:
    """Return the name a body is kept under: two levels, so that no folder grows too long.

    Raises:
        ValueError: it is no SHA-256 in lower-case hex, so it is no name of ours.
    """
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hex")
    return f"{sha256[:2]}/{sha256}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
