"""Which events have been done, and when; kept in one JSON file across restarts."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


class StateUnreadable(Exception):
    """The state file holds something else than a state."""


@dataclass(frozen=True, slots=True)
class State:
    """The events done and the last change of every page, both by key, in UTC.

    `touched` outlives a "put back": the page is as published again, but it did change then.
    """

    done: Mapping[str, datetime] = field(default_factory=dict)
    touched: Mapping[str, datetime] = field(default_factory=dict)

    def with_done(self, event: str, *, page: str, at: datetime) -> "State":
        """Return the state in which `event` was done to `page` at `at`."""
        return State({**self.done, event: at}, {**self.touched, page: at})

    def without(self, event: str, *, page: str, at: datetime) -> "State":
        """Return the state in which `event` was put back at `at`."""
        left = {key: done_at for key, done_at in self.done.items() if key != event}
        return State(left, {**self.touched, page: at})


def read_state(file: Path) -> State:
    """Read `file`; a missing one is the state in which nothing happened yet.

    Raises:
        StateUnreadable: the file is not JSON of our shape.
    """
    if not file.exists():
        return State()
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return State(_times(raw["done"]), _times(raw["touched"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateUnreadable(
            f"{file} is not a state of the demonstration site; delete it to start afresh."
        ) from error


def write_state(file: Path, state: State) -> None:
    """Replace `file` in one step, so that a crash leaves the old or the new, never half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    body = {"v": 1, "done": _words(state.done), "touched": _words(state.touched)}
    draft = file.with_name(f"{file.name}.draft")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(body, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _times(raw: Mapping[str, str]) -> dict[str, datetime]:
    return {key: datetime.fromisoformat(value) for key, value in raw.items()}


def _words(times: Mapping[str, datetime]) -> dict[str, str]:
    return {key: at.isoformat() for key, at in times.items()}
