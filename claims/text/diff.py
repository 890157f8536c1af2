"""What changed between two texts: sentences side by side, words inside changed pairs.

Everything is bounded: sentences are aligned by their comparison form, words only inside pairs, and
a text beyond the limits is cut, which the answer says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from claims.text.normalise import comparison_form
from claims.text.sentences import Span, split_sentences
from claims.text.words import Word, find_words

MOST_SENTENCES = 4_000
"""Sentences of each text that are compared; aligning takes time quadratic in their number."""

KEPT_AROUND = 2
"""Unchanged rows shown on either side of a change."""

_MOST_WORDS = 2_000
_MOST_CHARACTERS = 20_000
_COMPARED = 1_000  # leading characters that pair two sentences
_PAIRED = 40  # likeness, in percent, from which two sentences are the same one changed
_LOOK_AHEAD = 12


class RowKind(StrEnum):
    """What a row of the comparison shows."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one side; `is_changed` marks what the other side does not have."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: a sentence before, the same after, either may be empty.

    Spans are code-point offsets into the texts given, so that a quote can be marked; a FOLDED row
    stands for `count` unchanged sentences and has no runs.
    """

    kind: RowKind
    before: tuple[Run, ...] = ()
    after: tuple[Run, ...] = ()
    before_span: Span = (0, 0)
    after_span: Span = (0, 0)
    count: int = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side; `is_cut` where one was longer than what is compared."""

    rows: tuple[Row, ...]
    is_cut: bool = False

    @property
    def is_changed(self) -> bool:
        """Say whether any row differs."""
        return any(row.kind not in {RowKind.UNCHANGED, RowKind.FOLDED} for row in self.rows)


def compare(before: str, after: str) -> Comparison:
    """Set two texts side by side, sentence by sentence, every row shown.

    Args:
        before: The older text, one block a line.
        after: The newer text.

    Returns:
        Rows in the order of reading. Sentences that differ in typography or spacing alone are
        unchanged.
    """
    old, new = split_sentences(before), split_sentences(after)
    is_cut = max(len(old), len(new)) > MOST_SENTENCES
    old, new = old[:MOST_SENTENCES], new[:MOST_SENTENCES]
    blocks = Indel.opcodes(_forms(before, old), _forms(after, new))
    rows: list[Row] = []
    removed: list[Span] = []
    added: list[Span] = []
    for block in blocks:
        if block.tag == "equal":
            rows += _gap(before, after, removed, added)
            removed, added = [], []
            sides = zip(
                old[block.src_start : block.src_end],
                new[block.dest_start : block.dest_end],
                strict=True,
            )
            rows += (_unchanged(before, after, *pair) for pair in sides)
        else:
            removed += old[block.src_start : block.src_end]
            added += new[block.dest_start : block.dest_end]
    rows += _gap(before, after, removed, added)
    return Comparison(tuple(rows), is_cut)


def fold(comparison: Comparison, *, around: int = KEPT_AROUND) -> Comparison:
    """Fold runs of unchanged rows, keeping some beside each change.

    Args:
        comparison: What `compare` gave.
        around: Unchanged rows kept before and after a change.

    Returns:
        The same with FOLDED rows in place of the rest; a single row is never folded.
    """
    rows = comparison.rows
    changed = [at for at, row in enumerate(rows) if row.kind is not RowKind.UNCHANGED]
    kept = {near for at in changed for near in range(at - around, at + around + 1)}
    folded: list[Row] = []
    run: list[Row] = []
    for at, row in enumerate(rows):
        if at in kept:
            folded += (*_folded(run), row)
            run = []
        else:
            run.append(row)
    return Comparison((*folded, *_folded(run)), comparison.is_cut)


def diff_words(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Compare two sentences word by word.

    Returns:
        Runs of the older and of the newer text that join to the whole of each. Words equal in
        comparison form are unchanged; where only the spaces differ, or beyond 2,000 words or
        20,000 characters, all counts as changed.
    """
    is_short = max(len(before), len(after)) <= _MOST_CHARACTERS
    old, new = (find_words(before), find_words(after)) if is_short else ((), ())
    if not is_short or max(len(old), len(new)) > _MOST_WORDS:
        return _all_changed(before, after)
    opcodes = Indel.opcodes([_form(word.text) for word in old], [_form(word.text) for word in new])
    equal = [code for code in opcodes if code.tag == "equal"]
    kept_old = {at for code in equal for at in range(code.src_start, code.src_end)}
    kept_new = {at for code in equal for at in range(code.dest_start, code.dest_end)}
    if len(kept_old) == len(old) and len(kept_new) == len(new):
        spaced = comparison_form(before) != comparison_form(after)
        return _all_changed(before, after) if spaced else ((Run(before),), (Run(after),))
    return tuple(_runs(before, old, kept_old)), tuple(_runs(after, new, kept_new))


def _all_changed(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    return (Run(before, is_changed=True),), (Run(after, is_changed=True),)


def _forms(text: str, spans: Sequence[Span]) -> list[str]:
    return [comparison_form(text[start:end]) for start, end in spans]


def _form(word: str) -> str:
    return word if word.isascii() and word.isalnum() else comparison_form(word)


def _unchanged(before: str, after: str, old: Span, new: Span) -> Row:
    return Row(RowKind.UNCHANGED, (Run(before[slice(*old)]),), (Run(after[slice(*new)]),), old, new)


def _gap(before: str, after: str, removed: Sequence[Span], added: Sequence[Span]) -> Iterator[Row]:
    """Give the rows between two unchanged sentences, each removed one beside what replaced it."""
    at = 0
    for old in removed:
        mate = _mate(before[slice(*old)], after, added[at : at + _LOOK_AHEAD])
        if mate is None:
            yield Row(
                RowKind.REMOVED,
                before=(Run(before[slice(*old)], is_changed=True),),
                before_span=old,
            )
            continue
        yield from (_added(after, new) for new in added[at : at + mate])
        yield _changed(before, after, old, added[at + mate])
        at += mate + 1
    yield from (_added(after, new) for new in added[at:])


def _mate(sentence: str, after: str, added: Sequence[Span]) -> int | None:
    """Return which of the added sentences is most like a removed one, if any is like it."""
    scores = [
        fuzz.ratio(sentence[:_COMPARED], after[slice(*new)][:_COMPARED], score_cutoff=_PAIRED)
        for new in added
    ]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _added(after: str, new: Span) -> Row:
    return Row(RowKind.ADDED, after=(Run(after[slice(*new)], is_changed=True),), after_span=new)


def _changed(before: str, after: str, old: Span, new: Span) -> Row:
    runs = diff_words(before[slice(*old)], after[slice(*new)])
    return Row(RowKind.CHANGED, *runs, old, new)


def _runs(text: str, words: Sequence[Word], kept: set[int]) -> Iterator[Run]:
    """Join words into runs; the space before a word goes with it unless only one side is marked."""
    start, is_changed = 0, False
    for at, word in enumerate(words):
        if (at not in kept) != is_changed:
            cut = word.start if is_changed is False else words[at - 1].end
            if cut > start:
                yield Run(text[start:cut], is_changed)
                start = cut
            is_changed = not is_changed
    if start < len(text):
        yield Run(text[start:], is_changed)


def _folded(run: Sequence[Row]) -> Sequence[Row]:
    if len(run) < 2:  # noqa: PLR2004 - folding one row saves nothing
        return run
    return (
        Row(
            RowKind.FOLDED,
            before_span=(run[0].before_span[0], run[-1].before_span[1]),
            after_span=(run[0].after_span[0], run[-1].after_span[1]),
            count=len(run),
        ),
    )
