"""`fetch-url`: fetch one page through the guarded door and read its text."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from claims.states import Outcome
from verifier.errors import PageUnread
from verifier.fetch import fetch
from verifier.management.steps.rows import Row, Step, wanted
from verifier.pages import SharedPages
from verifier.types import FetchRequest, Guard, Limits, RawPage

FETCH_WORDS: Mapping[Outcome, str] = {
    Outcome.CHANGED: "ok",
    Outcome.UNCHANGED: "ok",
    Outcome.TIMEOUT: "timeout",
    Outcome.TOO_LARGE: "too_large",
    Outcome.BAD_URL: "refused",
    Outcome.BLOCKED_ADDRESS: "refused",
    Outcome.REDIRECT_BLOCKED: "refused",
    Outcome.REDIRECT_LOOP: "redirect_loop",
    Outcome.BAD_ENCODING: "bad_content",
    Outcome.UNSUPPORTED_ENCODING: "bad_content",
    Outcome.EMPTY: "bad_content",
}


def open_step(stack: ExitStack, *, size: int) -> Step:
    """Return the step, with its children."""
    return partial(fetch_url, pages=stack.enter_context(SharedPages(size=size)))


def fetch_url(row: Row, *, pages: SharedPages) -> Row:
    """Fetch one page and read its text."""
    guard = Guard(allow=frozenset(map(str, wanted(row, "allow", list, default=[]))))
    limits = _limits(wanted(row, "limits", dict, default={}))
    got = fetch(FetchRequest(wanted(row, "url", str)), limits=limits, guard=guard)
    answer = {"status": got.status, "text": "", "url": got.url, "reason": got.detail}
    if got.outcome is not Outcome.CHANGED:
        return answer | {"outcome": FETCH_WORDS.get(got.outcome, "error")}
    try:
        page = pages.read(RawPage(got.body, got.url, got.media_type, got.charset))
    except PageUnread as error:
        return answer | {"outcome": "bad_content", "reason": str(error)}
    return answer | {"outcome": "ok", "text": page.text}


def _limits(row: Row) -> Limits:
    usual = Limits()
    seconds = float(row.get("seconds", usual.total_s))
    size = wanted(row, "bytes", int, default=usual.wire_bytes)
    return Limits(
        total_s=seconds,
        connect_s=min(seconds, usual.connect_s),
        wire_bytes=size,
        decoded_bytes=size,
        error_bytes=min(size, usual.error_bytes),
        redirects=wanted(row, "redirects", int, default=usual.redirects),
    )
