"""Run a program that cannot outlive its parent: `bound.py SIGNAL PARENT UID GID PROGRAM ...`.

Standard library only, started with `python -I -S`. SIGNAL is what the kernel sends when the
parent dies, PARENT its process id. UID and GID are the user to become, or `-`. The order
matters: a change of user clears the signal.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(signal: int, *, parent: int) -> None:
    """Have the kernel send us `signal` when our parent dies (prctl(2); Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal)
        if os.getppid() != parent:
            sys.exit("the parent died before the start")


def main(arguments: list[str]) -> None:
    """Become the program."""
    signal, parent, uid, gid, *program = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    die_with_parent(int(signal), parent=int(parent))
    os.execvp(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
