"""What can happen to the demonstration site, read from `events.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from seeds.site.outlets import Page

EVENTS = Path(__file__).parent / "events.json"


class EventKind(StrEnum):
    """What an event does."""

    EDIT = "edit"
    DRESSING = "dressing"
    GONE = "gone"
    MOVED = "moved"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: to which page (or outlet, where `path` is empty), and what becomes of it.

    `edits` are (find, put) pairs, each found exactly once in the body; `body`, where given,
    replaces the whole; `is_dated` says that the page then shows when it was modified.
    """

    key: str
    label: str
    what: str
    after: str
    kind: EventKind
    outlet: str
    path: str = ""
    edits: tuple[tuple[str, str], ...] = ()
    body: str = ""
    title: str = ""
    to: str = ""
    is_dated: bool = False

    @property
    def page_key(self) -> str:
        """The key under which the page's last change is kept."""
        return f"{self.outlet}{self.path}"


def load_events() -> dict[str, Event]:
    """Read every event, by key, in the order of the control page."""
    rows = json.loads(EVENTS.read_text(encoding="utf-8"))
    return {row["key"]: _read_event(row) for row in rows}


def edited(page: Page, event: Event) -> Page:
    """Return `page` as it reads after an event of kind EDIT."""
    body = event.body or page.body
    for find, put in event.edits:
        body = body.replace(find, put, 1)
    return replace(page, body=body, title=event.title or page.title)


def _read_event(row: Mapping[str, Any]) -> Event:
    edits = tuple((edit["find"], edit["put"]) for edit in row.get("edits", ()))
    return Event(**{**row, "kind": EventKind(row["kind"]), "edits": edits})
