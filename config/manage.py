"""`python -m config.manage COMMAND ...`: a command of `manage.py` on the running demonstration."""

import json
import os
import subprocess
import sys

from config.lock import is_held
from config.run import ROOT, places_from


def main(words: list[str], *, values: dict[str, str]) -> int:
    """Run the command with the demonstration's own environment; return its exit code."""
    places = places_from(values)
    if not is_held(places.state) or not places.environment.exists():
        print("Stet does not run here: start it with `make run` first.")  # noqa: T201 - to a person
        return 1
    running = json.loads(places.environment.read_text(encoding="utf-8"))
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=values | running, check=False).returncode  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], values=dict(os.environ)))
