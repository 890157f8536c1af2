"""One run a checkout: who holds its state."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRuns(Exception):
    """Another process holds the state; `str()` is one sentence for people."""


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Hold this checkout's state; the kernel lets go of it however we end.

    Raises:
        AlreadyRuns: somebody else holds it.
    """
    with (state / "run.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRuns(
                f"Stet already runs from {state} (process {lock.read().strip()}): stop it first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_held(state: Path) -> bool:
    """Return whether a run holds the state."""
    path = state / "run.lock"
    if not path.exists():
        return False
    with path.open(encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
