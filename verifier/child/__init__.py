"""Run work on strangers' bytes in killable children: own processes that hold nothing of ours.

A child is started by exec (never forked from the worker, whose database socket it would hold),
isolated (`python -I`), with an empty environment and closed descriptors, bounded in memory and
processor time, and killed when a job passes its wall-clock limit. It lives for thousands of jobs,
because starting one costs as much as a hundred pages, and ends when it has grown.

Jobs are sent ahead, so that a child never waits for its worker; the worker takes the answers when
it comes by, without a thread beside it: to be woken for each would cost it more than the rest.
"""

import contextlib
import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from verifier.child.frames import FRAME, ROOT, json_bytes
from verifier.errors import ExtractFailed, ExtractTimeout

__all__ = ["ROOT", "ChildLimits", "Children", "Job"]

ANSWER_MAX = 128 * 1024 * 1024
PIPE_BYTES = 512 * 1024
MOST_AHEAD = 4  # pages of the usual size, which the pipe holds
READ_BYTES = 256 * 1024
PARTS = 3
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


class Job(Generic[Result]):
    """One job under way, and what comes of it."""

    def __init__(self, pool: "Children", parts: list[bytes], read: Callable[[Any], Result]) -> None:
        self._pool = pool
        self._read = read
        self._answer: Mapping[str, Any] | None = None
        self._failure: ExtractFailed | ExtractTimeout | None = None
        self.parts = parts

    def done(self) -> bool:
        """Whether it has ended; takes what has come meanwhile."""
        if not self._has_ended:
            self._pool.go_on(wait_s=0)
        return self._has_ended

    def result(self) -> Result:
        """Wait for its end.

        Raises:
            ExtractTimeout: it took too long; the child was killed.
            ExtractFailed: the child crashed, ran out of memory or answered nonsense.
        """
        while not self._has_ended:
            self._pool.go_on(wait_s=START_S)
        if self._failure is not None:
            raise self._failure
        answer = self._answer or {}
        if "error" in answer:
            raise ExtractFailed(f"The page could not be read ({answer['error']}).")
        try:
            return self._read(answer["result"])
        except (ValueError, TypeError, KeyError) as error:
            raise ExtractFailed("The child that reads pages answered nonsense.") from error

    @property
    def _has_ended(self) -> bool:
        return self._answer is not None or self._failure is not None

    def end(self, answer: Mapping[str, Any]) -> None:
        """Take the answer."""
        self._answer = answer
        self.parts = []

    def fail(self, failure: ExtractFailed | ExtractTimeout) -> None:
        """Take note that there will be none."""
        self._failure = failure
        self.parts = []


class Children:
    """A pool of children that run the jobs of one module, for one thread; a context manager.

    The module names its jobs in `JOBS`. Its children are started when they are first needed.
    """

    def __init__(
        self, module: str, *, size: int = 1, limits: ChildLimits | None = None, root: str = ROOT
    ) -> None:
        self._command = (root, module)
        self._limits = limits or ChildLimits()
        self._waiting: deque[Job[Any]] = deque()
        self._children: list[_Child] = []
        self._size = size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self, job: str, *, message: Mapping[str, Any], raw: bytes, read: Callable[[Any], Result]
    ) -> Job[Result]:
        """Have one job done; jobs of one child are done in their order.

        Args:
            job: Its name in the module's `JOBS`.
            message: JSON for it.
            raw: Bytes for it, passed as they are.
            read: Makes the result of the job's JSON; its ValueError means nonsense.
        """
        head = json_bytes({"job": job, "message": message})
        asked = Job(self, [FRAME.pack(len(head), len(raw)), head, raw], read)
        self._waiting.append(asked)
        self._hand_out()
        return asked

    def close(self) -> None:
        """Let running jobs end, then end the children; closing again does nothing."""
        while self._waiting or any(child.jobs for child in self._children):
            self.go_on(wait_s=START_S)
        for child in self._children:
            child.kill()
        self._children.clear()

    def go_on(self, *, wait_s: float) -> None:
        """Take the answers that have come, waiting for one; send what there is room for."""
        self._hand_out()
        busy = [child for child in self._children if child.jobs]
        for child in _ready(busy, wait_s=wait_s):
            self._attend(child)
        now = time.monotonic()
        for child in [child for child in self._children if child.jobs and now >= child.until]:
            # What it did while nobody came by is not its fault.
            self._attend(child)
            if child in self._children and child.jobs and now >= child.until:
                late = ExtractTimeout(f"Reading the page took over {self._limits.wall_s:g} s.")
                self._give_up(child, late)

    def _attend(self, child: "_Child") -> None:
        try:
            child.send()
            child.take()
        except ExtractFailed as failure:
            self._give_up(child, failure)
        else:
            if not child.jobs and child.is_spent:
                self._drop(child)
            else:
                self._hand_out()

    def _give_up(self, child: "_Child", failure: ExtractFailed | ExtractTimeout) -> None:
        """End a child at the job it was at; what it had not begun, another does."""
        at_work, *untouched = child.jobs or (None,)
        if at_work is not None:
            at_work.fail(failure)
        self._waiting.extendleft(reversed(untouched))
        self._drop(child)

    def _drop(self, child: "_Child") -> None:
        self._children.remove(child)
        child.kill()
        self._hand_out()

    def _hand_out(self) -> None:
        while self._waiting and (child := self._free_child()):
            try:
                child.give(self._waiting.popleft())
            except ExtractFailed as failure:
                self._give_up(child, failure)

    def _free_child(self) -> "_Child | None":
        """Return the child with the least to do, if it may be given more; a new one where none."""
        if len(self._children) < self._size and all(child.jobs for child in self._children):
            self._children.append(_Child(self._command, limits=self._limits))
        child = min(self._children, key=lambda child: (child.is_spent, len(child.jobs)))
        return None if child.is_spent or len(child.jobs) >= MOST_AHEAD else child


