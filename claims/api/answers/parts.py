"""Parts that several answers share."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import day, maybe, text, word
from claims.states import FigureQualifier, FigureScope, OriginKind, Reliability


class Figure(serializers.Serializer[Any]):
    """A value or range as the words give it; decimals are texts, so that none is rounded."""

    value = text(help_text="a decimal, exactly")
    value_high = maybe(help_text="the upper end of a range")
    unit = text()
    qualifier = word(FigureQualifier)
    scope = word(FigureScope)
    as_of_on = day()
    text = text()


class Origin(serializers.Serializer[Any]):
    """Who information comes from; a confidential one is unnamed outside its desk."""

    reference = maybe()
    name = text()
    kind = word(OriginKind, allow_null=True)
    reliability = word(Reliability, allow_null=True, help_text="A to F; F means unknown")
    is_confidential = serializers.BooleanField()
