"""The filters of lists: each names a known parameter; what it names must exist for its reader."""

from enum import StrEnum

from django.db.models import Q

from claims.access import articles_visible_to, sources_visible_to, visible_to
from claims.api import parameters
from claims.api.lists import Filter
from claims.errors import InvalidInput
from claims.models import Appearance, Desk
from claims.types import Actor


def word(name: str, enum: type[StrEnum]) -> Filter:
    """Return a filter by a member of a closed list."""

    def condition(_actor: Actor, text: str) -> Q:
        return Q(**{name: parameters.member(name, text, enum).value})

    return condition


def desk(column: str) -> Filter:
    """Return a filter by a desk's slug."""

    def condition(_actor: Actor, text: str) -> Q:
        found = Desk.objects.filter(slug=text).values_list("pk", flat=True).first()
        if found is None:
            raise InvalidInput("desk", "is no desk's slug.")
        return Q(**{column: found})

    return condition


def of_article(actor: Actor, text: str) -> Q:
    """Return the condition of claims that appear in an article."""
    reference = parameters.reference("article", text, prefix="AR")
    found = articles_visible_to(actor).filter(reference=reference).values_list("pk", flat=True)
    if not found:
        raise InvalidInput("article", "names no article.")
    return Q(pk__in=Appearance.objects.filter(article_id=found[0]).values("claim_id"))


def of_claim(actor: Actor, text: str) -> Q:
    """Return the condition of what belongs to a claim."""
    reference = parameters.reference("claim", text, prefix="ST")
    found = visible_to(actor).filter(reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput("claim", "names no claim.")
    return Q(claim_id=found)


def of_source(actor: Actor, text: str) -> Q:
    """Return the condition of evidence that quotes a source."""
    reference = parameters.reference("source", text, prefix="SO")
    found = sources_visible_to(actor).filter(reference=reference).values_list("pk", flat=True)
    if not found:
        raise InvalidInput("source", "names no source.")
    return Q(source_id=found[0])
