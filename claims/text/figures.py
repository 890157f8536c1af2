"""Figures in running text: value or range, unit, bound and scope. The one number parser there is.

Reads digits of any script and number words in English, Korean and Russian.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from claims.states import FigureQualifier, FigureScope
from claims.text import figure_words as words
from claims.text.dates import DateSpan, find_dates
from claims.text.digits import western_digits
from claims.text.numeral import Numeral
from claims.text.numerals import find_numerals
from claims.types import FigureValue

_LOOK_BACK = 48
_WORDS_TO_NOUN = 4
_MOST_MODIFIERS = 3
_SIGNS = "|".join(map(re.escape, sorted(words.CURRENCY_SIGNS, key=len, reverse=True)))
_CURRENCY = re.compile(rf"(?:(?P<sign>{_SIGNS})|\b(?P<code>{'|'.join(words.CURRENCY_CODES)})) ?\Z")
_CODE_AFTER = re.compile(rf" ?(?P<code>{'|'.join(words.CURRENCY_CODES)})\b|(?P<sign>[€₽₩₴])")
_NO_LETTER = r"(?![A-Za-z\u0400-\u04ff])"


def _any_of(
    table: Sequence[tuple[str, object]], *, before: str = "", after: str = ""
) -> re.Pattern[str]:
    """Join the patterns of a table; `lastindex` of a match is one more than its row."""
    return re.compile(
        f"{before}(?:{'|'.join(f'({row[0]})' for row in table)}){after}", re.IGNORECASE
    )


_LEADING: tuple[tuple[str, FigureQualifier | FigureScope], ...] = (
    *words.BOUNDS_BEFORE, *words.SCOPES_BEFORE
)  # fmt: skip
_TRAILING: tuple[tuple[str, FigureQualifier | FigureScope], ...] = (
    *words.BOUNDS_AFTER, *words.SCOPES_AFTER
)  # fmt: skip
_UNIT = _any_of(words.UNITS, before=r"[ \u00a0-]?", after=_NO_LETTER)
_COUNTS = frozenset(("person", "soldier", "troop"))
_MEASURES = (frozenset(unit for _, unit in words.UNITS) | set(words.CURRENCY_CODES)) - _COUNTS
_BEFORE = _any_of(_LEADING, before=r"(?<!\w)", after=r"[ \u00a0]?\Z")
_AFTER = _any_of(_TRAILING, before=r"[ ,\u00a0]{0,2}", after=_NO_LETTER)
_SOME_KO = re.compile(r"여(?=\s?[가-힣])")
_NOUN = re.compile(r"[ \u00a0-](?P<noun>[^\W\d_][\w'’]*)")
_RANGE = re.compile(
    r" ?[-–—~∼〜] ?| to | or |(?P<and> and | и )| до |에서 | или |[ ~]?내지 ", re.IGNORECASE
)
_BETWEEN = re.compile(r"\b(?:between|между|from|от) \Z", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:r[oi]se|risen|grew|grown|increas|jump|climb|soar|fell|fall|drop|declin|decreas|cut|"
    r"rais|lower|reduc|chang|revis|correct)\w*\b[^.;,]{0,40}\bfrom \Z",
    re.IGNORECASE,
)
_MOVED_KO = re.compile(r"[가-힣]{0,4}(?:으로|로)\b")
_RAW_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class FigureSpan:
    """A figure in a text and its code-point span, from its bound or scope words to its unit."""

    start: int
    end: int
    value: FigureValue


def find_figures(text: str) -> tuple[FigureSpan, ...]:
    """Find the figures of a text, in order; dates and years are none (`dates.find_dates`).

    Args:
        text: Running text; cost is linear in its length.

    Returns:
        Spans with values. `unit` is an ISO 4217 code, `%`, `pp`, the singular of a measure or of a
        common count (`person`, `soldier`), else the noun as written, else empty. Vague counts
        (`thousands`) are AT_LEAST their smallest; a range is BETWEEN unless its words say more.
    """
    plain = western_digits(text)
    masked = _without_dates(plain, find_dates(plain))
    found = [_read(masked, numeral) for numeral in find_numerals(masked)]
    return tuple(
        replace(span, value=replace(span.value, text=text[span.start : span.end]))
        for span in _with_ranges(masked, found)
    )


def parse_figure(text: str) -> FigureValue | None:
    """Read the one figure of a short text (`at least 1,500 soldiers`); None if not exactly one."""
    found = find_figures(text)
    return found[0].value if len(found) == 1 else None


def same_quantities(before: str, after: str) -> bool:
    """Say whether two passages give the same figures, dates and other digits, order aside.

    Written otherwise (`1,500`, `1500`, `1.5 thousand`) they are the same; another bound, scope,
    currency or measure makes another figure, another thing counted does not.
    """
    return _quantities(before) == _quantities(after)


_Modifiers = tuple[FigureQualifier | FigureScope, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure with the span of its number, currency and unit inside that of all its words."""

    span: FigureSpan
    core_start: int
    core_end: int
    numeral: Numeral


def _without_dates(text: str, dates: Iterable[DateSpan]) -> str:
    pieces, at = [], 0
    for span in dates:
        pieces += [text[at : span.start], "\0" * (span.end - span.start)]
        at = span.end
    return "".join((*pieces, text[at:]))


def _read(text: str, numeral: Numeral) -> _Found:
    start, currency = _currency_before(text, numeral.start)
    some = _SOME_KO.match(text, numeral.end)
    end = some.end() if some else numeral.end
    if not currency:
        end, currency = _unit_after(text, end)
    first, before = _modifiers_before(text, start)
    last, after = _modifiers_after(text, end)
    meant = (*before, *after, *((FigureQualifier.ABOUT,) if some else ()))
    value = FigureValue(
        value=numeral.value,
        unit=currency,
        qualifier=_bound(meant, is_vague=numeral.is_vague),
        scope=next((m for m in meant if isinstance(m, FigureScope)), FigureScope.NOT_STATED),
    )
    return _Found(FigureSpan(first, last, value), start, end, numeral)


