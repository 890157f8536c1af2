"""Query parameters, strictly: an unknown, repeated or ill-formed one is refused by name."""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from django.http import QueryDict

from claims.api.problems import Problem
from claims.errors import InvalidInput
from claims.models.fields import read_reference

MOST_SIGNS = 500
_WHOLE = re.compile(r"[0-9]{1,18}")
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
    return f"is longer than {MOST_SIGNS} characters." if len(texts[0]) > MOST_SIGNS else ""


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


def members(name: str, text: str, enum: type[_Enum]) -> frozenset[_Enum]:
    """Return the members of a comma-separated list."""
    return frozenset(member(name, word, enum) for word in text.split(","))


def reference(name: str, text: str, *, prefix: str) -> str:
    """Return a reference as people type it: any case, I and L for 1, O for 0."""
    found = read_reference(text, prefix)
    if found is None:
        raise InvalidInput(name, f"must be a reference like {prefix}-7K2M9Q.")
    return found
