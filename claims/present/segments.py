"""An article's text cut into marks that never nest, with a numbered badge at each claim's end.

All span boundaries cut the text; each piece knows every claim that covers it. Offsets are Unicode
code points, as Python counts them. Source: W3C Web Annotation Data Model, TextPositionSelector.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from claims.present.badges import Badge
from claims.states import ClaimStatus

_WORST_FIRST = (ClaimStatus.DISPUTED, ClaimStatus.REPORTED, ClaimStatus.CORROBORATED)
_DEEPEST_DRAWN = 3
_LONGEST_TAIL = 24


@dataclass(frozen=True, slots=True)
class ClaimMark:
    """One claim in the text: its number in the margin, its badge, and its spans.

    `spans` are half-open code-point ranges into the article's text; several where the claim's
    words are interrupted; none where its place was lost when the article changed. `signs` stand
    beside its glyph, `hint` says what they mean.
    """

    number: int
    reference: str
    badge: Badge
    spans: tuple[tuple[int, int], ...] = ()
    signs: str = ""
    hint: str = ""

    @property
    def end(self) -> int:
        """Where the claim's last word ends."""
        return max(end for _, end in self.spans)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text covered by the same claims.

    `tail` is the last word, kept on one line with the badges of the claims that end here.
    """

    head: str
    covering: tuple[ClaimMark, ...] = ()
    tail: str = ""
    ending: tuple[ClaimMark, ...] = ()

    @property
    def text(self) -> str:
        """The run's words."""
        return self.head + self.tail

    @property
    def numbers(self) -> str:
        """Numbers of the covering claims, space between."""
        return " ".join(str(mark.number) for mark in self.covering)

    @property
    def classes(self) -> str:
        """CSS classes: the worst status among the covering claims, and how many lie here."""
        present = {mark.badge.status for mark in self.covering}
        worst = next(status for status in _WORST_FIRST if status in present)
        return f"cl s-{worst} d{min(len(self.covering), _DEEPEST_DRAWN)}"


@dataclass(frozen=True, slots=True)
class MarkedText:
    """An article ready to show: paragraphs of segments, and the claims whose place is lost."""

    paragraphs: tuple[tuple[Segment, ...], ...]
    unplaced: tuple[ClaimMark, ...] = ()


def mark_text(text: str, *, marks: Sequence[ClaimMark]) -> MarkedText:
    """Cut `text` into paragraphs of segments; a mark with any span outside it stays unplaced."""
    trimmed = [_trim(mark, text=text) for mark in marks]
    placed = [mark for mark in trimmed if _lies_in(mark, length=len(text))]
    return MarkedText(
        paragraphs=tuple(
            tuple(_segments(text, start=start, end=end, marks=placed))
            for start, end in _paragraphs(text)
        ),
        unplaced=tuple(mark for mark in trimmed if not _lies_in(mark, length=len(text))),
    )


def _trim(mark: ClaimMark, *, text: str) -> ClaimMark:
    # A span that ends in a line break would put its badge into a paragraph that is not there.
    spans = ((start, start + len(text[start:end].rstrip())) for start, end in mark.spans)
    return replace(mark, spans=tuple(spans) if _lies_in(mark, length=len(text)) else ())


def _lies_in(mark: ClaimMark, *, length: int) -> bool:
    return bool(mark.spans) and all(0 <= start < end <= length for start, end in mark.spans)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        words = line.rstrip()
        if words:
            yield start, start + len(words)
        start += len(line)


def _segments(text: str, *, start: int, end: int, marks: Sequence[ClaimMark]) -> Iterator[Segment]:
    steps = _steps(marks, start=start, end=end)
    depths: Counter[int] = Counter()
    edges = sorted({start, end, *steps})
    for left, right in pairwise(edges):
        depths.update(steps.get(left, Counter()))
        covering = tuple(marks[at] for at, depth in sorted(depths.items()) if depth)
        ending = tuple(mark for mark in covering if mark.end == right)
        yield _segment(text[left:right], covering=covering, ending=ending)


def _steps(marks: Sequence[ClaimMark], *, start: int, end: int) -> dict[int, Counter[int]]:
    """Where, inside one paragraph, each mark (by its place in `marks`) begins and ends."""
    steps: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for at, mark in enumerate(marks):
        for left, right in mark.spans:
            if left < end and right > start:
                steps[max(left, start)][at] += 1
                steps[min(right, end)][at] -= 1
    return steps


def _segment(
    words: str, *, covering: tuple[ClaimMark, ...], ending: tuple[ClaimMark, ...]
) -> Segment:
    if not ending:
        return Segment(head=words, covering=covering)
    cut = max(words.rstrip().rfind(" ") + 1, len(words) - _LONGEST_TAIL)
    return Segment(head=words[:cut], covering=covering, tail=words[cut:], ending=ending)
