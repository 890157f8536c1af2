"""Make `.stet/venv` and install the pinned packages: `python3 -I config/bootstrap.py [--dev]`.

Standard library only: it runs before anything is installed. A set of packages already there is
recognised by the hashes of its requirement files and costs nothing.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".stet"
OLDEST = (3, 11)
RUN = ("requirements.txt", "requirements-local.txt")
DEV = (*RUN, "requirements-dev.txt")


def main(arguments: list[str]) -> int:
    """Return 0 once `.stet/venv` holds what is wanted, else 1 after one sentence."""
    refusal = refuse()
    if refusal:
        say(refusal)
        return 1
    STATE.mkdir(exist_ok=True)
    with one_at_a_time():
        return install(DEV if "--dev" in arguments else RUN, venv=STATE / "venv")


def say(words: str, *, end: str = "\n") -> None:
    """Print for the person at the terminal, at once."""
    print(words, end=end, flush=True)  # noqa: T201 - this is how set-up speaks


def refuse() -> str:
    """Return why this Python cannot be used, or ''."""
    oldest = ".".join(map(str, OLDEST))
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        return (
            f"Stet needs Python {oldest} or newer and this is {version}: make run PYTHON=python3.12"
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        return (
            f"Python's {missing[0]} module is missing: install it "
            "(apt-get install python3-venv), or name another Python with make run PYTHON=..."
        )
    return ""


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let `make run` and `make test` install one after the other."""
    with (STATE / "venv.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(files: tuple[str, ...], *, venv: Path) -> int:
    """Install those requirement files where they are not installed yet."""
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
    stamp = venv / "installed.json"
    done = installed(stamp, python=venv / "bin" / "python")
    if wanted.items() <= done.items():
        return 0
    if not done and make_venv(venv) != 0:
        return 1
    stamp.unlink(missing_ok=True)
    count = sum(
        line[:1].isalnum() for name in files for line in (ROOT / name).read_text().splitlines()
    )
    say(f"Installing up to {count} pinned packages into {venv}, once:")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
    pip += [word for name in files for word in ("-r", str(ROOT / name))]
    if show_progress([*pip, "--progress-bar", "off", "--disable-pip-version-check"]) != 0:
        return 1
    stamp.write_text(json.dumps(done | wanted), encoding="ascii")
    return 0


def installed(stamp: Path, *, python: Path) -> dict[str, str]:
    """Return the requirement files installed with this very Python, by hash."""
    try:
        version = subprocess.run(  # noqa: S603 - our own venv
            [python, "-c", "import sys; print(*sys.version_info[:3])"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        done = json.loads(stamp.read_text(encoding="ascii"))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    same = version[:2] == [str(number) for number in sys.version_info[:2]]
    return {str(name): str(digest) for name, digest in done.items()} if same else {}


def make_venv(venv: Path) -> int:
    """Make a fresh venv; keep a working one whose packages are merely unknown."""
    python = venv / "bin" / "python"
    probe = "import sys, pip; sys.exit(sys.version_info[:2] != " + str(sys.version_info[:2]) + ")"
    works = (
        python.exists()
        and not subprocess.run(  # noqa: S603 - our own venv
            [python, "-c", probe], capture_output=True, check=False
        ).returncode
    )
    if works:
        return 0
    say(f"Making {venv} ...")
    shutil.rmtree(venv, ignore_errors=True)
    made = subprocess.run(  # noqa: S603 - this Python's own module
        [sys.executable, "-I", "-m", "venv", str(venv)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        said = (made.stdout + made.stderr).strip().splitlines()
        say(f"The venv cannot be made: {said[-1] if said else 'no reason given'}")
    return made.returncode


def show_progress(pip: list[str]) -> int:
    """Run pip, one dot a package; its words only where it fails."""
    words: list[str] = []
    with subprocess.Popen(  # noqa: S603 - fixed words
        pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout or ():
            words.append(line)
            if line.startswith("Collecting"):
                say(".", end="")
            elif line.startswith("Installing collected"):
                say(" unpacking", end="")
    say("")
    if running.returncode != 0:
        say("".join(words[-15:]) + "The packages cannot be installed; pip's last words are above.")
    return running.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    except OSError as error:
        sys.exit(f"Stet cannot be installed: {error}")
