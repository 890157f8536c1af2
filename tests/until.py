"""Wait for what other processes bring about, by asking again; never for a fixed time."""

import threading
import time
from collections.abc import Callable

from django.db import connection

PAUSE = threading.Event()


def until(holds: Callable[[], object], *, within_s: float = 60) -> None:
    """Return once `holds()` is true; fail the test, saying what it last gave, if it never is."""
    deadline = time.monotonic() + within_s
    while not (last := holds()):
        assert time.monotonic() < deadline, f"not within {within_s} s; last: {last!r}"
        connection.close()  # each question sees what is committed now
        PAUSE.wait(0.05)
