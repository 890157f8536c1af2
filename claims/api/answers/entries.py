"""What ledger entries answer."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, number, text


class Entry(serializers.Serializer[Any]):
    """One ledger entry; a withheld one has neither claim, source, body nor texts."""

    seq = number()
    recorded_at = moment()
    kind = text(help_text="withheld where you may not see what happened")
    claim = maybe(required=False)
    source = maybe(required=False)  # type: ignore[assignment]  # the framework takes fields out of the class
    body = serializers.DictField(required=False)
    texts = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="the texts the body commits to; a redacted one is absent",
    )
    leaf = text(help_text="SHA-256, hex")
    hash = text(help_text="SHA-256, hex")


class History(serializers.Serializer[Any]):
    """The entries on one claim, newest first."""

    claim = text()
    entries = Entry(many=True)
    next_before = number(allow_null=True)


class ChangePage(serializers.Serializer[Any]):
    """One page of the change feed."""

    entries = Entry(many=True)
    next_after = number(help_text="ask for this next")
    head = number()
    caught_up = serializers.BooleanField()
    rights = text(help_text="where it changes, read claims/ again")
