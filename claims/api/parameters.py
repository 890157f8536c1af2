"""Query parameters, strictly: an unknown, repeated or ill-formed one is refused by name."""

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from claims.api.problems import Problem
from claims.errors import InvalidInput
from claims.models.fields import read_reference

MOST_SIGNS = 500
MOST_REFERENCES = 200
MOST_ROWS = 200
MOST_SLUG = 60
MOST_SEQ = 2**62
LONG = {"references": 10 * MOST_REFERENCES, "url": 2_048}
"""Parameters that may be longer."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_WHOLE = re.compile(r"[0-9]{1,19}")
_Enum = TypeVar("_Enum", bound=StrEnum)


def checked(given: QueryDict, *, known: Collection[str]) -> dict[str, str]:
    """Return the parameters given, each known and given once.

    Raises:
        Problem: `errors` names every one that is not, and those there are.
    """
    wrong = {
        name[:100]: [reason]
        for name, texts in given.lists()
        if (reason := _why_refused(name, texts, known=known))
    }
    if wrong:
        raise Problem("invalid_input", "Some query parameters cannot be used.", fields=wrong)
    return {name: texts[0] for name, texts in given.lists()}


def _why_refused(name: str, texts: list[str], *, known: Collection[str]) -> str:
    if name not in known:
        return f"is no parameter here; there are: {', '.join(sorted(known)) or 'none'}."
    if len(texts) > 1:
        return "is given more than once."
    if not texts[0]:
        return "is empty."
    most = LONG.get(name, MOST_SIGNS)
    return f"is longer than {most} characters." if len(texts[0]) > most else ""


def whole(name: str, text: str, *, least: int, most: int) -> int:
    """Return a whole number within bounds, in the digits 0 to 9."""
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise InvalidInput(name, f"must be a whole number from {least} to {most}.")
    return int(text)


def member(name: str, text: str, enum: type[_Enum]) -> _Enum:
    """Return the member of a closed list, in its own spelling."""
    if text not in set(enum):
        raise InvalidInput(name, f"must be one of: {', '.join(enum)}.")
    return enum(text)


def slug(name: str, text: str) -> str:
    """Return a short word people make, in its own spelling."""
    if not _SLUG.fullmatch(text) or len(text) > MOST_SLUG:
        raise InvalidInput(
            name, f"must be a-z, 0-9 and single hyphens, of at most {MOST_SLUG} characters."
        )
    return text


def members(name: str, text: str, enum: type[_Enum]) -> frozenset[_Enum]:
    """Return the members of a comma-separated list."""
    return frozenset(member(name, word, enum) for word in text.split(","))


def moment(name: str, text: str) -> datetime:
    """Return a time in RFC 3339, with its zone."""
    if _MOMENT.fullmatch(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    raise InvalidInput(name, "must be a time like 2024-10-18T09:30:00Z; write + as %2B.")


def names(name: str, text: str, *, known: Collection[str]) -> frozenset[str]:
    """Return the names of a comma-separated list, each one there is."""
    given = frozenset(text.split(","))
    unknown = sorted(given - frozenset(known))
    if unknown:
        raise InvalidInput(name, f"there is no {unknown[0][:100]}; {', '.join(sorted(known))}.")
    return given


def references(name: str, text: str, *, prefix: str) -> frozenset[str]:
    """Return the references of a comma-separated list, at most 200."""
    given = text.split(",")
    if len(given) > MOST_REFERENCES:
        raise InvalidInput(name, f"names more than {MOST_REFERENCES}.")
    return frozenset(reference(name, one, prefix=prefix) for one in given)


def reference(name: str, text: str, *, prefix: str) -> str:
    """Return a reference as people type it: any case, I and L for 1, O for 0."""
    found = read_reference(text, prefix)
    if found is None:
        raise InvalidInput(name, f"must be a reference like {prefix}-7K2M9Q.")
    return found
