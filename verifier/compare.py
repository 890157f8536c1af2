"""Comparing what a page says now with the passages that claims rest on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz

from claims.states import QuoteState
from claims.text.figures import same_quantities
from claims.text.names import find_negations
from claims.text.normalise import comparison_form
from claims.text.quotes import Anchor, Page, find_between, find_exact, find_near, find_verbatim
from claims.text.regions import around_places, regions
from claims.text.unmoved import unmoved_place
from claims.types import QuoteFinding, QuoteToFind

_ALIKE = 0.7
_ALIKE_ELSEWHERE = 0.8
_MENTIONED = 95  # percent of a quote found inside a longer sentence
_MENTION_ADDS = 1.1
_IN_PLACE = 0.6
_NEAR_PLACE = 0.5
_PLAIN = re.compile(r"[\x00-\x7f\xa0\u2000-\u206f]*")  # letters of ASCII alone, any punctuation
_NO_SIGNS = {code: None for code in range(0x2070) if not chr(code).isalnum()}
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
    unmoved = find_unmoved(text, quotes=quotes, before=before)
    pairs = list(zip(quotes, unmoved, strict=True))
    look = _Look(text, before, [quote.exact for quote, finding in pairs if finding is None])
    return tuple(finding or _find_quote(look, quote) for quote, finding in pairs)


def find_unmoved(
    text: str, *, quotes: Sequence[QuoteToFind], before: str | None
) -> tuple[QuoteFinding | None, ...]:
    """Find the quotes that stand to the letter where they stood; a plain search tells most.

    Returns:
        A STANDING finding per quote, in order; None where it takes more to say (`find_quotes`).
    """
    return tuple(_find_unmoved(text, quote, before) for quote in quotes)


def stands(text: str, exact: str) -> bool:
    """Say whether the words of a quote stand in a text, typography aside."""
    return bool(find_verbatim(text, exact) or find_exact(Page(around_places(text, exact)), exact))


def wording_differs(before: str, after: str) -> bool:
    """Say whether two texts differ in words; typography, spacing and line ends do not count."""
    if before == after:
        return False
    if _PLAIN.fullmatch(before) and _PLAIN.fullmatch(after):
        # No letter or digit comes of anything else, so where they differ the words do.
        are_other_words = before.translate(_NO_SIGNS) != after.translate(_NO_SIGNS)
    else:
        are_other_words = False
    return are_other_words or comparison_form(before) != comparison_form(after)


class _Look:
    """Two texts of one page, prepared no further than the quotes need.

    `now` and `then` hold only what differs and where quotes may stand (`regions`); `all_now` and
    `all_then` are the whole.
    """

    def __init__(self, text: str, before: str | None, quotes: Sequence[str]) -> None:
        self.text, self.before = text, before
        self._quotes = quotes

    @cached_property
    def _regions(self) -> tuple[Page, Page] | None:
        found = regions(self.before, self.text, quotes=self._quotes) if self.before else None
        return (Page(found[0]), Page(found[1])) if found else None

    @cached_property
    def all_now(self) -> Page:
        return Page(self.text)

    @cached_property
    def all_then(self) -> Page | None:
        return None if self.before is None else Page(self.before)

    def last_place(self, quote: QuoteToFind) -> "tuple[Page, _Place] | None":
        """Return where a quote stood at the last look, and the text now to seek it in."""
        if self._regions and (place := _last_place(self._regions[0], quote, self.before or "")):
            return self._regions[1], place
        if self.all_then and (place := _last_place(self.all_then, quote, self.before or "")):
            return self.all_now, place
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote stood at the last look.

    `words` are the quote in comparison form, `beside` what `page` said but them, `rest` what the
    whole page did, as it stood; `rivals` the surroundings of other places with the same words;
    `is_whole`: it was one or more whole sentences.
    """

    page: Page
    rest: str
    anchor: Anchor
    words: str
    around: tuple[str, str]
    rivals: tuple[tuple[str, str], ...]
    beside: str
    is_whole: bool


def _find_unmoved(text: str, quote: QuoteToFind, before: str | None) -> QuoteFinding | None:
    start = unmoved_place(
        text, before=before, exact=quote.exact, prefix=quote.prefix, suffix=quote.suffix
    )
    if start is None:
        return None
    return QuoteFinding(
        evidence_id=quote.evidence_id,
        state=QuoteState.STANDING,
        found=quote.exact,
        start=start,
        end=start + len(quote.exact),
        score_0_1=1.0,
    )


def _find_quote(look: _Look, quote: QuoteToFind) -> QuoteFinding:
    found = look.last_place(quote)
    if found is None:
        return _find_anew(look.all_now, quote)
    now, place = found
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
    if best is not None and best.likeness_0_1 >= _ALIKE:
        return _finding(now, quote, best, QuoteState.ALTERED)
    never_found = quote.was in {QuoteState.UNCHECKED, QuoteState.ATTESTED}
    return _finding(now, quote, best, quote.was if never_found else QuoteState.MISSING)


def _last_place(then: Page, quote: QuoteToFind, text: str) -> _Place | None:
    found = find_exact(then, quote.exact, prefix=quote.prefix, suffix=quote.suffix)
    if not found:
        return None
    first = then.sentence_at(found[0].start)
    last = then.sentence_at(found[0].end - 1)
    is_whole = first[0] == found[0].start and last[1] == found[0].end
    around, *rivals = (then.around(anchor.start, anchor.end) for anchor in found)
    words = comparison_form(quote.exact)
    beside = then.normalised.cased.replace(words, "\n")
    rest = _without(text, found)
    return _Place(then, rest, found[0], words, around, tuple(rivals), beside, is_whole)


def _without(text: str, anchors: Sequence[Anchor]) -> str:
    pieces, at = [], 0
    for start, end in sorted((anchor.start, anchor.end) for anchor in anchors):
        pieces.append(text[at:start])
        at = max(at, end)
    return "\n".join((*pieces, text[at:]))


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
        return [replace(between, likeness_0_1=max(between.likeness_0_1, _ALIKE))]
    near = find_near(now, quote.exact, prefix=prefix, suffix=suffix, is_whole=place.is_whole)
    return [anchor for anchor in near if not _stood_beside(now, anchor, place)]


def _stood_beside(now: Page, anchor: Anchor, place: _Place) -> bool:
    raw = now.text[anchor.start : anchor.end]
    found = comparison_form(raw)
    if place.words in found:
        return found in place.page.normalised.cased
    return found in place.beside or raw in place.rest


def _replaces(now: Page, near: Anchor, place: _Place) -> bool:
    if near.context_0_1 >= _NEAR_PLACE:
        return near.likeness_0_1 >= _ALIKE
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