def _bound(meant: _Modifiers, *, is_vague: bool) -> FigureQualifier:
    """Choose among bound words: `at least about` is at least."""
    bounds = sorted(
        (m for m in meant if isinstance(m, FigureQualifier)),
        key=lambda bound: bound is FigureQualifier.ABOUT,
    )
    unstated = FigureQualifier.AT_LEAST if is_vague else FigureQualifier.EXACT
    return bounds[0] if bounds else unstated


def _currency_before(text: str, start: int) -> tuple[int, str]:
    match = _CURRENCY.search(text, max(0, start - 6), start)
    if match is None:
        return start, ""
    return match.start(), match.group("code") or words.CURRENCY_SIGNS[match.group("sign")]


def _unit_after(text: str, end: int) -> tuple[int, str]:
    if (match := _UNIT.match(text, end)) and match.lastindex:
        return match.end(), words.UNITS[match.lastindex - 1][1]
    if match := _CODE_AFTER.match(text, end):
        return match.end(), match.group("code") or words.CURRENCY_SIGNS[match.group("sign")]
    return _noun_after(text, end)


def _noun_after(text: str, end: int) -> tuple[int, str]:
    """Find what is counted: `1,500 North Korean soldiers`, `12 тысяч северокорейских солдат`."""
    at = end
    for _ in range(_WORDS_TO_NOUN):
        match = _NOUN.match(text, at)
        if match is None or match.group("noun").lower() in words.NOT_COUNTED:
            break
        noun, at = match.group("noun"), match.end()
        if noun[0].islower() and _is_counted(noun):
            return at, _singular_unit(noun)
    return end, ""


def _is_counted(noun: str) -> bool:
    if noun[0].isascii():
        is_plural = noun.endswith("s") and not noun.endswith(("ss", "us", "'s", "’s"))
        return is_plural or noun in words.IRREGULAR_PLURALS
    return "\u0400" <= noun[0] <= "\u04ff" and not noun.endswith(words.ADJECTIVE_ENDINGS_RU)


def _singular_unit(noun: str) -> str:
    match = _UNIT.fullmatch(noun)
    return words.UNITS[match.lastindex - 1][1] if match and match.lastindex else noun


def _modifiers_before(text: str, start: int) -> tuple[int, _Modifiers]:
    found: _Modifiers = ()
    for _ in range(_MOST_MODIFIERS):
        match = _BEFORE.search(text, max(0, start - _LOOK_BACK), start)
        if match is None or match.lastindex is None:
            break
        start, found = match.start(), (*found, _LEADING[match.lastindex - 1][1])
    return start, found


def _modifiers_after(text: str, end: int) -> tuple[int, _Modifiers]:
    found: _Modifiers = ()
    for _ in range(_MOST_MODIFIERS):
        match = _AFTER.match(text, end)
        if match is None or match.lastindex is None:
            break
        end, found = match.end(), (*found, _TRAILING[match.lastindex - 1][1])
    return end, found


def _with_ranges(text: str, found: Sequence[_Found]) -> Iterator[FigureSpan]:
    at = 0
    while at < len(found):
        merged = _range(text, found[at], found[at + 1]) if at + 1 < len(found) else None
        yield merged or found[at].span
        at += 2 if merged else 1


def _range(text: str, low: _Found, high: _Found) -> FigureSpan | None:
    joint = _RANGE.fullmatch(text, low.core_end, high.core_start)
    if joint is None or not _is_range(text, low, high, needs_between=bool(joint.group("and"))):
        return None
    value = low.span.value
    shares_scale = low.numeral.scale == 1 and value.value < high.numeral.value / high.numeral.scale
    least = value.value * high.numeral.scale if shares_scale else value.value
    if least >= high.numeral.value or value.unit not in {"", high.span.value.unit}:
        return None
    is_bounded = value.qualifier is not FigureQualifier.EXACT
    spanned = replace(
        high.span.value,
        value=least,
        value_high=high.numeral.value,
        qualifier=value.qualifier if is_bounded else FigureQualifier.BETWEEN,
        scope=value.scope if value.scope is not FigureScope.NOT_STATED else high.span.value.scope,
    )
    lead = _BETWEEN.search(text, max(0, low.span.start - _LOOK_BACK), low.span.start)
    return FigureSpan(lead.start() if lead else low.span.start, high.span.end, spanned)


def _is_range(text: str, low: _Found, high: _Found, *, needs_between: bool) -> bool:
    lead = text[max(0, low.span.start - _LOOK_BACK) : low.span.start]
    if _MOVED.search(lead) or _MOVED_KO.match(text, high.core_end):
        return False
    return not needs_between or bool(_BETWEEN.search(lead))


def _quantities(text: str) -> Counter[object]:
    plain = western_digits(text)
    figures, dates = find_figures(text), find_dates(plain)
    told: Counter[object] = Counter()
    for span in figures:
        value = span.value
        unit = value.unit if value.unit in _MEASURES else ""
        told[value.value, value.value_high, value.qualifier, value.scope, unit] += 1
    told.update((date.year, date.month, date.day) for date in dates)
    taken = sorted([(span.start, span.end) for span in figures] + [(d.start, d.end) for d in dates])
    told.update(_untold_digits(plain, taken))
    return told


def _untold_digits(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Give the digits that belong to no figure or date: times, numbers in names, references."""
    at = 0
    for start, end in (*taken, (len(text), len(text))):
        yield from _RAW_DIGITS.findall(text[at:start])
        at = max(at, end)