class _Child:
    """One child process, seen from the worker; `until` the job it is at must have ended."""

    def __init__(self, command: tuple[str, str], *, limits: ChildLimits) -> None:
        self._limits = limits
        self._left = limits.jobs
        self.is_grown = False
        self.jobs: deque[Job[Any]] = deque()
        self.until = 0.0
        self._to_send: list[memoryview] = []
        self._come = bytearray()
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
            self._wait_until_ready()
        except BaseException:
            self.kill()
            raise

    @property
    def is_spent(self) -> bool:
        """Whether it gets no more jobs."""
        return self._left <= 0 or self.is_grown

    def give(self, job: "Job[Any]") -> None:
        """Send a job, as far as the pipe takes it now."""
        self._left -= 1
        if not self.jobs:
            self.until = time.monotonic() + self._limits.wall_s
        self.jobs.append(job)
        self._to_send.extend(map(memoryview, job.parts))
        self.send()

    def awaited(self) -> Iterator[tuple[int, int]]:
        """Yield the pipes to wait for, each with what for."""
        yield self._out, select.POLLIN
        if self._to_send and len(self.jobs) * PARTS <= len(self._to_send) + PARTS:
            # It has no second job in its pipe yet; else there is time until it answers.
            yield self._in, select.POLLOUT

    def send(self) -> None:
        """Send what the pipe takes."""
        while self._to_send:
            try:
                sent = os.writev(self._in, self._to_send)
            except BlockingIOError:
                return
            except BrokenPipeError:
                raise ExtractFailed("The child that reads pages ended.") from None
            while self._to_send and sent >= len(self._to_send[0]):
                sent -= len(self._to_send.pop(0))
            if sent:
                self._to_send[0] = self._to_send[0][sent:]

    def take(self) -> int:
        """Take the answers that have come; return how many."""
        taken = 0
        while self._receive():
            for answer in self._answers():
                if not self.jobs:
                    raise _nonsense()
                self.jobs.popleft().end(answer)
                self.is_grown = self.is_grown or "is_grown" in answer
                self.until = time.monotonic() + self._limits.wall_s
                taken += 1
        return taken

    def kill(self) -> None:
        """End the process, whatever it is doing, and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _receive(self) -> bool:
        """Read what has come, and say whether anything did."""
        try:
            piece = os.read(self._out, READ_BYTES)
        except BlockingIOError:
            return False
        if not piece:
            raise ExtractFailed("The child that reads pages ended without an answer.")
        self._come += piece
        return True

    def _answers(self) -> Iterator[Mapping[str, Any]]:
        while len(self._come) >= FRAME.size:
            size, extra = FRAME.unpack_from(self._come)
            if size > ANSWER_MAX or extra:
                raise _nonsense()
            end = FRAME.size + size
            if len(self._come) < end:
                return
            answer = _read_answer(bytes(memoryview(self._come)[FRAME.size : end]))
            del self._come[:end]
            yield answer

    def _wait_until_ready(self) -> None:
        """Wait for the first answer, which no job asked for."""
        until = time.monotonic() + START_S
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        while not any(True for _ in self._answers()):
            left_s = until - time.monotonic()
            if left_s <= 0 or not poll.poll(left_s * 1000):
                raise ExtractTimeout("The child that reads pages did not start.")
            self._receive()


def _ready(children: Sequence["_Child"], *, wait_s: float) -> list["_Child"]:
    """Wait until one of the children has answered or takes more, or the first of them is late."""
    if not children:
        return []
    by_pipe = {pipe: (child, events) for child in children for pipe, events in child.awaited()}
    poll = select.poll()
    for pipe, (_, events) in by_pipe.items():
        poll.register(pipe, events)
    left_s = min(child.until for child in children) - time.monotonic()
    found = poll.poll(max(min(left_s, wait_s), 0) * 1000)
    return list({id(child): child for child in (by_pipe[pipe][0] for pipe, _ in found)}.values())


def _read_answer(text: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not answer.keys() & {"result", "error"}:
        raise _nonsense()
    return answer


def _nonsense() -> ExtractFailed:
    return ExtractFailed("The child that reads pages answered nonsense.")


def _pipe(stream: Any) -> int:
    os.set_blocking(stream.fileno(), False)
    if sys.platform == "linux":
        # Refused where the user's pipes hold much already; then it stays as it is.
        with contextlib.suppress(OSError):
            fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return int(stream.fileno())
