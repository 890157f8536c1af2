"""What the embedded servers share: a user, a folder of their own, a start and a stop."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from config import children

SERVICE_USER = "stet-services"
ELSEWHERE = Path("/var/lib/stet")
# sun_path holds 108 bytes with its closing NUL (unix(7)).
SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.5432.lock")
START_TIMEOUT_S = 60
QUIET = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


class ServiceFailed(Exception):
    """An embedded service cannot run; `str()` is one sentence for people."""


def service_user() -> pwd.struct_passwd | None:
    """Return the unprivileged user services run as, made if need be; None when we are no root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        make_service_user()
        return pwd.getpwnam(SERVICE_USER)


def make_service_user() -> None:
    """Add the system user: PostgreSQL refuses to run as root."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if program is None:
        raise ServiceFailed(
            f"PostgreSQL does not run as root and there is no useradd to make a user for it: "
            f"add a user named {SERVICE_USER}, or start Stet as an ordinary user."
        )
    options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run(  # noqa: S603 - fixed words
        [program, *options, SERVICE_USER], capture_output=True, text=True, check=False
    )
    already_there = 9
    if made.returncode not in {0, already_there}:
        raise ServiceFailed(f"Cannot add the user {SERVICE_USER}: {made.stderr.strip()}.")


def can_reach(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Return whether that user may pass through every folder above `path`."""
    above = [folder for folder in path.resolve().parents if folder.exists()]
    return user is None or all(folder.stat().st_mode & 0o001 for folder in above)


def private_folder(path: Path, user: pwd.struct_passwd | None) -> Path:
    """Make a folder that belongs to that user alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)
    return path


def services_folder(state: Path, *, user: pwd.struct_passwd | None) -> Path:
    """Return the folder for the services' data: in `state`, else where their user can go.

    A checkout below a private home stays private: the data then lie in /var/lib/stet, under a
    name made from the checkout's path.
    """
    if can_reach(state / "services", user):
        return state / "services"
    return ELSEWHERE / hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:12]


def make_services_folder(state: Path, *, user: pwd.struct_passwd | None) -> Path:
    """Make that folder, with a note in `state` where it lies elsewhere."""
    folder = services_folder(state, user=user)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if folder.parent == ELSEWHERE:
        ELSEWHERE.chmod(0o755)
        (state / "services-folder").write_text(f"{folder}\n", encoding="utf-8")
    return folder


def socket_folder(wanted: Path) -> Path:
    """Return `wanted`, or a new short one where a socket's address would not fit."""
    if len(os.fsencode(wanted)) <= SOCKET_FOLDER_BYTES:
        return wanted
    return Path(tempfile.mkdtemp(prefix="stet-"))


def give(tree: Path, user: pwd.struct_passwd | None) -> None:
    """Hand a tree over to that user."""
    if user:
        for path in (tree, *tree.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


class Service:
    """One embedded server: a folder of its own, a child process, started and stopped once.

    `folder` must be reachable for `service_user()`; the server's own folders below it are closed.
    """

    name = "service"
    ask_to_stop = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = service_user()
        self.log = folder / f"{self.name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it; its data stay."""
        if self.child:
            children.stop(self.child, ask=self.ask_to_stop, patience_s=20)
            self.child = None

    def spawn(self, program: list[str]) -> None:
        """Start the child; a kill of ours stops it as cleanly as we would."""
        self.log.write_bytes(b"")
        self.child = children.start(
            program,
            log=self.log,
            folder=self.folder,
            environment=QUIET,
            user=self.user,
            at_our_death=self.ask_to_stop,
        )

    def wait_until_ready(self) -> None:
        """Wait for the first answer."""
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if self.child is None or self.child.poll() is not None:
                said = children.last_lines(self.log)
                raise ServiceFailed(f"{self.name} ended at its start ({self.log}): {said}")
            if time.monotonic() > give_up_at:
                self.stop()
                raise ServiceFailed(f"{self.name} gave no answer in {START_TIMEOUT_S} s.")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Return whether the server takes connections."""
        raise NotImplementedError

    def within_reach(self, program: Path, *, trees: Sequence[Path], root: Path) -> Path:
        """Return the program, copied to where the user can reach it if need be.

        `trees` are the folders below `root` that it needs, its own among them; they keep their
        places to each other, because a wheel's programs find their libraries that way.
        """
        if can_reach(program, self.user):
            return program.resolve()
        copies = self.folder / "programs"
        for tree in trees:
            copy = copies / tree.relative_to(root)
            if tree.exists() and not copy.exists():
                partial = copy.with_name(f"{tree.name}.partial")
                shutil.rmtree(partial, ignore_errors=True)
                shutil.copytree(tree, partial, symlinks=True)
                give(partial, self.user)
                partial.rename(copy)
                for folder in (copies, copy.parent):
                    folder.chmod(0o755)  # whatever our umask is
        return copies / program.relative_to(root)
