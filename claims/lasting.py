"""Write files that a power cut leaves whole or not at all.

Written beside their place, synced, renamed, and their folder synced: fsync(2), rename(2). What a
break leaves behind is a draft, told by its name. Pure, but for the file system.
"""

import contextlib
import itertools
import os
import pathlib
import secrets
from collections.abc import Iterable

DRAFT = ".draft-"

_RUN = secrets.token_hex(8)
_numbers = itertools.count()


def write_lasting(folder: str, name: str, pieces: Iterable[bytes]) -> None:
    """Write a file into a folder that is there, in place of what has its name.

    Raises:
        FileNotFoundError: there is no such folder.
        OSError: it could not be written; nothing is kept.
    """
    # One handle for all: the path is walked once, and the folder is synced by it at the end.
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # The process's number too: one that was forked counts on from the same number.
        draft = f"{DRAFT}{_RUN}-{os.getpid()}-{next(_numbers)}"
        try:
            _write(draft, pieces, place=place)
            os.rename(draft, name, src_dir_fd=place, dst_dir_fd=place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(draft, dir_fd=place)
            raise
        os.fsync(place)
    finally:
        os.close(place)


def make_lasting(folder: str) -> None:
    """Make a folder, and those above it, that outlast a power cut; one that is there is synced."""
    with contextlib.suppress(FileExistsError):
        pathlib.Path(folder).mkdir(parents=True)
    place = os.open(os.path.dirname(folder), os.O_RDONLY | os.O_DIRECTORY)  # noqa: PTH120 - strings, for their cost
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _write(draft: str, pieces: Iterable[bytes], *, place: int) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=place)
    try:
        for piece in pieces:
            left = memoryview(piece)
            while left:
                left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
