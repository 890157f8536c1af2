"""What evidence answers."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, number, text, word
from claims.api.answers.parts import Figure, Origin
from claims.states import DisputeKind, LinkState, QuoteState, SourceKind, Stance


class QuotedSource(serializers.Serializer[Any]):
    """The linked source of evidence, in short."""

    reference = text()
    url = text()
    kind = word(SourceKind)
    page_url = maybe()
    title = maybe()
    link_state = word(LinkState)


class Relays(serializers.Serializer[Any]):
    """What evidence repeats: other evidence, or an origin."""

    evidence = maybe()
    origin = Origin(allow_null=True)


class Attested(serializers.Serializer[Any]):
    """Who saw or heard it, and when."""

    on = serializers.DateField()
    by = text()


class Withdrawn(serializers.Serializer[Any]):
    """When evidence was withdrawn, and why."""

    at = moment()
    reason = text()


class Evidence(serializers.Serializer[Any]):
    """A quoted passage of a linked source, for or against a claim."""

    reference = text()
    url = text()
    claim = text()
    source = QuotedSource()  # type: ignore[assignment]  # the framework takes fields out of the class
    stance = word(Stance)
    dispute_kind = word(DisputeKind, allow_null=True)
    quote = text()
    prefix = text()
    suffix = text()
    language = maybe()
    translation = maybe()
    locator = maybe()
    origin = Origin(allow_null=True, help_text="null: nobody knows who it comes from")
    relays = Relays(allow_null=True)
    is_primary_record = serializers.BooleanField()
    credibility = number(help_text="1 to 6; 6 means it cannot be judged")
    quote_state = word(QuoteState)
    quote_state_since_at = moment()
    quote_found = maybe(help_text="the nearest text found, where the quote is not standing")
    attested = Attested(allow_null=True)
    figures = Figure(many=True)
    withdrawn = Withdrawn(allow_null=True)
    added_at = moment()
