"""Run work on strangers' bytes in killable children: own processes that hold nothing of ours.

A child is started by exec (never forked from the worker, whose database socket it would hold),
isolated (`python -I`), with an empty environment and closed descriptors, bounded in memory and
processor time, and killed when a job passes its wall-clock limit. It lives for thousands of jobs,
because starting one costs as much as a hundred pages, and ends when it has grown.
"""

import contextlib
import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from verifier.child.frames import FRAME, ROOT, json_bytes
from verifier.errors import ExtractFailed, ExtractTimeout

__all__ = ["ROOT", "ChildLimits", "Children"]

ANSWER_MAX = 128 * 1024 * 1024
PIPE_BYTES = 512 * 1024  # a page goes through in one piece, without a switch to and fro
START_S = 60.0
BOOT = (
    "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1]); "
    "from verifier.child.serving import serve; serve(sys.argv[2:])"
)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use; after `jobs`, or grown to `grown_bytes`, it is replaced."""

    wall_s: float = 15.0
    cpu_s: int = 12
    memory_bytes: int = 512 * 1024 * 1024
    grown_bytes: int = 160 * 1024 * 1024
    jobs: int = 5000


class Children:
    """A pool of children that run the jobs of one module. Thread-safe; a context manager.

    The module names its jobs in `JOBS`. Its children are started when they are first needed.
    """

    def __init__(
        self, module: str, *, size: int = 1, limits: ChildLimits | None = None, root: str = ROOT
    ) -> None:
        self._command = (root, module)
        self._limits = limits or ChildLimits()
        self._idle: SimpleQueue[_Child | None] = SimpleQueue()
        for _ in range(size):
            self._idle.put(None)
        self._size = size
        # PR_SET_PDEATHSIG watches the starting thread: these live as long as the pool.
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="child")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self, job: str, *, message: Mapping[str, Any], raw: bytes, read: Callable[[Any], Result]
    ) -> Future[Result]:
        """Have one job done.

        Args:
            job: Its name in the module's `JOBS`.
            message: JSON for it.
            raw: Bytes for it, passed as they are.
            read: Makes the result of the job's JSON; its ValueError means nonsense.

        Returns:
            A future of what `read` made; it raises ExtractTimeout or ExtractFailed.
        """
        return self._threads.submit(self._run, job, message, raw, read)

    def close(self) -> None:
        """Let running jobs end, then end the children; closing again does nothing."""
        self._threads.shutdown(wait=True)
        for child in [self._idle.get() for _ in range(self._size)]:
            if child is not None:
                child.kill()
            self._idle.put(None)

    def _run(
        self, job: str, message: Mapping[str, Any], raw: bytes, read: Callable[[Any], Result]
    ) -> Result:
        child = self._idle.get()
        try:
            if child is None:
                child = _Child(self._command, limits=self._limits)
            answer = child.ask(job, message, raw)
        except BaseException:
            # Whatever went wrong, this child's pipes are no longer known to be in step.
            if child is not None:
                child.kill()
            self._idle.put(None)
            raise
        if child.jobs_left <= 0 or "is_grown" in answer:
            child.kill()
            child = None
        self._idle.put(child)
        if "error" in answer:
            raise ExtractFailed(f"The page could not be read ({answer['error']}).")
        try:
            return read(answer["result"])
        except (ValueError, TypeError, KeyError) as error:
            raise ExtractFailed("The child that reads pages answered nonsense.") from error


class _Child:
    """One child process, seen from the worker."""

    def __init__(self, command: tuple[str, str], *, limits: ChildLimits) -> None:
        self._limits = limits
        self.jobs_left = limits.jobs
        bounds = map(str, (os.getpid(), limits.memory_bytes, limits.grown_bytes, limits.cpu_s))
        root, module = command
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-I", "-X", "utf8", "-c", BOOT, root, module, *bounds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        self._in, self._out = _pipe(self._process.stdin), _pipe(self._process.stdout)
        try:
            self._receive(until=time.monotonic() + START_S)
        except BaseException:
            self.kill()
            raise

    def ask(self, job: str, message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
        """Send one job and wait for its answer, within the wall-clock limit."""
        self.jobs_left -= 1
        until = time.monotonic() + self._limits.wall_s
        head = json_bytes({"job": job, "message": message})
        self._send([FRAME.pack(len(head), len(raw)), head, raw], until=until)
        return self._receive(until=until)

    def kill(self) -> None:
        """End the process, whatever it is doing, and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, parts: Sequence[bytes], *, until: float) -> None:
        left = [memoryview(part) for part in parts]
        while left:
            try:
                sent = os.writev(self._in, left)
            except BlockingIOError:
                self._wait(self._in, select.POLLOUT, until=until)
                continue
            except BrokenPipeError:
                raise ExtractFailed("The child that reads pages ended.") from None
            while left and sent >= len(left[0]):
                sent -= len(left.pop(0))
            if sent:
                left[0] = left[0][sent:]

    def _receive(self, *, until: float) -> Mapping[str, Any]:
        size, extra = FRAME.unpack(self._read(FRAME.size, until=until))
        if size > ANSWER_MAX or extra:
            raise ExtractFailed("The child that reads pages answered nonsense.")
        try:
            answer = json.loads(self._read(size, until=until))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not answer.keys() & {"result", "error"}:
            raise ExtractFailed("The child that reads pages answered nonsense.")
        return answer

    def _read(self, size: int, *, until: float) -> bytes:
        pieces = []
        while size:
            try:
                piece = os.read(self._out, size)
            except BlockingIOError:
                self._wait(self._out, select.POLLIN, until=until)
                continue
            if not piece:
                raise ExtractFailed("The child that reads pages ended without an answer.")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _wait(self, pipe: int, events: int, *, until: float) -> None:
        left_s = until - time.monotonic()
        poll = select.poll()
        poll.register(pipe, events)
        if left_s <= 0 or not poll.poll(left_s * 1000):
            raise ExtractTimeout(f"Reading the page took over {self._limits.wall_s:g} s.")


def _pipe(stream: Any) -> int:
    os.set_blocking(stream.fileno(), False)
    if sys.platform == "linux":
        # Refused where the user's pipes hold much already; then it stays as it is.
        with contextlib.suppress(OSError):
            fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return int(stream.fileno())
