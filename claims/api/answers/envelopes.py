"""What goes around answers: pages, addresses, refusals."""

from functools import cache
from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, number, text
from claims.api.problems import KINDS


class ProblemDetails(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = text()
    title = text()
    status = number()
    detail = text()
    code = serializers.ChoiceField(choices=list(KINDS))
    request_id = text()
    errors = serializers.DictField(  # type: ignore[assignment]  # the framework takes fields out of the class
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class Addresses(serializers.Serializer[Any]):
    """Where everything is."""

    claims = text()
    evidence = text()
    sources = text()
    articles = text()
    reviews = text()
    changes = text()
    schema = text()
    docs = text()


@cache
def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """Return the page of a list of one shape, one for all that answer it."""
    fields = {"results": shape(many=True), "next": maybe(help_text="null on the last page")}
    named: type[serializers.Serializer[Any]] = type(
        f"{shape.__name__}Page", (serializers.Serializer,), fields
    )
    named.__doc__ = "One page of a list."
    return named
