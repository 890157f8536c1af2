"""A passage somebody picked or typed, found in the text it is said to stand in."""

from typing import NamedTuple

from claims.text.quotes import Page, find_exact, find_near, find_verbatim, select

MOST_SEARCHED = 200_000
"""Code points of a text in which the nearest passage is sought, for a refusal's sake."""
LIKELY = 0.6


class Passage(NamedTuple):
    """The words of a text with 32 characters on either side, and where they stand.

    Source:
        W3C Web Annotation Data Model, section 4.2.4 (Text Quote Selector).
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


def passage_in(text: str, quote: str, *, prefix: str = "", suffix: str = "") -> Passage | None:
    """Find a quote in a text, typography aside.

    Args:
        text: what a page says.
        quote: words picked or typed.
        prefix: what stood before them, where it is known.
        suffix: what stood after them.

    Returns:
        The passage in the text's own code points; of several, the one whose surroundings fit best;
        None where the words do not stand there.
    """
    places = find_verbatim(text, quote)
    if len(places) == 1:
        return _passage(text, places[0], places[0] + len(quote))
    anchors = find_exact(Page(text), quote, prefix=prefix, suffix=suffix)
    return _passage(text, anchors[0].start, anchors[0].end) if anchors else None


def nearest_in(text: str, quote: str) -> str:
    """Return the passage nearest to a quote that does not stand in a text, empty for none."""
    anchors = find_near(Page(text[:MOST_SEARCHED]), quote)
    if not anchors or anchors[0].likeness_0_1 < LIKELY:
        return ""
    return text[anchors[0].start : anchors[0].end]


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(*select(text, start, end), start, end)
