"""Keep in the archive what a person hands in: written and synced before any row names it.

The bytes arrive in pieces and are never held whole. A break leaves a body nothing names, or a
draft, never a row without its body; both are cleared with the archive's other leavings.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

from claims.bodies import BodyState, name_of
from claims.queries.archive import state_of_body

DRAFT = ".draft-"


class HandedIn(Protocol):
    """A file as a door hands it in: read in pieces, from its beginning, as often as wanted."""

    @property
    def size(self) -> int | None:
        """How many bytes it has."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield its bytes from the beginning."""


def sha256_of_file(file: HandedIn) -> str:
    """Return the hash (hex) under which the archive keeps a file."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


def keep(file: HandedIn, *, sha256: str) -> None:
    """Keep a file for good, unless it is kept whole already.

    Args:
        file: what was handed in.
        sha256: its hash, from these very bytes.

    Raises:
        OSError: it could not be written; nothing is kept.
    """
    if state_of_body(sha256) is BodyState.WHOLE:
        return
    storage = storages["snapshots"]
    if isinstance(storage, FileSystemStorage):
        _write(file, Path(storage.path(name_of(sha256))))
        return
    if storage.exists(name_of(sha256)):
        storage.delete(name_of(sha256))
    storage.save(name_of(sha256), File(_Pieces(file)))  # type: ignore[arg-type]  # read in pieces alone
    if state_of_body(sha256) is not BodyState.WHOLE:
        raise OSError("the storage does not hold what it was given")


class _Pieces:
    """A file for storages that read it through, from its beginning."""

    def __init__(self, file: HandedIn) -> None:
        self._file = file
        self.size = file.size

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self._file.chunks(chunk_size)


def _write(file: HandedIn, target: Path) -> None:
    """Write, sync, rename, sync the folder: a power cut leaves all of it or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as out:
            for piece in file.chunks():
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(draft).unlink()
        raise
    for folder in (target.parent, target.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
