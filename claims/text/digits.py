"""Numbers written in digits: separators of thousands and decimals, fractions, all scripts."""

import re
from decimal import Decimal

LITERAL = re.compile(
    r"(?<!\w)(?<![^\W\d][-./])(?<!\d[.,:/])(?P<sign>(?<![\w)])[-−])?"
    r"(?P<number>\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:,\d{1,2}(?!\d))?"
    r"|\d+[.,]\d+|\d*[½¼¾⅓⅔⅛]|\d+)(?![.:/,]\d|-\d+-)(?P<letters>[A-Za-z]*)"
)
"""A number in digits that is no part of a name, a time or a version; `letters` stick to its end."""

_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125"}
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}")


_SEPARATORS = str.maketrans("，．٬٫", ",.,.")


def western_digits(text: str) -> str:
    """Write the decimal digits and their separators of every script as 0 to 9, same places."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda digit: str(int(digit.group())), text).translate(_SEPARATORS)


def read_digits(number: str) -> Decimal:
    """Read a number in western digits.

    Of two kinds of separator the last is decimal; of one kind alone, groups of three after commas,
    spaces or repeated dots are thousands (`1,500`, `1 500`, `1.500.000`), all else is decimal
    (`1.500`, `1,5`). Indian groups of two are understood.
    """
    if number[-1] in _VULGAR:
        return Decimal(number[:-1] or 0) + Decimal(_VULGAR[number[-1]])
    number = re.sub(r"[ \u00a0\u2009\u202f'’]", "", number)
    comma, dot = number.rfind(","), number.rfind(".")
    if comma >= 0 and dot >= 0:
        point = max(comma, dot)
        return Decimal(re.sub(r"[.,]", "", number[:point]) + "." + number[point + 1 :])
    if number.count(".") > 1 or _GROUPED.fullmatch(number):
        return Decimal(re.sub(r"[.,]", "", number))
    return Decimal(number.replace(",", "."))
