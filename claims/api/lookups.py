"""Claims by what a publishing system has in hand: an address, or its own name of an article."""

from typing_extensions import override

from claims.access import articles_visible_to
from claims.api import filters, json_schema
from claims.api.answers import claims as answers
from claims.api.answers.envelopes import page_of
from claims.api.claims import EXPAND, ClaimRows
from claims.api.description import CURSOR, FIELDS, LIMIT, described, parameter
from claims.api.door import Given
from claims.api.lists import Values
from claims.errors import InvalidInput, NotFound
from claims.text.addresses import read_url
from claims.text.addresses.faults import UrlRefused


def required(given: Given, name: str) -> str:
    """Return a parameter that has to be there."""
    if name not in given:
        raise InvalidInput(name, "is required.")
    return given[name]


@described(
    "list_claims_by_url",
    page_of(answers.Claim),
    parameter(
        "url",
        "Of a linked source or of an article; read as browsers read it.",
        shape=json_schema.WEB_ADDRESS,
        is_required=True,
        example="https://news.example.org/2024/10/18/troops",
    ),
    FIELDS,
    EXPAND,
    LIMIT,
    CURSOR,
)
class ClaimsByUrl(ClaimRows):
    """Claims that rest on the page at an address, or appear in the article there, newest first."""

    filters = {"url": filters.AT_URL}

    @override
    def values(self, given: Given) -> Values:
        url = required(given, "url")
        try:
            normalised = read_url(url).url
        except UrlRefused as refused:
            raise InvalidInput("url", str(refused)) from refused
        return {"url": normalised, filters.AS_GIVEN: url}


@described(
    "list_claims_by_article",
    page_of(answers.Claim),
    parameter(
        "external_id",
        "What the publishing system calls the article.",
        is_required=True,
        example="cms-20241018-17",
    ),
    parameter(
        "desk",
        "The article's desk, by its slug; yours where you hold a role at one alone.",
        shape=json_schema.SLUG,
    ),
    FIELDS,
    EXPAND,
    LIMIT,
    CURSOR,
)
class ClaimsByArticle(ClaimRows):
    """Claims that appear in the article a publishing system knows by its own id, newest first."""

    filters = {"article": filters.IN_ARTICLE}
    given_by = frozenset({"external_id", "desk"})

    @override
    def values(self, given: Given) -> Values:
        own = [desk for desk, _ in self.actor.roles]
        desk = own[0] if "desk" not in given and len(own) == 1 else required(given, "desk")
        articles = articles_visible_to(self.actor).filter(desk__slug=desk)
        named = articles.filter(external_id=required(given, "external_id"))
        found = named.values_list("pk", flat=True).first()
        if found is None:
            raise NotFound("There is no such article.")
        return {"article": found}
