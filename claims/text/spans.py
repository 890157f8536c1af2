"""A chosen passage found again in its text, and the way back to the text as it was given."""

from claims.errors import InvalidInput


def shown_text(text: str) -> str:
    r"""Return a text as a browser shows it in a field: every line break is one `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def given_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span in the text as given that shows as `start` to `end`; code points."""
    if "\r" not in text:
        return start, end
    ends = [0]
    at = 0
    while at < len(text):
        at += 2 if text.startswith("\r\n", at) else 1
        ends.append(at)
    last = len(ends) - 1
    return ends[min(start, last)], ends[min(end, last)]


def find_span(text: str, words: str, *, near: int | None = None) -> tuple[int, int]:
    """Return where words stand in a shown text; code points, end exclusive.

    Args:
        text: as shown.
        words: as selected or copied.
        near: where they were selected; needed only where they stand more than once.

    Raises:
        InvalidInput: field `words`: they do not stand there, or more than once and nothing tells
            which place is meant.
    """
    wanted = shown_text(words)
    if near is not None and wanted and text.startswith(wanted, near):
        return _trimmed(text, near, near + len(wanted))
    wanted = wanted.strip()
    first = text.find(wanted)
    if first < 0 or not wanted:
        raise InvalidInput("words", "these words do not stand in the text.")
    if text.find(wanted, first + 1) >= 0:
        raise InvalidInput("words", "these words stand there more than once: choose more of them.")
    return first, first + len(wanted)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    if not piece.strip():
        raise InvalidInput("words", "choose the words that make this claim.")
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
