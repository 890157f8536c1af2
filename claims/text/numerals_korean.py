"""Korean numbers: 1만2천, 3억5천만, 천오백 명, 열두 명, 수천 명; Han scale characters too."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from claims.text.digits import read_digits
from claims.text.figure_words import (
    COUNTERS_KO,
    DIGITS_KO,
    LARGE_KO,
    NATIVE_ONES_KO,
    NATIVE_TENS_KO,
    SMALL_KO,
)
from claims.text.numeral import Numeral


def _any_of(table: Mapping[str, int] | tuple[str, ...]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


_SCALES = "".join((*SMALL_KO, *LARGE_KO))
_ONES = "".join(DIGITS_KO)
_COUNTED = rf"(?=여?\s?(?:{_any_of(COUNTERS_KO)}))"
_MIXED = re.compile(
    rf"(?<![\w.,])(?:\d[\d,]*(?:\.\d+)?\s?[{_SCALES}]+\s?)+(?:\d[\d,]*(?![\d.]))?(?<!\s)"
)
_IN_WORDS = re.compile(rf"(?<!\w)[{_ONES}{_SCALES}]*[{_SCALES}][{_ONES}]?{_COUNTED}")
_VAGUE = re.compile(rf"(?<!\w)수(?P<scale>[{_SCALES}]+){_COUNTED}")
_NATIVE = re.compile(
    rf"(?<!\w)(?=\w)(?P<tens>{_any_of(NATIVE_TENS_KO)})?(?P<ones>{_any_of(NATIVE_ONES_KO)})?"
    rf"(?<=\w)(?=여?\s(?:{_any_of(COUNTERS_KO)}))"
)
_SIGN = re.compile(r"[\u4e00-\u9fff\uac00-\ud7a3]")
_PIECE = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{_ONES}{_SCALES}]")


def find_korean(text: str) -> Iterator[Numeral]:
    """Find Korean numbers that hold a scale or stand before a counter; order is not promised."""
    if not _SIGN.search(text):
        return
    for match in (*_MIXED.finditer(text), *_IN_WORDS.finditer(text)):
        yield Numeral(match.start(), match.end(), *_valued(match.group()))
    for match in _VAGUE.finditer(text):
        value, scale = _valued(match.group("scale"))
        yield Numeral(match.start(), match.end(), value, scale, is_vague=True)
    for match in _NATIVE.finditer(text):
        tens, ones = match.group("tens"), match.group("ones")
        count = NATIVE_TENS_KO.get(tens, 0) + NATIVE_ONES_KO.get(ones, 0)
        yield Numeral(match.start(), match.end(), Decimal(count))


def _valued(number: str) -> tuple[Decimal, Decimal]:
    """Return the value and the large scale it ends with."""
    total = section = Decimal(0)
    current: Decimal | None = None
    scale = Decimal(1)
    for piece in _PIECE.findall(number):
        scale = Decimal(1)
        if piece in SMALL_KO:
            section, current = section + (current or 1) * SMALL_KO[piece], None
        elif piece in LARGE_KO:
            scale = Decimal(LARGE_KO[piece])
            total, section, current = (
                total + (section + (current or 0) or 1) * scale,
                Decimal(0),
                None,
            )
        else:
            current = Decimal(DIGITS_KO[piece]) if piece in DIGITS_KO else read_digits(piece)
    return total + section + (current or 0), scale
