"""Wait for processes that are not our children."""

import os
import select
from collections.abc import Iterable


def all_ended(processes: Iterable[int], *, within_s: float = 30) -> bool:
    """Return whether all of them end in time (pidfd_open(2))."""
    return all(ended(process, within_s=within_s) for process in processes)


def ended(process: int, *, within_s: float) -> bool:
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within_s)[0])
    finally:
        os.close(handle)
