"""`make reset`: forget everything a run has kept; the installed packages stay."""

import os
import shutil
import sys
from pathlib import Path

from config.lock import AlreadyRuns, alone
from config.run import places_from
from config.services.base import service_user, services_folder

KEPT = {"venv", "run.lock"}


def main(values: dict[str, str]) -> int:
    """Remove the data of a run that has ended; return the exit code."""
    state = places_from(values).state
    if not state.is_dir():
        return 0
    try:
        with alone(state):
            forget(state)
    except (AlreadyRuns, OSError) as error:
        print(f"Nothing was reset. {error}")  # noqa: T201 - for the person at the terminal
        return 1
    print("Everything is forgotten: the next `make run` starts anew.")  # noqa: T201
    return 0


def forget(state: Path) -> None:
    """Remove everything in `state` but the packages, and the services' data wherever they lie."""
    shutil.rmtree(services_folder(state, user=service_user()), ignore_errors=True)
    for path in state.iterdir():
        if path.name in KEPT or path.name.startswith("venv"):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main(dict(os.environ)))
