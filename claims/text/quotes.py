"""Finding a quoted passage again in a text that may have changed.

Anchoring goes as in Hypothesis and the W3C Web Annotation model (TextQuoteSelector: exact, prefix,
suffix): first the exact words in comparison form, told apart by their surroundings; then what
stands between those; then the nearest passage (`near`). All quotes of a text share one `Page`.
"""

from claims.text.figure_words import LARGE_KO, SMALL_KO
from claims.text.near import find_near
from claims.text.normalise import normalise
from claims.text.page import Anchor, Page, folded, is_hangul
from claims.text.sentences import Span
from claims.text.words import find_words

__all__ = [
    "CONTEXT",
    "Anchor",
    "Page",
    "find_between",
    "find_exact",
    "find_near",
    "find_verbatim",
    "select",
]

CONTEXT = 32
"""Characters of prefix and suffix kept with a quote, as Hypothesis does."""

_MOST_OCCURRENCES = 100
_MOST_TRIES = 5_000
_LONGEST = 4_000  # code points of a quote whose likeness is told
_SCALES = frozenset((*SMALL_KO, *LARGE_KO))


def select(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Make the selector of a passage: its exact words and 32 characters on either side.

    Args:
        text: The text the passage stands in.
        start: First code point of the passage.
        end: Code point after its last.

    Returns:
        `(exact, prefix, suffix)`.

    Raises:
        ValueError: the span is empty or not inside the text.

    Source:
        W3C Web Annotation Data Model, section 4.2.4 (Text Quote Selector).
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)}")
    return text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def find_verbatim(text: str, exact: str) -> tuple[int, ...]:
    """Find where a quote stands character for character, without preparing the text.

    Returns:
        The offsets of at most 100 places, in order; none for a quote without letters or digits or
        with white space at its ends, which stands nowhere as it is.
    """
    if exact != exact.strip() or not any(map(str.isalnum, exact)):
        return ()
    return tuple(start for start, _ in _occurrences(text, exact))


def find_exact(page: Page, exact: str, *, prefix: str = "", suffix: str = "") -> tuple[Anchor, ...]:
    """Find every place where the words of a quote stand, typography aside.

    Returns:
        At most 100 anchors, those with the same capitals if there are any, the one whose
        surroundings fit best first, then in the order of the text.
    """
    quote = normalise(exact)
    if not quote.cased:
        return ()
    context = folded(prefix), folded(suffix)
    cased = _occurrences(page.normalised.cased, quote.cased)
    spans = cased or _occurrences(page.normalised.folded, quote.folded)
    places = [page.normalised.span(*span) for span in spans]
    fits = [page.likeness_beside(place, context) for place in places]
    best_first = sorted(range(len(places)), key=fits.__getitem__, reverse=True)
    return tuple(
        Anchor(*places[at], 1.0, fits[at][0], is_exact=True, is_cased=bool(cased))
        for at in best_first
    )


def find_between(page: Page, exact: str, *, prefix: str, suffix: str) -> Anchor | None:
    """Find what stands between the surroundings of a quote, both of them unchanged.

    Returns:
        None where either is too short to tell, occurs more than once, or the gap between them is
        empty or much longer than the quote.
    """
    head, tail = normalise(prefix[-CONTEXT:]).folded, normalise(suffix[:CONTEXT]).folded
    text = page.normalised.folded
    if min(len(head), len(tail)) < CONTEXT // 2 or text.count(head) != 1:
        return None
    start = text.index(head) + len(head)
    end = text.find(tail, start, start + 2 * len(exact) + len(tail) + CONTEXT)
    if end <= start or not text[start:end].strip():
        return None
    span = page.normalised.span(start, end)
    return Anchor(*span, page.likeness(span, folded(exact[:_LONGEST])), 1.0)


def _occurrences(haystack: str, needle: str) -> list[Span]:
    spans: list[Span] = []
    at = haystack.find(needle)
    for _ in range(_MOST_TRIES):
        if at < 0 or len(spans) == _MOST_OCCURRENCES:
            break
        end = at + len(needle)
        if not (_splits(haystack, at) or _splits(haystack, end)):
            spans.append((at, end))
        at = haystack.find(needle, at + 1)
    return spans


def _splits(text: str, at: int) -> bool:
    """Say whether a cut at `at` goes through a word or a number."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before in ".,":
        return text[at - 2 : at - 1].isdigit() and after.isdigit()
    if after in ".,":
        return before.isdigit() and text[at + 1 : at + 2].isdigit()
    return before.isalnum() and after.isalnum() and not _may_part(before, after)


def _may_part(before: str, after: str) -> bool:
    """Say whether words part here without a space.

    They do in Han, Kana and Thai, before a Hangul particle or counter, and after one; `1,500` is
    not all of `1,500만`, nor of `1,500m`.
    """
    if before.isdigit():
        return not after.isdigit() and not after.isascii() and after not in _SCALES
    return is_hangul(before) or is_hangul(after) or len(find_words(before + after)) > 1
