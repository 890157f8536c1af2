"""Check what people and systems hand in, field by field, before anything is written."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from claims.errors import InvalidInput
from claims.models import Origin
from claims.states import FigureQualifier, FigureScope
from claims.text.normalise import find_control
from claims.types import FigureValue

MOST_STATEMENT = 2_000
MOST_QUOTE = 10_000
MOST_NOTE = 10_000
MOST_LINE = 300
MOST_DIGITS = 24
MOST_PLACES = 6

_Enum = TypeVar("_Enum", bound=StrEnum)


def text_of(name: str, value: object, *, most: int, is_required: bool = False) -> str:
    """Return a text in NFC without surrounding white space.

    Raises:
        InvalidInput: no text, empty though required, over `most` code points, or with NUL, lone
            surrogates, control or direction-changing characters in it.
    """
    if not isinstance(value, str):
        raise InvalidInput(name, "must be text.")
    found = find_control(value)
    if found is not None:
        raise InvalidInput(name, f"holds the control character U+{ord(found):04X}.")
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > most:
        raise InvalidInput(name, f"is longer than {most} characters.")
    if is_required and not text:
        raise InvalidInput(name, "is required.")
    return text


def slug(name: str, value: object) -> str:
    """Return a short word to filter by: a-z, 0-9 and single hyphens, or nothing."""
    text = text_of(name, value or "", most=60).lower()
    if text and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise InvalidInput(name, "may hold letters a to z, digits and single hyphens only.")
    return text


def member(name: str, value: object, enum: type[_Enum]) -> _Enum:
    """Return the member of a closed list, or say which there are."""
    try:
        return enum(str(value))
    except ValueError:
        known = ", ".join(enum)
        raise InvalidInput(name, f"“{value}” is not one of: {known}.") from None


def day(name: str, value: object) -> date | None:
    """Return a date from a date, an ISO text, or nothing."""
    if value in {None, ""}:
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidInput(name, "is not a date like 2024-10-18.") from None


def moment(name: str, value: object) -> datetime | None:
    """Return a time with its zone from a datetime, an RFC 3339 text, or nothing."""
    if value in {None, ""}:
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise InvalidInput(name, "is not a time like 2024-10-18T09:30:00Z.") from None
    if at.tzinfo is None:
        raise InvalidInput(name, "has no zone: end it in Z or an offset.")
    return at


def origin(name: str, value: object) -> Origin | None:
    """Return the origin of a reference (or the origin itself), or nothing."""
    if value in {None, ""}:
        return None
    if isinstance(value, Origin):
        return value
    found = Origin.objects.filter(reference=str(value)).first()
    if found is None:
        raise InvalidInput(name, f"there is no origin {value}.")
    return found


def whole(name: str, value: object, *, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    try:
        number = int(str(value))
    except ValueError:
        raise InvalidInput(name, "is not a whole number.") from None
    if not least <= number <= most:
        raise InvalidInput(name, f"must be from {least} to {most}.")
    return number


def figure(name: str, value: FigureValue | Mapping[str, object]) -> FigureValue:
    """Return a figure from its JSON form, checked."""
    if isinstance(value, FigureValue):
        return value
    if not isinstance(value, Mapping):
        raise InvalidInput(name, "must be an object with a value.")
    known = {"value", "value_high", "unit", "qualifier", "scope", "as_of_on", "text"}
    for key in value.keys() - known:
        raise InvalidInput(f"{name}.{key}", "is not a field of a figure.")
    return FigureValue(
        value=_decimal(f"{name}.value", value.get("value")),
        value_high=(
            None
            if value.get("value_high") in {None, ""}
            else _decimal(f"{name}.value_high", value.get("value_high"))
        ),
        unit=text_of(f"{name}.unit", value.get("unit") or "", most=100),
        qualifier=member(f"{name}.qualifier", value.get("qualifier") or "exact", FigureQualifier),
        scope=member(f"{name}.scope", value.get("scope") or "not_stated", FigureScope),
        as_of_on=day(f"{name}.as_of_on", value.get("as_of_on")),
        text=text_of(f"{name}.text", value.get("text") or "", most=200),
    )


def figure_json(value: FigureValue) -> dict[str, object]:
    """Return a figure's JSON form: what `figure` reads."""
    return {
        "value": f"{value.value:f}",
        "value_high": None if value.value_high is None else f"{value.value_high:f}",
        "unit": value.unit,
        "qualifier": value.qualifier.value,
        "scope": value.scope.value,
        "as_of_on": None if value.as_of_on is None else value.as_of_on.isoformat(),
        "text": value.text,
    }


def _decimal(name: str, value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise InvalidInput(name, "is not a number.") from None
    if not number.is_finite() or number.adjusted() >= MOST_DIGITS:
        raise InvalidInput(name, "is out of bounds.")
    if int(number.as_tuple().exponent) < -MOST_PLACES:
        raise InvalidInput(name, f"has more than {MOST_PLACES} places after the point.")
    return number
