"""Comparing what a page says now with the passages that claims rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from claims.states import QuoteState
from claims.text.figures import same_quantities
from claims.text.names import find_negations
from claims.text.normalise import comparison_form
from claims.text.quotes import Anchor, Page, find_between, find_exact, find_near
from claims.types import QuoteFinding, QuoteToFind

_ALIKE_IN_PLACE = 0.6
_ALIKE_UNPLACED = 0.7
_ALIKE_ELSEWHERE = 0.8
_MENTIONED = 95  # percent of a quote found inside a longer sentence
_MENTION_ADDS = 1.1
_IN_PLACE = 0.6
_NEAR_PLACE = 0.5
_STRAY = 3  # letters or digits beside a quote that is still the whole sentence: a list's number


def find_quotes(
    text: str, *, quotes: Sequence[QuoteToFind], before: str | None = None
) -> tuple[QuoteFinding, ...]:
    """Say of each quote whether it stands in a text, stands altered, or is missing.

    Args:
        text: What the page says now, one block a line.
        quotes: Passages sought, each with its last known state.
        before: What the page said at the last look; None on the first look.

    Returns:
        One finding per quote, in order. STANDING: the words are there, typography and spacing
        aside. ALTERED: the passage is there in other words, figures or names; `figure_altered`
        where a quantity or date differs. MISSING: it is not there, or only mentioned elsewhere (as
        notices of correction do); `found` keeps the nearest text. A quote that was never found,
        and is not now, keeps the state it had.
    """
    now = Page(text)
    then = None if before is None else Page(before)
    return tuple(_find_quote(now, then, quote) for quote in quotes)


def wording_differs(before: str, after: str) -> bool:
    """Say whether two texts differ in words; typography, spacing and line ends do not count."""
    return comparison_form(before) != comparison_form(after)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote stood at the last look.

    `words` are the quote in comparison form, `beside` all the page said but them, `rivals` the
    surroundings of other places with the same words; `is_whole`: it was one or more whole
    sentences.
    """

    page: Page
    anchor: Anchor
    words: str
    around: tuple[str, str]
    rivals: tuple[tuple[str, str], ...]
    beside: str
    is_whole: bool


def _find_quote(now: Page, then: Page | None, quote: QuoteToFind) -> QuoteFinding:
    place = _last_place(then, quote) if then else None
    if place is None:
        return _find_anew(now, quote)
    prefix, suffix = place.around
    exact = find_exact(now, quote.exact, prefix=prefix, suffix=suffix)
    if here := next((anchor for anchor in exact if _is_here(now, anchor, place)), None):
        if _is_denied(now, here, place):
            return _finding(now, quote, _sentences_of(now, here), QuoteState.ALTERED)
        return _judged(now, quote, here)
    near = _near(now, quote, place)
    if replaced := next((anchor for anchor in near if _replaces(now, anchor, place)), None):
        return _finding(now, quote, replaced, QuoteState.ALTERED)
    if moved := next((anchor for anchor in exact if _stands_alike(now, anchor, place)), None):
        return _judged(now, quote, moved)
    return _finding(now, quote, next(iter((*exact, *near)), None), QuoteState.MISSING)


def _find_anew(now: Page, quote: QuoteToFind) -> QuoteFinding:
    """Seek a quote of which the last look, if any, says nothing."""
    context = {"prefix": quote.prefix, "suffix": quote.suffix}
    if exact := find_exact(now, quote.exact, **context):
        return _judged(now, quote, exact[0])
    near = find_near(now, quote.exact, is_whole=_reads_whole(quote.exact), **context)
    best = near[0] if near else None
    if best is not None and best.likeness_0_1 >= _ALIKE_UNPLACED:
        return _finding(now, quote, best, QuoteState.ALTERED)
    never_found = quote.was in {QuoteState.UNCHECKED, QuoteState.ATTESTED}
    return _finding(now, quote, best, quote.was if never_found else QuoteState.MISSING)


def _last_place(then: Page, quote: QuoteToFind) -> _Place | None:
    found = find_exact(then, quote.exact, prefix=quote.prefix, suffix=quote.suffix)
    if not found:
        return None
    first = then.sentence_at(found[0].start)
    last = then.sentence_at(found[0].end - 1)
    is_whole = first[0] == found[0].start and last[1] == found[0].end
    around, *rivals = (then.around(anchor.start, anchor.end) for anchor in found)
    words = comparison_form(quote.exact)
    beside = then.normalised.cased.replace(words, "\n")
    return _Place(then, found[0], words, around, tuple(rivals), beside, is_whole)


