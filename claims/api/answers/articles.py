"""What an article answers."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import maybe, moment, number, text, word
from claims.states import Basis, ClaimKind, ClaimStatus, Ground


class ArticleLinks(serializers.Serializer[Any]):
    """Where the rest of an article is."""

    claims = text()


class Article(serializers.Serializer[Any]):
    """A text in which claims appear."""

    reference = text()
    url = text()
    desk = text()
    title = text()
    language = maybe()
    page_url = maybe()
    external_id = maybe()
    is_ours = serializers.BooleanField()
    published_at = moment(allow_null=True)
    corrected_at = moment(allow_null=True)
    claims_count = number()
    added_at = moment()
    links = ArticleLinks()


class MarkedClaim(serializers.Serializer[Any]):
    """A claim as an article marks it."""

    reference = text()
    url = text()
    statement = text()
    kind = word(ClaimKind)
    status = word(ClaimStatus)
    ground = word(Ground)
    basis = word(Basis)


class Appearance(serializers.Serializer[Any]):
    """A claim's place in a text: code-point offsets, the end exclusive."""

    start = number()
    end = number()
    quote = text()
    cue = maybe()
    hedges = serializers.ListField(child=serializers.CharField())
    claim = MarkedClaim()


class WholeArticle(Article):
    """An article with its text and its claims."""

    text = text()
    appearances = Appearance(many=True)
