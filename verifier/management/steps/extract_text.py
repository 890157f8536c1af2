"""`extract-text`: what does a page say?"""

from contextlib import ExitStack
from functools import partial

from verifier.management.steps.rows import Row, Step, utf8, wanted
from verifier.pages import SharedPages
from verifier.types import RawPage


def open_step(stack: ExitStack, *, size: int) -> Step:
    """Return the step, with its children."""
    return partial(extract_text, pages=stack.enter_context(SharedPages(size=size)))


def extract_text(row: Row, *, pages: SharedPages) -> Row:
    """Read one page."""
    raw = utf8(wanted(row, "html", str))
    page = pages.read(RawPage(raw, wanted(row, "url", str, default=""), charset="utf-8"))
    return {
        "text": page.text,
        "title": page.title,
        "published_at": page.published_at and page.published_at.isoformat(),
        "modified_at": page.modified_at and page.modified_at.isoformat(),
    }
