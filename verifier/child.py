"""Run work on strangers' bytes in killable children: own processes that hold nothing of ours.

A child is started by exec (never forked from the worker, whose database socket it would hold),
isolated (`python -I`), with an empty environment and closed descriptors, bounded in memory and
processor time, and killed when a job passes its wall-clock limit. It lives for many jobs, because
starting one costs more than a page.

Frames on both pipes: two big-endian 32-bit lengths, then that much JSON, then that much raw bytes.
Source: setrlimit(2), prctl(2) PR_SET_PDEATHSIG.
"""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, Self, TypeVar

from verifier.errors import ExtractFailed, ExtractTimeout

ROOT = str(Path(__file__).resolve().parent.parent)
FRAME = struct.Struct(">II")
ANSWER_MAX = 128 * 1024 * 1024
PIPE_CHUNK = 1024 * 1024
PR_SET_PDEATHSIG = 1
START_S = 60.0
BOOT = (
    "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1]); "
    "from verifier.child import serve; serve(sys.argv[2:])"
)

Job = Callable[[Mapping[str, Any], bytes], Mapping[str, Any]]
"""JSON and raw bytes in, JSON out; runs in the child."""


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use; `jobs` after which it is replaced."""

    wall_s: float = 15.0
    cpu_s: int = 12
    memory_bytes: int = 512 * 1024 * 1024
    jobs: int = 200


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
        if child.jobs_left <= 0:
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
        bounds = (str(os.getpid()), str(limits.memory_bytes), str(limits.cpu_s))
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
        head = json.dumps({"job": job, "message": message}).encode()
        self._send(FRAME.pack(len(head), len(raw)) + head + raw, until=until)
        return self._receive(until=until)

    def kill(self) -> None:
        """End the process, whatever it is doing, and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, data: bytes, *, until: float) -> None:
        left = memoryview(data)
        while left:
            self._wait(self._in, select.POLLOUT, until=until)
            try:
                left = left[os.write(self._in, left[:PIPE_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ExtractFailed("The child that reads pages ended.") from None

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
            self._wait(self._out, select.POLLIN, until=until)
            try:
                piece = os.read(self._out, min(size, PIPE_CHUNK))
            except BlockingIOError:
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
    return int(stream.fileno())


def serve(arguments: list[str]) -> None:
    """Be a child: answer jobs until the pipe closes.

    Args:
        arguments: Module with `JOBS`, the parent's process id, bytes of memory, seconds of CPU.
    """
    module, parent, memory_bytes, cpu_s = arguments
    _die_with(int(parent))
    jobs: Mapping[str, Job] = importlib.import_module(module).JOBS
    asked, answers = _own_pipes()
    _bound_memory(int(memory_bytes))
    _answer(answers, {"result": "ready"})
    while frame := asked.read(FRAME.size):
        size, extra = FRAME.unpack(frame)
        request = json.loads(asked.read(size))
        raw = asked.read(extra)
        _bound_cpu(int(cpu_s))
        _answer(answers, _outcome_of(jobs[request["job"]], request["message"], raw))


def _outcome_of(job: Job, message: Mapping[str, Any], raw: bytes) -> Mapping[str, Any]:
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
    body = json.dumps(answer).encode()
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


def _bound_cpu(cpu_s: int) -> None:
    """Give the next job its processor time: the limit counts from the start of the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent_s = int(used.ru_utime + used.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent_s + cpu_s, hard))
