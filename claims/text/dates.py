"""Dates as running text gives them: whole, or with the year, month or day left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from claims.text.digits import western_digits
from claims.text.figure_words import MONTH_EN, MONTH_RU, MONTHS_EN, MONTHS_RU

_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:1[5-9]|20)\d\d)"
_EN = rf"(?P<m>{MONTH_EN})"
_RU = rf"(?P<m>{MONTH_RU})"
_MONTH_CJK = r"(?P<m>[01]?\d) ?[월月]"
_DAY_CJK = r"(?P<d>[0-3]?\d) ?[일日]"
_NO_SPELL = r"(?!간|째| 동안)"
_LAST_MONTH = 12
_LAST_DAY = 31
_EDGE = r"(?<![\w.,/:])(?<![^\W\d]-)"
_STOP = r"(?![\w/:]|[.,-]\d)"
_STOP_OR_T = rf"(?=T\d|{_STOP})"
_TO_DAY = r"(?: ?[-–] ?| (?:to|and|or) )[0-3]?\d(?:st|nd|rd|th)?"
_DIGIT = re.compile(r"\d")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_COUNTING_SIGN = re.compile("[년월일年月日]")
_ANY = re.compile("")
_PATTERNS = tuple(
    (needs, re.compile(pattern))
    for needs, pattern in (
        (_DIGIT, rf"{_EDGE}{_YEAR}(?P<sep>[-./])(?P<m>[01]?\d)(?P=sep)(?P<d>[0-3]?\d){_STOP_OR_T}"),
        (_DIGIT, rf"{_EDGE}(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.{_YEAR}{_STOP}"),
        (_DIGIT, rf"{_EDGE}(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/{_YEAR}{_STOP}"),
        (_DIGIT, rf"{_EDGE}{_DAY}(?: of)? {_EN}(?:,? {_YEAR})?\b(?!,?\d)"),
        (_DIGIT, rf"{_EDGE}{_DAY}(?={_TO_DAY}(?: of)? {_EN}\b)"),
        (
            _DIGIT,
            rf"\b{_EN} {_DAY}(?:,? {_YEAR})?(?![\w:%]|[.,]\d| ?%| (?:million|billion|thousand))",
        ),
        (_DIGIT, rf"\b{_EN},? {_YEAR}{_STOP}"),
        (_ANY, rf"(?<=\b[Ii]n ){_EN}\b"),
        (_CYRILLIC, rf"{_EDGE}{_DAY} {_RU}\b(?: {_YEAR}(?: ?г(?:\.|ода?\b))?)?"),
        (_CYRILLIC, rf"\b{_RU} {_YEAR}(?: ?г(?:\.|ода?у?\b))?"),
        (_CYRILLIC, rf"{_EDGE}{_YEAR} ?(?:г\.|год(?:а|у|ом|е)?\b)"),
        (
            _COUNTING_SIGN,
            rf"(?<!\d){_YEAR} ?[년年](?: ?{_MONTH_CJK}(?: ?{_DAY_CJK})?)?{_NO_SPELL}",
        ),
        (_COUNTING_SIGN, rf"(?<!\d){_MONTH_CJK}(?: ?{_DAY_CJK})?{_NO_SPELL}"),
        (_COUNTING_SIGN, rf"(?<![\d.,]){_DAY_CJK}{_NO_SPELL}(?!본)"),
    )
)
"""What a text must hold for a pattern to be worth trying, and the pattern."""

_BARE_YEAR = re.compile(rf"{_EDGE}(?<![$€£])(?P<y>(?:19|20)\d\d)(?![\w:%$€£]|[.,]\d)")
_IN = re.compile(
    r"\b(?:in|since|by|until|till|before|after|during|early|late|mid|в|с|до)[ -]\Z", re.IGNORECASE
)
_COUNTED = re.compile(
    r"(?: [A-Za-z-]+){0,3}? (?:people|men|women|troops|children|soldiers|cases|deaths)\b"
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: its code-point span and what it gives; None for a part left out."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def on(self) -> date | None:
        """The calendar day, where all three parts are there and it exists."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


def find_dates(text: str) -> tuple[DateSpan, ...]:
    """Find the dates and years of a text, in order, none overlapping.

    English, Korean and Russian months, ISO 8601, day.month.year and year/month/day. Of a date
    such as 03/04/2024, which continents read differently, only the year is told.
    """
    plain = western_digits(text)
    found: list[DateSpan] = []
    is_there = {needs: needs.search(plain) is not None for needs, _ in _PATTERNS}
    for needs, pattern in _PATTERNS:
        if is_there[needs]:
            found.extend(span for match in pattern.finditer(plain) if (span := _read(match)))
    if is_there[_DIGIT]:
        found.extend(_years(plain))
    return tuple(_without_overlaps(found))


def _read(match: re.Match[str]) -> DateSpan | None:
    parts = match.groupdict(default="")
    year = int(parts.get("y") or 0)
    if "a" in parts:
        month, day = _of_slashes(int(parts["a"]), int(parts["b"]))
    else:
        month, day = _month(parts.get("m", "")), int(parts.get("d") or 0)
    if month > _LAST_MONTH or day > _LAST_DAY:
        return None
    return DateSpan(match.start(), match.end(), year or None, month or None, day or None)


def _of_slashes(first: int, second: int) -> tuple[int, int]:
    if first > _LAST_MONTH:
        return second, first
    return (first, second) if second > _LAST_MONTH else (0, 0)


def _month(name: str) -> int:
    if not name or name.isdigit():
        return int(name or 0)
    folded = name.lower()
    return MONTHS_EN.get(folded[:3]) or MONTHS_RU.get(folded[:3]) or MONTHS_RU["ма"]


def _years(text: str) -> Iterator[DateSpan]:
    for match in _BARE_YEAR.finditer(text):
        is_told = _IN.search(text, max(0, match.start() - 8), match.start())
        if is_told or not _COUNTED.match(text, match.end()):
            yield DateSpan(match.start(), match.end(), year=int(match.group("y")))


def _without_overlaps(spans: list[DateSpan]) -> Iterator[DateSpan]:
    """Keep the longest of overlapping spans."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    yield from sorted(kept, key=lambda span: span.start)
