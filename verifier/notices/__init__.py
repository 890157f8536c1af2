"""What a publisher says of its own page: corrections, retractions, updates.

A line is judged by its form alone: a label ("Correction: ..."), a sentence whose subject is the
page itself ("An earlier version of this article misstated ..."), or an entry in a dated list of
changes. Sentences that invite readers to report errors, bare dates and headlines say nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from claims.states import NoticeKind
from claims.text.normalise import comparison_form, fold_case
from claims.types import Notice, PageText
from verifier.extract.change_notes import change_notes, is_stamp, undated
from verifier.notices.grammar import (
    CHANGE_NOTES,
    INVITES,
    LABELS,
    SENTENCES,
    SEPARATOR,
    Phrase,
)

_GRAVEST_FIRST = (NoticeKind.RETRACTION, NoticeKind.CORRECTION, NoticeKind.UPDATE)
_HEADS = [label for label in LABELS if label.kind is not NoticeKind.UPDATE]
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_FULL_STOP = re.compile(r"[.!?。…][\"'”’)\]]*$")
_FIRST = re.compile(r"\W*(?:first |originally )?(?:published|posted|created)\W*", re.IGNORECASE)
_LATEST = re.compile(r"\W*(?:latest|last|recent) updates?\W*:(?P<words>.*)", re.IGNORECASE)
_LABEL_WORDS = 3
_UPDATE_WORDS = 5
_NOTICE_CHARS = 2000
_DATE_CHARS = 60
_MAX_LINES = 500


@dataclass(frozen=True, slots=True)
class Account:
    """A page read for what it says of itself.

    `changes` are the notes of its lists of changes, `notices` what else it says, in reading order;
    `body` is the text with both and the dates of publication blanked out, so that offsets into it
    are offsets into the text.
    """

    changes: tuple[str, ...]
    notices: tuple[Notice, ...]
    body: str


def classify(text: str) -> NoticeKind:
    """Say what one line, or a label with the lines below it, says of its own page."""
    return _kinds([" ".join(text.split())]).get(0, NoticeKind.NONE)


def find(after: PageText, *, before: PageText | None) -> Notice:
    """Find the gravest thing a page says of itself that it did not say before.

    Args:
        after: The page now.
        before: The page at the last look; None counts every notice as new.

    Returns:
        The first in reading order among the gravest; kind NONE and no text where nothing is new.
    """
    return newest(read(after), before=read(before) if before else None)


def read(page: PageText) -> Account:
    """Read a page for what it says of itself."""
    lines = page.text.split("\n")
    notes = list(change_notes(lines))
    noted = {index for note in notes for index in range(note.first, note.last + 1)}
    kinds = _kinds(_headed(["" if at in noted else line for at, line in enumerate(lines)]))
    announced = [Notice(kinds[index], lines[index]) for index in sorted(kinds)]
    blank = noted | kinds.keys() | _stamps(lines)
    return Account(
        changes=tuple(note.text for note in notes if not _FIRST.fullmatch(note.text)),
        notices=(*_stated_apart(page), *announced),
        body="\n".join(
            " " * len(line) if index in blank else line for index, line in enumerate(lines)
        ),
    )


def newest(after: Account, *, before: Account | None) -> Notice:
    """Return the gravest notice of `after` that `before` has not; see `find`."""
    changes = _unknown(after.changes, before.changes if before else ())
    announced = set(
        _unknown(
            [notice.text for notice in after.notices],
            [notice.text for notice in before.notices] if before else (),
        )
    )
    new = [Notice(_kind_of_change(text), text) for text in changes]
    new += [notice for notice in after.notices if notice.text in announced]
    return min(new, key=lambda notice: _GRAVEST_FIRST.index(notice.kind), default=Notice())


def _unknown(texts: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the texts that are not among the known ones, typography and case aside."""
    exact = set(known)
    new = [text for text in texts if text not in exact]
    folded = {_folded(text) for text in exact} if new else set()
    return [text for text in new if _folded(text) not in folded]


