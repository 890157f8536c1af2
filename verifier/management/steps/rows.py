"""Rows of the steps: JSON objects, read field by field."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Row = Mapping[str, Any]
Step = Callable[[Row], Row]
Kind = TypeVar("Kind")


class RowInvalid(ValueError):
    """A line does not have what the step needs; the message names the field."""


def wanted(row: Row, name: str, kind: type[Kind], *, default: Kind | None = None) -> Kind:
    """Return a field of a row, of the right type.

    Raises:
        RowInvalid: it is missing (and there is no default) or of another type.
    """
    value = row.get(name, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RowInvalid(f"{name}: a {kind.__name__} is wanted")
    return value


def utf8(text: str) -> bytes:
    """Encode text of a row; a lone surrogate, which is no UTF-8, becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
