"""Keep in the archive what a person hands in: written and synced before any row names it.

The bytes arrive in pieces and are never held whole. A break leaves a body nothing names, or a
draft, never a row without its body; both are cleared with the archive's other leavings.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

from claims.bodies import BodyState, name_of
from claims.lasting import make_lasting, write_lasting
from claims.queries.archive import state_of_body


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
    make_lasting(str(target.parent))
    write_lasting(str(target.parent), target.name, file.chunks())
