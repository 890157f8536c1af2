"""Fields and constraints every table of the record shares."""

from enum import StrEnum

from django.db import models
from django.db.models import Func, Value

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a reference can be read aloud."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def read_reference(text: str, prefix: str) -> str | None:
    """Return the reference a person typed, or None: any case, I and L for 1, O for 0."""
    start, _, tail = text.strip().upper().partition("-")
    tail = tail.translate(_MISREAD)
    if start != prefix or len(tail) != 6 or any(sign not in ALPHABET for sign in tail):  # noqa: PLR2004 - six, as above
        return None
    return f"{prefix}-{tail}"


def reference_field(prefix: str) -> "models.CharField[str, str]":
    """Return the column that names a row to people and other systems, such as ST-7K2M9Q.

    The database makes it (function `claims_reference`): the next number of one sequence, scattered
    by a bijection over thirty bits, so that it is never used twice and does not tell its order.
    """
    return models.CharField(
        max_length=9,
        unique=True,
        editable=False,
        db_default=Func(Value(prefix), function="claims_reference"),
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
