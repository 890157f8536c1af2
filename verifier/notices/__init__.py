"""What a publisher says of its own page: corrections, retractions, updates.

A line is judged by its form alone: a label ("Correction: ..."), a sentence whose subject is the
page itself ("An earlier version of this article misstated ..."), or an entry in a dated list of
changes. Sentences that invite readers to report errors, bare dates and headlines say nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate

from claims.states import NoticeKind
from claims.text.normalise import comparison_form, fold_case
from claims.text.words import UNSPACED
from claims.types import Notice, PageText
from verifier.extract.change_notes import (
    ChangeNote,
    change_notes,
    is_list_head,
    is_stamp,
    undated,
)
from verifier.notices.frame import is_counter
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
_UNSPACED = re.compile(f"[{UNSPACED}]")
_DIGIT = re.compile(r"\d")
_REACH = 3  # lines between the date of a first note and the head of its list
_FARTHEST = 5  # lines between the dates of two notes of one list


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
    return _kinds({0: " ".join(text.split())}).get(0, NoticeKind.NONE)


def find(after: PageText, *, before: PageText | None) -> Notice:
    """Find the gravest thing a page says of itself that it did not say before.

    Args:
        after: The page now.
        before: The page at the last look; None counts every notice as new.

    Returns:
        The first in reading order among the gravest; kind NONE and no text where nothing is new.
    """
    return newest(read(after), before=read(before) if before else None)


def read(page: PageText, *, known: AbstractSet[str] = frozenset()) -> Account:
    """Read a page for what it says of itself.

    Args:
        page: The page.
        known: Lines that are passed over; those it shares with another version of itself.

    Returns:
        Account; what stands in known lines alone is neither told nor blanked.
    """
    lines = page.text.split("\n")
    open_lines = [
        index for index, line in enumerate(lines) if line not in known and not line.isspace()
    ]
    notes = _notes(lines, open_lines)
    noted = {index for note in notes for index in range(note.first, note.last + 1)}
    silent = noted | _stamps(lines, open_lines)
    kinds = _kinds(_headed(lines, [index for index in open_lines if index not in silent]))
    announced = [Notice(kinds[index], lines[index]) for index in sorted(kinds)]
    blank = silent | kinds.keys()
    changes = tuple(
        note.text
        for note in notes
        if not _FIRST.fullmatch(note.text) and _is_open(note, lines, known)
    )
    for index in blank:
        lines[index] = " " * len(lines[index])
    return Account(
        changes=changes,
        notices=(*_stated_apart(page, known), *announced),
        body="\n".join(lines) if blank else page.text,
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
    new = [Notice(_kind_of_change(text), text) for text in changes[:_MAX_LINES]]
    new += [notice for notice in after.notices if notice.text in announced]
    return min(new, key=lambda notice: _GRAVEST_FIRST.index(notice.kind), default=Notice())


def _unknown(texts: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the texts that are not among the known ones, typography and case aside."""
    exact = set(known)
    new = [text for text in texts if text not in exact]
    folded = {_folded(text) for text in exact} if new else set()
    return [text for text in new if _folded(text) not in folded]


def _stated_apart(page: PageText, known: AbstractSet[str]) -> Iterator[Notice]:
    """Yield what the page says of itself in its markup and its title."""
    if page.correction:
        yield Notice(NoticeKind.CORRECTION, page.correction)
    kind = NoticeKind.NONE if page.title in known else classify(page.title)
    if kind in {NoticeKind.RETRACTION, NoticeKind.CORRECTION}:
        yield Notice(kind, page.title)


def _notes(lines: Sequence[str], open_lines: Sequence[int]) -> Sequence[ChangeNote]:
    """Read the lists of changes that hold a line which is not known.

    The dates of a list stand at most four lines apart, so it ends where five have none.
    """
    notes: list[ChangeNote] = []
    if not any(map(is_list_head, lines)):
        return notes
    end = 0
    for at in open_lines:
        if at < end:
            continue
        start = max(end, _without_dates(lines, at, step=-1) - _REACH)
        end = _without_dates(lines, at, step=1) + 1
        notes += (
            ChangeNote(note.text, note.first + start, note.last + start)
            for note in change_notes(lines[start:end])
        )
    return notes


