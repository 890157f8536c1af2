"""`classify-notice`: what does one line say of its page?"""

from contextlib import ExitStack

from verifier import notices
from verifier.management.steps.rows import Row, Step, wanted


def open_step(_stack: ExitStack, *, size: int) -> Step:  # noqa: ARG001 - the steps' one signature
    """Return the step."""
    return classify_notice


def classify_notice(row: Row) -> Row:
    """Say what one line says of its page."""
    return {"kind": notices.classify(wanted(row, "text", str)).value}
