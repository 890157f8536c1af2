"""Articles, and the claims marked in them."""

from django.db.models import Q

from claims.access import articles_visible_to
from claims.api import filters
from claims.api.answers import articles as answers
from claims.api.answers.envelopes import page_of
from claims.api.description import CURSOR, LIMIT, described, parameter
from claims.api.lists import Listing, Single
from claims.api.shapes.articles import article_shape, whole_article_shape
from claims.models import Article
from claims.types import Actor


def of_publisher(_actor: Actor, text: str) -> Q:
    """Return the condition of the articles a publishing system knows under this id."""
    return Q(external_id=text)


@described(
    "list_articles",
    page_of(answers.Article),
    parameter("desk", "Only this desk's, by its slug."),
    parameter("external_id", "Only what the publishing system calls so."),
    LIMIT,
    CURSOR,
)
class ArticleList(Listing):
    """Every article, newest first, without its text."""

    model = Article
    rows = articles_visible_to
    shape = article_shape
    filters = {"desk": filters.desk("desk_id"), "external_id": of_publisher}


@described("read_article", answers.WholeArticle)
class OneArticle(Single):
    """One article with its text and the places of its claims."""

    prefix = "AR"
    noun = "article"
    rows = articles_visible_to
    shape = whole_article_shape
