"""Fields and constraints every table of the record shares."""

import secrets
from enum import StrEnum
from functools import partial

from django.db import models

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a reference can be read aloud."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_reference(prefix: str) -> str:
    """Return a fresh reference such as ST-7K2M9Q: `prefix` and six base-32 characters.

    Thirty random bits say nothing of order or number. The column is unique, so a clash (one in a
    thousand million a row on record) fails the transaction instead of reusing a name.
    """
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


def read_reference(text: str, prefix: str) -> str | None:
    """Return the reference a person typed, or None: any case, I and L for 1, O for 0."""
    start, _, tail = text.strip().upper().partition("-")
    tail = tail.translate(_MISREAD)
    if start != prefix or len(tail) != 6 or any(sign not in ALPHABET for sign in tail):  # noqa: PLR2004 - six, as above
        return None
    return f"{prefix}-{tail}"


def reference_field(prefix: str) -> "models.CharField[str, str]":
    """Return the column that names a row to people and other systems."""
    return models.CharField(
        max_length=9, unique=True, editable=False, default=partial(new_reference, prefix)
    )


def enum_field(
    enum: type[StrEnum], *, default: StrEnum | None = None
) -> "models.CharField[str, str]":
    """Return a column holding a member of `enum`; without `default` it may be empty."""
    return models.CharField(
        max_length=32,
        choices=[(member.value, member.value) for member in enum],
        default="" if default is None else default.value,
        blank=default is None,
    )


def one_of(column: str, enum: type[StrEnum], *, or_empty: bool = False) -> models.CheckConstraint:
    """Return the CHECK that holds `column` to the members of `enum`."""
    values = [member.value for member in enum] + ([""] if or_empty else [])
    return models.CheckConstraint(
        condition=models.Q(**{f"{column}__in": values}),
        name=f"%(class)s_{column}_known",
    )
