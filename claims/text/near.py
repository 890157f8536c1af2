"""The passage of a page nearest to a quote that stands no more.

Words the two share vote for where the quote would begin; the best places are aligned word by word.
Words are compared by their beginnings, so that endings and particles do not hide a passage.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel, MatchingBlock

from claims.text.page import Anchor, Page, folded, stem
from claims.text.sentences import Span
from claims.text.words import find_words

_CONTEXT_WEIGHT = 0.3
_MOST_POSITIONS = 5_000  # looked at for one quote, so that a page of one repeated word stays cheap
_RARE = 64
_WINDOWS = 8
_LONGEST = 4_000  # code points of a quote that the nearest passage is sought for
_SURROUNDING = 32
_TELLING = 12  # code points of surroundings that tell a place
_MOST_PLACES = 3
_MUCH_WIDER = 1.3
_FITS = 0.9


def find_near(
    page: Page, exact: str, *, prefix: str = "", suffix: str = "", is_whole: bool = False
) -> tuple[Anchor, ...]:
    """Find the passages nearest to a quote, likest first.

    Args:
        page: Where to look.
        exact: The words of the quote; of more than 4,000 characters the beginning counts.
        prefix: What stood before the quote.
        suffix: What stood after it.
        is_whole: The quote was one or more whole sentences, so whole sentences answer to it.

    Returns:
        At most 14 anchors, one a place.
    """
    quote, context = folded(exact[:_LONGEST]), (folded(prefix), folded(suffix))
    stems = [stem(word.text) for word in find_words(exact[:_LONGEST])]
    slack = max(8, len(stems) // 2)
    spans = {_align(page, stems, at, slack=slack) for at in _windows(page, stems)}
    beside = _beside(page, context, length=len(stems))
    spans |= {_align(page, stems, at, slack=0) for at in beside}
    if is_whole:
        spans = {_widened(page, span, context) for span in spans if span}
    anchors = [
        Anchor(*span, page.likeness(span, quote), page.likeness_around(span, context))
        for span in spans
        if span
    ]
    return tuple(sorted(anchors, key=_rank, reverse=True))


def _rank(anchor: Anchor) -> tuple[float, int]:
    return anchor.likeness_0_1 + _CONTEXT_WEIGHT * anchor.context_0_1, -anchor.start


def _windows(page: Page, stems: Sequence[str]) -> list[int]:
    """Return the word positions at which the quote most likely begins, best first."""
    width = max(4, len(stems) // 2)
    votes: defaultdict[int, float] = defaultdict(float)
    left = _MOST_POSITIONS
    for at in sorted(range(len(stems)), key=lambda at: len(page.index.get(stems[at], ()))):
        positions = page.index.get(stems[at], [])[:left]
        left -= len(positions)
        for position in positions:
            if len(positions) <= _RARE or _agrees(page, position, stems, at):
                votes[(position - at) // width] += 1 / len(positions) + 0.1
    best = sorted(votes, key=lambda cell: votes[cell] + votes.get(cell + 1, 0), reverse=True)
    return [cell * width + width // 2 for cell in best[:_WINDOWS]]


def _beside(page: Page, context: tuple[str, str], *, length: int) -> Iterator[int]:
    """Give the word positions at which a quote of `length` words begins by its surroundings.

    On a page of many passages alike, the one in its place need not be among the likest.
    """
    head, tail = context[0][-_SURROUNDING:], context[1][:_SURROUNDING]
    for start in _places(page, head):
        yield page.word_at(page.normalised.span(start, start + len(head))[1])
    for start in _places(page, tail):
        yield max(0, page.word_at(page.normalised.span(start, start + 1)[0]) - length)


def _places(page: Page, surrounding: str) -> Iterator[int]:
    if len(surrounding) < _TELLING:
        return
    at = page.normalised.folded.find(surrounding)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = page.normalised.folded.find(surrounding, at + len(surrounding))


def _agrees(page: Page, position: int, stems: Sequence[str], at: int) -> bool:
    return at + 1 < len(stems) and page.stems[position + 1 : position + 2] == [stems[at + 1]]


def _align(page: Page, stems: Sequence[str], at: int, *, slack: int) -> Span | None:
    """Return the span that answers to the quote from about word `at` on."""
    first = max(0, at - slack)
    window = page.stems[first : max(0, at) + len(stems) + slack]
    matches = Indel.opcodes(stems, window).as_matching_blocks()
    blocks = _densest([block for block in matches if block.size])
    if not blocks:
        return None
    lead, trail = blocks[0].a, len(stems) - blocks[-1].a - blocks[-1].size
    begin = _grown(page, first + blocks[0].b, by=-lead)
    end = _grown(page, first + blocks[-1].b + blocks[-1].size - 1, by=trail)
    return page.words[begin].start, page.words[end].end


def _densest(blocks: Sequence[MatchingBlock]) -> Sequence[MatchingBlock]:
    """Keep the run of matching blocks that holds most matches for the words it spans."""
    best, best_score, begin, score = (0, 0), 0, 0, 0
    for at, block in enumerate(blocks):
        gap = block.b - blocks[at - 1].b - blocks[at - 1].size if at > begin else 0
        if score <= gap:
            begin, score, gap = at, 0, 0
        score += 2 * block.size - gap
        if score > best_score:
            best, best_score = (begin, at), score
    return blocks[best[0] : best[1] + 1]


def _grown(page: Page, at: int, *, by: int) -> int:
    """Move an edge outward by the words it lacks, never across the end of a sentence."""
    start, end = page.sentence_at(page.words[at].start)
    step = 1 if by > 0 else -1
    for _ in range(abs(by)):
        beyond = at + step
        if not 0 <= beyond < len(page.words) or not start <= page.words[beyond].start < end:
            return at
        at = beyond
    return at


def _widened(page: Page, span: Span, context: tuple[str, str]) -> Span:
    """Widen a span to whole sentences, unless it fits its place and has run into the next one."""
    whole = _whole(page, span)
    has_grown = whole[1] - whole[0] > _MUCH_WIDER * (span[1] - span[0])
    return span if has_grown and page.likeness_around(span, context) >= _FITS else whole


def _whole(page: Page, span: Span) -> Span:
    """Widen a span to whole sentences, leaving out one of which it holds less than half."""
    first, last = page.sentence_at(span[0]), page.sentence_at(span[1] - 1)
    if first == last:
        return first
    start = first[0] if 2 * (first[1] - span[0]) >= first[1] - first[0] else first[1]
    end = last[1] if 2 * (span[1] - last[0]) >= last[1] - last[0] else last[0]
    inner = page.text[start:end]
    lead, trail = len(inner) - len(inner.lstrip()), len(inner) - len(inner.rstrip())
    return (start + lead, end - trail) if inner.strip() else span