def _without_dates(lines: Sequence[str], at: int, *, step: int) -> int:
    """Return the last line before five, in the direction of `step`, without a digit at the head."""
    last = at
    while 0 <= at < len(lines) and abs(at - last) <= _FARTHEST:
        if _DIGIT.search(lines[at], 0, _DATE_CHARS):
            last = at
        at += step
    return min(max(last + step * _FARTHEST, 0), len(lines) - 1)


def _is_open(note: ChangeNote, lines: Sequence[str], known: AbstractSet[str]) -> bool:
    """Say whether a line with the words of a note is not known; head and date tell nothing."""
    return any(
        line not in known and (line in note.text or note.text in line)
        for line in lines[note.first : note.last + 1]
    )


def _headed(lines: Sequence[str], indexes: Sequence[int]) -> dict[int, str]:
    """Put a label that stands alone ("Correction", "Correction: 16 July") before the line below."""
    headed = {index: lines[index] for index in indexes}
    for at in sorted({*indexes, *(index - 1 for index in indexes if index)}):
        line = lines[at]
        if at + 1 < len(lines) and len(line) <= _DATE_CHARS and _is_head(line):
            headed[at], headed[at + 1] = "", f"{line}: {lines[at + 1]}"
    return headed


def _is_head(line: str) -> bool:
    return any(_is_bare(label, line) for label in _HEADS)


def _is_bare(label: Phrase, line: str) -> bool:
    found = label.pattern.match(line)
    return found is not None and is_stamp(line[found.end() :])


def _kinds(headed: Mapping[int, str]) -> dict[int, NoticeKind]:
    """Find the lines that are notices of their own, by index; the gravest kind of each.

    The stems are sought in all lines at once: the patterns cost a hundred times more.
    """
    indexes, lines = list(headed), list(headed.values())
    lowered = "\n".join(lines).lower()
    starts = list(accumulate((len(line) + 1 for line in lowered.split("\n")), initial=0))
    kinds: dict[int, NoticeKind] = {}
    for stem, says, phrase in _STEMS:
        if stem not in lowered:
            continue
        for at in _holding(stem, lowered=lowered, starts=starts):
            if indexes[at] not in kinds and says(phrase, lines[at][:_NOTICE_CHARS]):
                kinds[indexes[at]] = phrase.kind
    return kinds


def _holding(stem: str, *, lowered: str, starts: Sequence[int]) -> Iterator[int]:
    """Yield the lines that hold a stem, a bounded number of them."""
    at = lowered.find(stem)
    for _ in range(_MAX_LINES):
        if at < 0:
            return
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
    count = len(words.split()) + len(_UNSPACED.findall(words)) // 2
    if label.kind is NoticeKind.UPDATE:  # else a headline: "UPDATE: Port workers off the job"
        return count >= _UPDATE_WORDS and _FULL_STOP.search(words) is not None
    return count >= _LABEL_WORDS


def _stamps(lines: Sequence[str], indexes: Sequence[int]) -> set[int]:
    """Find the lines that only date the page or count its readers, and the "latest update:"."""
    stamps: set[int] = set()
    for index in indexes:
        line = lines[index]
        is_told = is_stamp(line) or is_counter(line) or _LATEST.match(line)
        if is_told or (index and _is_latest(lines[index - 1])):
            stamps.add(index)
    return stamps


def _is_latest(line: str) -> bool:
    """Say whether a line announces the latest update, and the line below tells it."""
    latest = _LATEST.match(line)
    return latest is not None and not latest["words"].strip()


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
_STEMS = [(stem, says, phrase) for says, phrase in _PHRASES for stem in phrase.stems]
