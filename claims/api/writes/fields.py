"""What may stand in a body, said once: it reads what is sent, and describes itself as JSON Schema.

Values keep the form in which they were sent, as `services.edits` takes and proposals keep them.
Every fault is told at its own field, all of them at once.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from claims.api import json_schema
from claims.api.problems import Problem
from claims.api.writes.json_text import NOTHING
from claims.models.fields import read_reference
from claims.services.fields import MOST_DIGITS, MOST_PLACES
from claims.text.normalise import find_control

Wrong = dict[str, list[str]]
"""Reasons by field; a field within another is named `figures.0.value`."""

MOST_TOLD = 20
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DECIMAL = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]{{1,{MOST_PLACES}}})?")


class Refused(ValueError):
    """A value that its kind does not take; says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be. `empty` is what null says; `nested` reads values that hold others."""

    schema: Mapping[str, Any]
    read: Callable[[object], object]
    empty: object = None
    nested: Callable[[object, str, Wrong], object] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body."""

    kind: Kind
    words: str = ""
    is_required: bool = False
    may_be_null: bool = False

    def read(self, value: object, at: str, wrong: Wrong) -> object:
        """Return the value, or note why it is refused."""
        if value is None and self.may_be_null:
            return self.kind.empty
        if self.kind.nested is not None:
            return self.kind.nested(value, at, wrong)
        try:
            return self.kind.read(value)
        except Refused as refused:
            wrong[at] = [str(refused)]
            return None

    @property
    def schema(self) -> dict[str, Any]:
        """The field as JSON Schema 2020-12."""
        told = dict(self.kind.schema)
        if self.is_required and "maxLength" in told:
            told["minLength"] = 1
            if told.get("pattern") == json_schema.ANY_TEXT:
                told["pattern"] = json_schema.WORDS
        if self.may_be_null:
            told = {**told, "type": [told["type"], "null"]}
            if "enum" in told:
                told["enum"] = [*told["enum"], None]
        return {**told, "description": self.words} if self.words else told


@dataclass(frozen=True, slots=True)
class Body:
    """An object with known fields and no other."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    is_change: bool = False
    """Of a change at least one field is given."""

    def read(self, value: object) -> dict[str, Any]:
        """Return the fields given.

        Raises:
            Problem: `errors` names every field that is unknown, missing or wrong.
        """
        if value is NOTHING:
            if self.fields:
                raise Problem("malformed", "The body is empty; send a JSON object.")
            return {}
        if not isinstance(value, dict):
            raise Problem("malformed", "The body must be a JSON object.")
        wrong: Wrong = {}
        found = self.read_at(value, "", wrong)
        if self.is_change and not value:
            raise Problem("invalid_input", "Name at least one field that changes.")
        if wrong:
            shown = dict(list(wrong.items())[:MOST_TOLD])
            raise Problem("invalid_input", "Some fields cannot be used.", fields=shown)
        return found

    def read_at(self, value: dict[str, object], at: str, wrong: Wrong) -> dict[str, Any]:
        """Return the fields of an object within a body."""
        for name in value.keys() - self.fields.keys():
            wrong[at + name[:100]] = ["is no field that can be set here."]
        for name, one in self.fields.items():
            if one.is_required and name not in value:
                wrong[at + name] = ["is required."]
        return {
            name: one.read(value[name], at + name, wrong)
            for name, one in self.fields.items()
            if name in value
        }

    @property
    def schema(self) -> dict[str, Any]:
        """The body as JSON Schema 2020-12."""
        told: dict[str, Any] = {
            "type": "object",
            "properties": {name: one.schema for name, one in self.fields.items()},
            "additionalProperties": False,
        }
        required = [name for name, one in self.fields.items() if one.is_required]
        if required:
            told["required"] = required
        return {**told, "minProperties": 1} if self.is_change else told


def text(*, most: int) -> Kind:
    """Return a kind of text, of at most `most` code points after composition (NFC)."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Refused("must be text.")
        found = find_control(value)
        if found is not None:
            raise Refused(f"holds the control character U+{ord(found):04X}.")
        # composing long texts of marks is slow, and takes no more than three of four away
        if len(value) > 4 * most or len(normalize("NFC", value)) > most:
            raise Refused(f"is longer than {most} characters.")
        return value

    told = {"type": "string", "maxLength": most, "pattern": json_schema.ANY_TEXT}
    return Kind(told, read, empty="")