def _stated_apart(page: PageText) -> Iterator[Notice]:
    """Yield what the page says of itself in its markup and its title."""
    if page.correction:
        yield Notice(NoticeKind.CORRECTION, page.correction)
    kind = classify(page.title)
    if kind in {NoticeKind.RETRACTION, NoticeKind.CORRECTION}:
        yield Notice(kind, page.title)


def _headed(lines: Sequence[str]) -> list[str]:
    """Put a label that stands alone ("Correction", "Correction: 16 July") before the line below."""
    headed = list(lines)
    for at, line in enumerate(lines[:-1]):
        if len(line) <= _DATE_CHARS and any(_is_bare(label, line) for label in _HEADS):
            headed[at], headed[at + 1] = "", f"{line}: {lines[at + 1]}"
    return headed


def _is_bare(label: Phrase, line: str) -> bool:
    found = label.pattern.match(line)
    return found is not None and is_stamp(line[found.end() :])


def _kinds(lines: Sequence[str]) -> dict[int, NoticeKind]:
    """Find the lines that are notices of their own, by index; the gravest kind of each.

    The stems are sought in the whole text at once: the patterns cost a hundred times more.
    """
    lowered = "\n".join(lines).lower()
    starts = list(accumulate((len(line) + 1 for line in lowered.split("\n")), initial=0))
    kinds: dict[int, NoticeKind] = {}
    for says, phrase in _PHRASES:
        for index in _holding(phrase, lowered=lowered, starts=starts):
            if index not in kinds and says(phrase, lines[index][:_NOTICE_CHARS]):
                kinds[index] = phrase.kind
    return kinds


def _holding(phrase: Phrase, *, lowered: str, starts: Sequence[int]) -> Iterator[int]:
    """Yield the lines that hold a stem of a phrase, a bounded number of them."""
    for stem in phrase.stems:
        at = lowered.find(stem)
        for _ in range(_MAX_LINES):
            if at < 0:
                break
            index = bisect_right(starts, at) - 1
            yield index
            at = lowered.find(stem, starts[index + 1])


def _says(phrase: Phrase, line: str) -> bool:
    if not phrase.pattern.search(line):
        return False
    told = " ".join(part for part in _SENTENCE_END.split(line) if not INVITES.search(part))
    return phrase.pattern.search(told) is not None


def _is_labelled(label: Phrase, line: str) -> bool:
    if not label.pattern.match(line):
        return False
    told = " ".join(part for part in _SENTENCE_END.split(line) if not INVITES.search(part))
    head = label.pattern.match(told)
    rest = told[head.end() :] if head else ""
    rest = undated(rest[:_DATE_CHARS]) + rest[_DATE_CHARS:]
    separator = SEPARATOR.match(rest)
    words = rest[separator.end() :].strip() if separator else ""
    if label.kind is NoticeKind.UPDATE:  # else a headline: "UPDATE: Port workers off the job"
        return len(words.split()) >= _UPDATE_WORDS and _FULL_STOP.search(words) is not None
    return len(words.split()) >= _LABEL_WORDS


def _stamps(lines: Sequence[str]) -> set[int]:
    """Find the lines that only date the page, and what "latest update:" is followed by."""
    stamps: set[int] = set()
    for index, line in enumerate(lines):
        latest = _LATEST.match(line)
        if latest:
            stamps.update((index,) if latest["words"].strip() else (index, index + 1))
        elif is_stamp(line):
            stamps.add(index)
    return stamps


def _kind_of_change(text: str) -> NoticeKind:
    for kind, pattern in CHANGE_NOTES.items():
        if pattern.search(text):
            return kind
    kind = classify(text)
    return NoticeKind.UPDATE if kind is NoticeKind.NONE else kind


def _folded(text: str) -> str:
    return fold_case(comparison_form(text))


_PHRASES = sorted(
    (*((_is_labelled, label) for label in LABELS), *((_says, phrase) for phrase in SENTENCES)),
    key=lambda pair: _GRAVEST_FIRST.index(pair[1].kind),
)
