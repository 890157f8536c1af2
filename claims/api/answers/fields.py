"""Fields of the description: a text, a number, a moment, a word of a closed list."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers


def word(enum: type[StrEnum], **options: Any) -> serializers.ChoiceField:
    """Return a field holding a member of a closed list."""
    return serializers.ChoiceField(choices=[member.value for member in enum], **options)


def text(**options: Any) -> serializers.CharField:
    """Return a field of text."""
    return serializers.CharField(**options)


def number(**options: Any) -> serializers.IntegerField:
    """Return a field of a whole number."""
    return serializers.IntegerField(**options)


def maybe(**options: Any) -> serializers.CharField:
    """Return a field of text, or null."""
    return serializers.CharField(allow_null=True, **options)


def moment(**options: Any) -> serializers.DateTimeField:
    """Return a field of a UTC datetime."""
    return serializers.DateTimeField(**options)


def day() -> serializers.DateField:
    """Return a field of a date, or null."""
    return serializers.DateField(allow_null=True)


def names_of(shape: type[serializers.Serializer[Any]]) -> frozenset[str]:
    """Return the names of the fields that an object always has."""
    return frozenset(name for name, one in shape().get_fields().items() if one.required)
