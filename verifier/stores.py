"""Where the archive lies: a folder of this machine, or any Django storage."""

import contextlib
import errno
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

from verifier.archive import Folder
from verifier.garbage import Shelves


def snapshot_blobs() -> Shelves:
    """Return the store of raw bodies that the settings name (`STORAGES["snapshots"]`)."""
    storage = storages["snapshots"]
    # A subclass may have ways of its own (encryption): it is used as a storage.
    if type(storage) is FileSystemStorage:
        return Folder(Path(storage.location))
    return StorageBlobs(storage)


class StorageBlobs:
    """Blobs in a Django storage that keeps what it is given under the name it is given.

    How lasting a `save` is, is the storage's promise. Its own errors come out as OSError.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def save(self, name: str, body: bytes) -> None:
        """Put a body in place of what is there, and ask the storage what it holds now.

        Raises:
            OSError: the storage refused, renamed it, or holds another number of bytes.
        """
        with _storage_errors():
            if self._storage.exists(name):
                self._storage.delete(name)
            kept = self._storage.save(name, ContentFile(body))
            if kept != name:
                self._storage.delete(kept)
            if not self._storage.exists(name):
                raise OSError(errno.EINVAL, f"the storage keeps {name} under another name: {kept}")
            if self._storage.size(name) != len(body):
                raise OSError(errno.EIO, f"the storage holds only a part of {name}")

    def open(self, name: str) -> BinaryIO:
        """Open what is kept for reading."""
        with _storage_errors():
            return cast("BinaryIO", self._storage.open(name, "rb"))

    def exists(self, name: str) -> bool:
        """Say whether something is kept under a name."""
        with _storage_errors():
            return self._storage.exists(name)

    def names(self, under: str = "") -> Iterator[str]:
        """Yield what lies in the folders of one folder; NotImplementedError without listing."""
        for folder in sorted(self._listed(under, folders=True)):
            for name in self._listed(f"{under}{folder}", folders=False):
                yield f"{under}{folder}/{name}"

    def _listed(self, path: str, *, folders: bool) -> list[str]:
        with _storage_errors():
            try:
                found_folders, found_files = self._storage.listdir(path.rstrip("/"))
            except FileNotFoundError:
                return []
        return found_folders if folders else found_files

    def about(self, name: str) -> tuple[int, datetime]:
        """Return bytes, and since when it lies there; FileNotFoundError where nothing does."""
        with _storage_errors():
            since_at = self._storage.get_modified_time(name)
            return self._storage.size(name), _aware(since_at)

    def move(self, name: str, to: str) -> None:
        """Copy, then remove: a break in between leaves both, never neither."""
        with self.open(name) as file:
            body = file.read()
        self.save(to, body)
        self.remove(name)

    def remove(self, name: str) -> None:
        """Remove what is kept; where nothing is, that is no fault."""
        with _storage_errors(), contextlib.suppress(FileNotFoundError):
            self._storage.delete(name)


@contextlib.contextmanager
def _storage_errors() -> Iterator[None]:
    """Turn what a storage raises into OSError, the one error a store may raise."""
    try:
        yield
    except (OSError, NotImplementedError):
        raise
    except Exception as error:  # each storage has errors of its own
        raise OSError(errno.EIO, f"the storage failed: {error}") from error


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
