"""Child processes that end with us, whatever ends us."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

BOUND = Path(__file__).with_name("bound.py")


def start(
    program: Sequence[str],
    *,
    log: Path,
    folder: Path,
    environment: Mapping[str, str],
    user: pwd.struct_passwd | None = None,
    at_our_death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session, so that Ctrl-C reaches us alone.

    Call it from the main thread: the kernel's "parent" is the thread that forked.

    Args:
        program: Its path and arguments.
        log: File that takes what it prints, appended.
        folder: Its working folder.
        environment: All of its environment.
        user: Who it becomes; None keeps ours.
        at_our_death: What it gets when this process dies.
    """
    who = [str(user.pw_uid), str(user.pw_gid)] if user else ["-", "-"]
    bound = [sys.executable, "-I", "-S", str(BOUND), str(int(at_our_death)), str(os.getpid()), *who]
    with log.open("ab") as lines:
        return subprocess.Popen(  # noqa: S603 - our own fixed programs
            [*bound, *program],
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )


def stop(
    child: subprocess.Popen[bytes], *, ask: signal.Signals = signal.SIGTERM, patience_s: float = 10
) -> None:
    """Ask a child to end, wait, and kill it (with its whole session) if it does not."""
    if child.poll() is None:
        child.send_signal(ask)
        try:
            child.wait(patience_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def last_lines(log: Path, *, count: int = 3) -> str:
    """Return the end of a log, on one line."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return " / ".join(lines[-count:])
