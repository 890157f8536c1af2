"""The child's own side: bounds on itself, then jobs until the pipe closes.

Source: setrlimit(2), prctl(2) PR_SET_PDEATHSIG.
"""

import ctypes
import gc
import importlib
import itertools
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from verifier.child.frames import FRAME, ROOT, Work, json_bytes

PR_SET_PDEATHSIG = 1
TIDY_EVERY = 32


def serve(arguments: list[str]) -> None:
    """Be a child: answer jobs until the pipe closes.

    Args:
        arguments: Module with `JOBS`, the parent's process id, bytes of memory it may have and
            with which it counts as grown, seconds of CPU.
    """
    module, *numbers = arguments
    parent, memory_bytes, grown_bytes, cpu_s = map(int, numbers)
    _die_with(parent)
    jobs: Mapping[str, Work] = importlib.import_module(module).JOBS
    asked, answers = _own_pipes()
    _bound_memory(memory_bytes)
    # Nothing imported is ever garbage, and a page's objects are gone when it is answered.
    gc.freeze()
    gc.disable()
    _answer(answers, {"result": "ready"})
    for count in itertools.count(1):
        frame = asked.read(FRAME.size)
        if not frame:
            return
        size, extra = FRAME.unpack(frame)
        request = json.loads(asked.read(size))
        raw = asked.read(extra)
        _bound_cpu(cpu_s)
        answer = _outcome_of(jobs[request["job"]], request["message"], raw)
        if count % TIDY_EVERY == 0 and _has_grown(grown_bytes):
            answer = {**answer, "is_grown": True}
        _answer(answers, answer)


def _outcome_of(job: Work, message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
    try:
        return {"result": job(message, raw)}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the parent is told, whatever it was
        return {"error": f"{type(error).__name__}{_place_of(error)}"}


def _place_of(error: BaseException) -> str:
    """Say where an error arose; never what it says, which may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(ROOT)]
    return f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


def _answer(answers: BinaryIO, answer: Mapping[str, Any]) -> None:
    body = json_bytes(answer)
    answers.write(FRAME.pack(len(body), 0) + body)
    answers.flush()


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes out of the reach of whatever prints or reads in a library."""
    asked = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    return asked, answers


def _bound_memory(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _has_grown(grown_bytes: int) -> bool:
    """Collect what refers to itself, and say whether the process holds too much nevertheless."""
    gc.collect()
    try:
        resident_pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return False
    return resident_pages * resource.getpagesize() > grown_bytes


def _bound_cpu(cpu_s: int) -> None:
    """Give the next job its processor time: the limit counts from the start of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent_s = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent_s + cpu_s, hard))
