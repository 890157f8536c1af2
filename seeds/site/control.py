"""The control page: one button per event, and its JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template

from seeds.site.answers import OPENED_AT, Answer
from seeds.site.demonstration import Demonstration, PortTaken
from seeds.site.events import Event, EventKind
from seeds.site.outlets import Outlet
from seeds.site.render import MARK

HOME = "/control/"
TEXT = "text/plain; charset=utf-8"
FOLDER = Path(__file__).parent / "content" / "control"
SHELL = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
CARD = Template((FOLDER / "card.html").read_text(encoding="utf-8"))
STYLE = (FOLDER / "style.css").read_bytes()
AS_PUBLISHED = {EventKind.MOVED: "at its first address", EventKind.DOWN: "up, its port listens"}


def page_for(demonstration: Demonstration, path: str, *, did: str) -> Answer | None:
    """Return what the control page says at `path`, or None where it is not its business.

    `did` is the event just done or put back ("all" for every one); its card then says so.
    """
    if path == "/control":
        return Answer(b"", status=HTTPStatus.MOVED_PERMANENTLY, location=HOME)
    if path == HOME:
        return Answer(_page(demonstration, did=did).encode())
    if path == "/control/state":
        body = json.dumps(facts(demonstration), ensure_ascii=False, indent=1)
        return Answer(body.encode(), media_type="application/json")
    if path == "/control/style.css":
        return Answer(STYLE, "text/css; charset=utf-8", modified_at=OPENED_AT)
    return None


def act(demonstration: Demonstration, path: str) -> Answer:
    """Do what a POST to `path` asks: `EVENT`, `EVENT/back` or `back` below the control page."""
    asked = path.removeprefix(HOME).strip("/")
    try:
        if asked == "back":
            demonstration.put_all_back()
            return _see("?did=all")
        key, _, back = asked.partition("/")
        event = demonstration.events.get(key)
        if event is None or back not in {"", "back"}:
            return _said(HTTPStatus.NOT_FOUND, f"There is no event {asked!r}.")
        (demonstration.put_back if back else demonstration.do)(event)
    except PortTaken as error:
        return _said(HTTPStatus.CONFLICT, str(error))
    return _see(f"?did={key}#{key}")


def facts(demonstration: Demonstration) -> Mapping[str, object]:
    """Return the present state: every event with its page and time, every outlet and its port."""
    return {
        "events": [
            {
                "key": event.key,
                "label": event.label,
                "outlet": event.outlet,
                "url": _address(demonstration, event),
                "now": _now(demonstration, event),
                "done_at": _iso(demonstration.state.done.get(event.key)),
                "last_change_at": _iso(demonstration.state.touched.get(event.page_key)),
            }
            for event in demonstration.events.values()
        ],
        "outlets": [
            {
                "key": outlet.key,
                "name": outlet.name,
                "url": demonstration.url_of(outlet) + "/",
                "is_listening": demonstration.is_listening(outlet),
            }
            for outlet in demonstration.outlets
        ],
    }


def _page(demonstration: Demonstration, *, did: str) -> str:
    outlets = "".join(
        f'<li><a href="{demonstration.url_of(outlet)}/">{_name(outlet)}</a>'
        f"{'' if demonstration.is_listening(outlet) else ' (down)'}</li>"
        for outlet in demonstration.outlets
    )
    cards = "".join(
        _card(demonstration, event, is_news=event.key == did)
        for event in demonstration.events.values()
    )
    said = '<p class="said" role="status">Everything is as published again.</p>'
    return SHELL.substitute(
        mark=MARK, cards=cards, outlets=outlets, said=said if did == "all" else ""
    )


def _card(demonstration: Demonstration, event: Event, *, is_news: bool) -> str:
    outlet = demonstration.outlet(event.outlet)
    page = outlet.pages.get(event.path)
    done_at = demonstration.state.done.get(event.key)
    touched_at = demonstration.state.touched.get(event.page_key)
    return CARD.substitute(
        key=event.key,
        label=escape(event.label),
        what=escape(event.what),
        url=escape(_address(demonstration, event)),
        page=escape(page.title) if page else "Front page",
        language=page.language if page else "en",
        outlet=_name(outlet),
        now=escape(_now(demonstration, event)),
        when=f"since {_clock(touched_at)}" if touched_at else "never changed yet",
        state="done" if done_at else "as-published",
        do_off="disabled" if done_at else "",
        back_off="" if done_at else "disabled",
        role='role="status"' if is_news else "",
    )


def _name(outlet: Outlet) -> str:
    if outlet.name == outlet.english_name:
        return escape(outlet.name)
    own = f'<span lang="{outlet.language}">{escape(outlet.name)}</span>'
    return f"{escape(outlet.english_name)} ({own})"


def _address(demonstration: Demonstration, event: Event) -> str:
    return demonstration.url_of(demonstration.outlet(event.outlet)) + (event.path or "/")


def _now(demonstration: Demonstration, event: Event) -> str:
    if event.key in demonstration.state.done:
        return event.after
    return AS_PUBLISHED.get(event.kind, "as published")


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S} UTC on {at.day} {at:%B %Y}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _see(where: str) -> Answer:
    body = f"Done; see {HOME}{where}\n".encode()
    return Answer(body, TEXT, HTTPStatus.SEE_OTHER, location=HOME + where)


def _said(status: HTTPStatus, sentence: str) -> Answer:
    return Answer(f"{sentence}\n".encode(), TEXT, status)
