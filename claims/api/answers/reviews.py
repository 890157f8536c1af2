"""What a review answers."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, text, word
from claims.states import FlagAnswer, FlagKind, ReviewOutcome


class Flag(serializers.Serializer[Any]):
    """Why a claim needs eyes; flags of one event share their cause."""

    kind = word(FlagKind)
    cause = serializers.UUIDField()
    source = maybe()  # type: ignore[assignment]  # the framework takes fields out of the class
    evidence = maybe()
    found = maybe()
    detail = maybe()
    is_stealth = serializers.BooleanField()
    raised_at = moment()
    answered_at = moment(allow_null=True)
    answer = word(FlagAnswer, allow_null=True)


class Review(serializers.Serializer[Any]):
    """One round of work on one claim."""

    reference = text()
    url = text()
    claim = text()
    claim_url = text()
    desk = text()
    reason = maybe()
    opened_at = moment()
    ended_at = moment(allow_null=True)
    outcome = word(ReviewOutcome, allow_null=True)
    flags = Flag(many=True)
