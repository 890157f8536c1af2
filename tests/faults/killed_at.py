"""Follow a feed with docs/feed_consumer.py, killed as by `kill -9` at its n-th line, for many n.

    python killed_at.py PROGRAM URL FOLDER FIRST STEP

For each n a file n.db in FOLDER: begun by one that dies at line n, then followed to the end by one
that lives. Prints how many n there were; ends where one is no longer reached before it waits.
"""

import os
import runpy
import signal
import sys
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

PROGRAM, URL, FOLDER, FIRST, STEP = sys.argv[1:]
LINES = Path(PROGRAM).read_text(encoding="utf-8").splitlines()
WAITS = next(number for number, line in enumerate(LINES, 1) if "time.sleep(" in line)


def run(file: Path, *, dies_at: int) -> None:
    """Run the program in this process until that many lines were done, or it waits."""
    passed = count(1)

    def at_line(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename != PROGRAM:
            return None
        is_told = "page" in frame.f_globals  # not: refused, as one who asks too often is
        if event == "line" and frame.f_lineno == WAITS and is_told:
            os._exit(0)
        if event == "line" and next(passed) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return at_line

    sys.argv = [PROGRAM, URL, str(file)]
    sys.settrace(at_line)
    runpy.run_path(PROGRAM, run_name="__main__")


def forked(file: Path, *, dies_at: int) -> int:
    """Run it in a child; return how that ended, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            run(file, dies_at=dies_at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


for n in count(int(FIRST), int(STEP)):
    path = Path(FOLDER) / f"{n}.db"
    if forked(path, dies_at=n) != -signal.SIGKILL:
        break
    if forked(path, dies_at=0) != 0:
        sys.exit(f"not whole after a death at line {n}")
sys.stdout.write(f"{(n - int(FIRST)) // int(STEP)}\n")