def _is_here(now: Page, anchor: Anchor, place: _Place) -> bool:
    """Say whether the words stand where they stood, rather than where others like them did."""
    if anchor.context_0_1 < _IN_PLACE:
        return False
    around = now.around(anchor.start, anchor.end)
    here = _likeness(around, place.around)
    return all(here >= _likeness(around, rival) for rival in place.rivals)


def _likeness(these: tuple[str, str], those: tuple[str, str]) -> float:
    return max(fuzz.ratio(*sides) for sides in zip(these, those, strict=True))


def _near(now: Page, quote: QuoteToFind, place: _Place) -> list[Anchor]:
    """Find what may have taken the place of the quote: nothing that stood beside it before."""
    prefix, suffix = place.around
    between = find_between(now, quote.exact, prefix=prefix, suffix=suffix)
    if between is not None and not place.is_whole:
        return [replace(between, likeness_0_1=max(between.likeness_0_1, _ALIKE_IN_PLACE))]
    near = find_near(now, quote.exact, prefix=prefix, suffix=suffix, is_whole=place.is_whole)
    return [anchor for anchor in near if not _stood_beside(now, anchor, place)]


def _stood_beside(now: Page, anchor: Anchor, place: _Place) -> bool:
    found = comparison_form(now.text[anchor.start : anchor.end])
    return found in (place.page.normalised.cased if place.words in found else place.beside)


def _replaces(now: Page, near: Anchor, place: _Place) -> bool:
    if near.context_0_1 >= _NEAR_PLACE:
        return near.likeness_0_1 >= _ALIKE_IN_PLACE
    found = comparison_form(now.text[near.start : near.end])
    is_longer = len(found) > _MENTION_ADDS * len(place.words)
    if is_longer and fuzz.partial_ratio(place.words, found) >= _MENTIONED:
        return False
    return near.likeness_0_1 >= _ALIKE_ELSEWHERE and _stands_alike(now, near, place)


def _stands_alike(now: Page, anchor: Anchor, place: _Place) -> bool:
    """Say whether the words stand elsewhere as they did, not merely mentioned in a sentence."""
    if not anchor.is_cased and _stood_beside(now, anchor, place):
        return False
    rest_then = _rest_of_sentence(place.page, place.anchor)
    rest_now = _rest_of_sentence(now, anchor)
    if sum(map(str.isalnum, rest_then)) <= _STRAY:
        return sum(map(str.isalnum, rest_now)) <= _STRAY
    return fuzz.ratio(rest_then, rest_now) >= 100 * _NEAR_PLACE


def _is_denied(now: Page, anchor: Anchor, place: _Place) -> bool:
    """Say whether the sentence around unchanged words has gained a negation: `denied that ...`."""
    gained = find_negations(_rest_of_sentence(now, anchor))
    return len(gained) > len(find_negations(_rest_of_sentence(place.page, place.anchor)))


def _sentences_of(page: Page, anchor: Anchor) -> Anchor:
    first, last = page.sentence_at(anchor.start), page.sentence_at(anchor.end - 1)
    return replace(anchor, start=first[0], end=max(last[1], anchor.end), is_cased=False)


def _rest_of_sentence(page: Page, anchor: Anchor) -> str:
    first, last = page.sentence_at(anchor.start), page.sentence_at(anchor.end - 1)
    return page.text[first[0] : anchor.start] + page.text[anchor.end : max(last[1], anchor.end)]


def _reads_whole(exact: str) -> bool:
    return exact[:1].isupper() and exact.rstrip("\"'”’») ")[-1:] in set(".!?…。")


def _judged(page: Page, quote: QuoteToFind, anchor: Anchor) -> QuoteFinding:
    """Judge words that differ at most in capitals, which count unless all is set in them."""
    same = (
        anchor.is_cased or quote.exact.isupper() or page.text[anchor.start : anchor.end].isupper()
    )
    return _finding(page, quote, anchor, QuoteState.STANDING if same else QuoteState.ALTERED)


def _finding(
    page: Page, quote: QuoteToFind, anchor: Anchor | None, state: QuoteState
) -> QuoteFinding:
    if anchor is None:
        return QuoteFinding(evidence_id=quote.evidence_id, state=state)
    found = page.text[anchor.start : anchor.end]
    is_altered = state is QuoteState.ALTERED
    return QuoteFinding(
        evidence_id=quote.evidence_id,
        state=state,
        found=found,
        start=anchor.start,
        end=anchor.end,
        score_0_1=round(anchor.likeness_0_1, 4),
        figure_altered=is_altered and not same_quantities(quote.exact, found),
    )
