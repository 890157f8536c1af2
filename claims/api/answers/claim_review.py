"""What schema.org markup answers: the terms of https://schema.org/ClaimReview that are used."""

from typing import Any

from rest_framework import serializers

from claims.api.answers.fields import text


def _node(called: str, words: str, **fields: serializers.Field[Any, Any, Any, Any]) -> Any:
    """Return a node of JSON-LD: `@type` is no name a class could give."""
    told = {"@type": text(), **fields, "__doc__": words}
    return type(called, (serializers.Serializer,), told)


def _known(**options: Any) -> serializers.CharField:
    """Return a field that is left out where it is unknown."""
    return text(required=False, **options)


_Speaker = _node("Speaker", "Who made the claim: Person, Organization, or Thing.", name=text())
_Page = _node("PageOfClaim", "Where it was made.", url=text())
_Organization = _node("Publisher", "Who answers for it.", name=_known(), url=_known())
_Rating = _node("ReviewRating", "What was found, in words.", alternateName=text())
_Item = _node(
    "ReviewedClaim",
    "What was reviewed; what is unknown is left out.",
    author=_Speaker(required=False),
    appearance=_Page(many=True, required=False),
)

ClaimReview: type[serializers.Serializer[Any]] = type(
    "ClaimReview",
    (serializers.Serializer,),
    {
        "__doc__": "schema.org ClaimReview as JSON-LD; what is unknown is left out.",
        "@context": text(),
        "@type": text(),
        "claimReviewed": text(),
        "itemReviewed": _Item(required=False),
        "reviewRating": _Rating(),
        "url": _known(help_text="of our own article, where the claim appears in one alone"),
        "datePublished": serializers.DateField(help_text="since when the status is so"),
        "author": _Organization(required=False),
        "publisher": _Organization(required=False),
    },
)
