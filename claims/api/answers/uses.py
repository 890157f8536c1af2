"""What an article uses, as it answers."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, number, text, word
from claims.states import Basis, ClaimStatus, CorrectionAnswer


class Relied(serializers.Serializer[Any]):
    """How a claim stood when the words were printed."""

    seq = number(help_text="the ledger entry up to which the claim was known")
    status = word(ClaimStatus)
    basis = word(Basis)


class Correction(serializers.Serializer[Any]):
    """The claim fell below what was relied on: an editor answers for what was printed."""

    due_since_at = moment()
    reason = text()
    answer = word(CorrectionAnswer, allow_null=True)
    answered_at = moment(allow_null=True)
    answer_url = maybe()


class Use(serializers.Serializer[Any]):
    """One claim that an article relies on, in the words printed."""

    reference = text()
    claim = text()
    claim_url = text()
    words = text()
    relied = Relied()
    recorded_at = moment()
    ended_at = moment(allow_null=True, help_text="left out since, but a correction is still due")
    correction = Correction(allow_null=True)


class Uses(serializers.Serializer[Any]):
    """What an article of ours relies on."""

    article = text()
    uses = Use(many=True)
