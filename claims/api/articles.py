"""Articles, and the claims marked in them."""

from typing_extensions import override

from claims.access import articles_visible_to
from claims.api import filters, json_schema, past
from claims.api.answers import articles as answers
from claims.api.answers.envelopes import page_of
from claims.api.answers.fields import names_of
from claims.api.description import AS_OF, CURSOR, FIELDS, LIMIT, described, parameter
from claims.api.door import Given
from claims.api.lists import Listing, Single
from claims.api.shapes.articles import article_shape, whole_article_shape
from claims.api.shapes.past import past_article
from claims.models import Article
from claims.queries.as_of import read_article_as_of


@described(
    "list_articles",
    page_of(answers.Article),
    parameter("desk", "Only this desk's, by its slug.", shape=json_schema.SLUG),
    parameter("external_id", "Only what the publishing system calls so."),
    FIELDS,
    LIMIT,
    CURSOR,
)
class ArticleList(Listing):
    """Every article, newest first, without its text."""

    model = Article
    rows = articles_visible_to
    shape = article_shape
    field_names = names_of(answers.Article)
    filters = {"desk": filters.desk("desk_id"), "external_id": filters.OF_PUBLISHER}


@described("read_article", answers.WholeArticle, FIELDS, *AS_OF)
class OneArticle(Single):
    """One article with its text and the places of its claims."""

    prefix = "AR"
    noun = "article"
    also_known = frozenset(past.NAMES)
    rows = articles_visible_to
    shape = whole_article_shape
    field_names = names_of(answers.WholeArticle)

    @override
    def body(self, given: Given, **names: str) -> str:
        seq = past.asked_seq(given)
        if seq is None:
            return super().body(given, **names)
        with past.as_asked():
            found = read_article_as_of(self.actor, names["reference"], seq=seq)
        return past.text(past_article(found, self.asked), given, known=self.field_names)