def words(*, most: int) -> Kind:
    """Return a kind of text that is not blank; who takes it refuses one that is."""
    told = {"type": "string", "minLength": 1, "maxLength": most, "pattern": json_schema.WORDS}
    return Kind(told, text(most=most).read)


def web_address(*, most: int) -> Kind:
    """Return a kind of text that is the address of a web page; who takes it reads it."""
    told = {"type": "string", "maxLength": most, "pattern": json_schema.ADDRESS_PATTERN}
    return Kind(told, text(most=most).read, empty="")


def slug(*, most: int) -> Kind:
    """Return a kind of short word that people make; who takes it knows which there are."""
    told = {"type": "string", "maxLength": most, "pattern": json_schema.SLUG_PATTERN}
    return Kind(told, text(most=most).read, empty="")


def exact_text(*, most: int) -> Kind:
    """Return a kind of text that is kept sign by sign, of at most `most` code points."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Refused("must be text.")
        found = _UNSTORABLE.search(value)
        if found:
            raise Refused(f"holds the character U+{ord(found.group()):04X}.")
        if len(value) > most:
            raise Refused(f"is longer than {most} characters.")
        return value

    told = {"type": "string", "maxLength": most, "pattern": json_schema.STORABLE}
    return Kind(told, read, empty="")


def word(enum: type[StrEnum], *, but: frozenset[StrEnum] = frozenset()) -> Kind:
    """Return a kind of word: the members of a closed list in their own spelling, `but` some."""
    words = [member.value for member in enum if member not in but]

    def read(value: object) -> StrEnum:
        if not isinstance(value, str) or value not in words:
            raise Refused(f"must be one of: {', '.join(words)}.")
        return enum(value)

    return Kind({"type": "string", "enum": words}, read, empty="")


def whole(*, least: int, most: int) -> Kind:
    """Return a kind of whole number within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Refused(f"must be a whole number from {least} to {most}.")
        return value

    return Kind({"type": "integer", "minimum": least, "maximum": most}, read)


def reference(prefix: str) -> Kind:
    """Return a kind of reference, as people type it: any case, I and L for 1, O for 0."""

    def read(value: object) -> str:
        found = read_reference(value, prefix) if isinstance(value, str) else None
        if found is None:
            raise Refused(f"must be a reference like {prefix}-7K2M9Q.")
        return found

    return Kind(json_schema.reference(prefix), read)


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise Refused("must be true or false.")
    return value


def _day(value: object) -> str:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Refused("must be a date like 2024-10-18.")


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused("must be a time with its zone, like 2024-10-18T09:30:00Z.")


def _decimal(value: object) -> str:
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    written = str(value) if is_number else value
    if not isinstance(written, str) or not _DECIMAL.fullmatch(written):
        raise Refused(
            f"must be a decimal like 1500 or 12.5: at most {MOST_DIGITS} digits before the point "
            f"and {MOST_PLACES} after it."
        )
    return written


YES = Kind({"type": "boolean"}, _yes)
DAY = Kind({"type": "string", "format": "date"}, _day)
MOMENT = Kind({"type": "string", "format": "date-time"}, _moment)
DECIMAL = Kind({"type": "string", "pattern": f"^{_DECIMAL.pattern}$"}, _decimal)


def a_list(kind: Kind, *, most: int) -> Kind:
    """Return a kind of list of at most `most` of one kind."""
    one = Field(kind)

    def nested(value: object, at: str, wrong: Wrong) -> object:
        if not isinstance(value, list) or len(value) > most:
            wrong[at] = [f"must be a list of at most {most}."]
            return None
        return [one.read(item, f"{at}.{number}", wrong) for number, item in enumerate(value)]

    schema = {"type": "array", "items": dict(kind.schema), "maxItems": most}
    return Kind(schema, lambda value: value, empty=[], nested=nested)


def an_object(body: Body) -> Kind:
    """Return a kind of object within a body."""

    def nested(value: object, at: str, wrong: Wrong) -> object:
        if not isinstance(value, dict):
            wrong[at] = ["must be an object."]
            return None
        return body.read_at(value, f"{at}.", wrong)

    return Kind(body.schema, lambda value: value, nested=nested)
