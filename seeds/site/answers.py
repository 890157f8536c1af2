"""What an outlet answers for a path, given what has happened so far."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

from seeds.site.events import Event, EventKind, edited
from seeds.site.outlets import Outlet, Page
from seeds.site.render import render_front, render_not_found, render_page
from seeds.site.state import State

HTML = "text/html; charset=utf-8"
MEDIA_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
OPENED_AT = datetime(2024, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `modified_at` is None where it carries no validators."""

    body: bytes
    media_type: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    modified_at: datetime | None = None
    location: str = ""

    @property
    def etag(self) -> str:
        """The strong validator of these bytes (RFC 9110 section 8.8.3)."""
        return f'"{sha256(self.body).hexdigest()[:32]}"'


def answer(
    outlet: Outlet, path: str, *, base_url: str, state: State, events: Iterable[Event]
) -> Answer:
    """Return what `outlet` says at `path` after the events of `state`."""
    done = [e for e in events if e.outlet == outlet.key and e.key in state.done]
    for event in done:
        if event.kind is EventKind.MOVED and path == event.path:
            return Answer(b"", status=HTTPStatus.MOVED_PERMANENTLY, location=event.to)
        if event.kind is EventKind.MOVED and path == event.to:
            path = event.path
        if event.kind is EventKind.GONE and path == event.path:
            return _not_found(outlet, path, base_url=base_url)
    if page := outlet.pages.get(path):
        return _page(outlet, page, base_url=base_url, state=state, events=done)
    if path == "/":
        return Answer(render_front(outlet, base_url=base_url), modified_at=OPENED_AT)
    if asset := outlet.assets.get(path):
        kind = MEDIA_TYPES[path.rsplit(".", 1)[1]]
        return Answer(asset, media_type=kind, modified_at=OPENED_AT)
    return _not_found(outlet, path, base_url=base_url)


def _page(
    outlet: Outlet, page: Page, *, base_url: str, state: State, events: Iterable[Event]
) -> Answer:
    shown, dressing, dated_at = page, outlet.dressings[0], None
    for event in events:
        if event.path != page.path:
            continue
        if event.kind is EventKind.EDIT:
            shown = edited(shown, event)
            dated_at = state.done[event.key] if event.is_dated else dated_at
        if event.kind is EventKind.DRESSING:
            dressing = outlet.dressings[1]
        if event.kind is EventKind.MOVED:
            shown = replace(shown, path=event.to)
    body = render_page(outlet, shown, base_url=base_url, dressing=dressing, modified_at=dated_at)
    touched_at = state.touched.get(f"{outlet.key}{page.path}", page.published_at)
    return Answer(body, modified_at=touched_at)


def _not_found(outlet: Outlet, path: str, *, base_url: str) -> Answer:
    body = render_not_found(outlet, base_url=base_url, path=path)
    return Answer(body, status=HTTPStatus.NOT_FOUND)
