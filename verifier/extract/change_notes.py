"""The dated list a publisher keeps of the changes to its own page.

Such a list is known by its form, in any layout: a short line that speaks of updates, then dates,
each alone on its line (or before a dash or colon) and followed by what was done on that day.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember",
    "janvier", "février", "mars", "avril", "juin", "juillet", "août", "décembre",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "diciembre",
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?"
_DATE = (
    rf"(?:{_DAY}\s+(?:de\s+)?{_MONTH},?(?:\s+(?:de\s+)?\d{{4}})?(?:\s*г(?:\.|ода)?)?"
    rf"|{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{4}}"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}"
    r"|\d{4}\s?[년年]\s?\d{1,2}\s?[월月]\s?\d{1,2}\s?[일日])"
)
_CLOCK = (
    r"(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)"
    r"(?:\s+[A-Z]{2,4}\b)?"
)
_MOMENT = rf"{_WEEKDAY}(?:{_CLOCK},?\s+(?:on\s+)?)?{_DATE}(?:,?\s+(?:at\s+|um\s+|à\s+)?{_CLOCK})?"
_DATE_LINE = re.compile(rf"\W*{_MOMENT}\W*", re.IGNORECASE)
_ANY_MOMENT = re.compile(rf"{_MOMENT}|\b{_CLOCK}|\b\d{{1,2}}/\d{{1,2}}\b", re.IGNORECASE)
_DATED_NOTE = re.compile(rf"\W*{_MOMENT}\s*(?:[:–—|]|\s-\s)\s*(?P<note>\S.*)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[:–—|]|\s-\s")
_OPENING = re.compile(
    r"\b(?:updates?|updated|updates|changes?|change\s?log|revisions?|revised|amendments?|version)\b"
    r"|\b(?:aktualisiert|änderungen|mis à jour|actualizado|обновл\w+|изменени\w+)\b|수정|업데이트",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"(?:see|show|view|hide|read|open|close)\b.{0,40}", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?:correct(?:s|ed|ions?)|clarif(?:y|ied|ications?)|amended|retract(?:s|ed|ion)|withdrawn"
    r"|errat(?:um|a)|misstated|earlier version|previous version|editor['’]?s? note"
    r"|korrektur|korrigiert|berichtigung|rectificatif|rectification|corrigé|corrección"
    r"|fe de erratas"
    r"|исправлен\w*|уточнен\w*)\b|정정|바로잡",
    re.IGNORECASE,
)
_ANNOUNCEMENT_CHARS = 600
_STAMP = re.compile(
    rf"(?:\W|{_MOMENT}|{_CLOCK}|\b(?:first|last|latest|originally|still|current|currently|published"
    r"|posted|created|issued|updated?|updates|modified|revised|reviewed|amended|edited|on|at|as|of"
    r"|see|all|show|hide|veröffentlicht|aktualisiert|zuletzt|stand|am|um|publié|mis|à|jour|le"
    r"|publicado|actualizado|el|опубликовано|обновлено|입력|수정|등록|승인)\b)*",
    re.IGNORECASE,
)
_STAMP_CHARS = 100
_DIGIT = re.compile(r"\d")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_LETTERS = frozenset(name[:3] for name in (*_MONTHS, *_WEEKDAYS))
_LEADING = re.compile(r"\W+")
_REACH = 3


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """One dated note: its words and its lines; the first of a list takes in the list's head."""

    text: str
    first: int
    last: int


def undated(text: str) -> str:
    """Return a text without its dates and times."""
    return _ANY_MOMENT.sub(" ", text)


def is_stamp(line: str) -> bool:
    """Say whether a line does nothing but date the page ("Published 3 May | Updated 4 May")."""
    return len(line) <= _STAMP_CHARS and _STAMP.fullmatch(line) is not None


def is_list_head(line: str) -> bool:
    """Say whether a line is short and speaks of updates, as above every list of changes."""
    is_short = len(line) <= _STAMP_CHARS and not line.endswith((".", "!", "?"))
    return is_short and _OPENING.search(line) is not None


def may_announce(line: str) -> bool:
    """Say whether a line may be a publisher's word on its own page; a coarse sieve."""
    return len(line) <= _ANNOUNCEMENT_CHARS and _ANNOUNCES.search(line) is not None


def change_notes(lines: Sequence[str]) -> Iterator[ChangeNote]:
    """Yield the dated notes of every list of changes, in the order of the page."""
    index, is_open = 0, False
    while index < len(lines):
        first = index if is_open else _opening(lines, index) if _may_date(lines[index]) else -1
        found = _note_at(lines, index) if first >= 0 else None
        if found:
            text, last = found
            yield ChangeNote(text, first, last)
            index, is_open = last + 1, True
        else:
            is_open = is_open and _is_date_line(lines[index])
            index += 1


def _opening(lines: Sequence[str], index: int) -> int:
    """Find the short line that speaks of updates just above a date, or -1."""
    above = range(index - 1, max(index - _REACH, 0) - 1, -1)
    return next((at for at in above if is_list_head(lines[at])), -1)


def _note_at(lines: Sequence[str], index: int) -> tuple[str, int] | None:
    """Read the note whose date is at `index`: its words and its last line."""
    line = lines[index]
    if not _may_date(line):
        return None
    dated = _DATED_NOTE.fullmatch(line) if _SEPARATOR.search(line) else None
    if dated:
        return None if _CONTROL.fullmatch(dated["note"]) else (dated["note"], index)
    if not _is_date_line(line):
        return None
    last = _last_line(lines, index)
    return (" ".join(lines[index + 1 : last + 1]), last) if last > index else None


def _may_date(line: str) -> bool:
    """Say whether a line may begin with a date: by far most do not, and matching one is dear."""
    head = line[:3]
    if not head[:1].isalnum():
        head = _LEADING.sub("", line, count=1)[:3]
    if not head[:1].isdigit() and head.casefold() not in _FIRST_LETTERS:
        return False
    return _DIGIT.search(line, 0, _STAMP_CHARS // 2) is not None


def _is_date_line(line: str) -> bool:
    return len(line) <= _STAMP_CHARS and _may_date(line) and bool(_DATE_LINE.fullmatch(line))


def _last_line(lines: Sequence[str], index: int) -> int:
    """Find where the note under a date ends: before the next date, else after one line."""
    for last in range(index, min(index + _REACH, len(lines) - 1)):
        if _is_date_line(lines[last + 1]):
            return last
    return min(index + 1, len(lines) - 1)
