"""Put an article on record, and say which claims it uses."""

from http import HTTPStatus

from claims.api.answers import articles as answers
from claims.api.articles import ArticleList, OneArticle
from claims.api.writes.bodies import MOST_URL, TAG, one_field
from claims.api.writes.desks import DESK, desk_of
from claims.api.writes.fields import MOMENT, YES, Body, Field, exact_text, text, web_address
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.errors import AlreadyExists, InvalidInput
from claims.models import Article, Desk
from claims.services.articles import MOST_ARTICLE, add_article
from claims.states import Verb

ADD = Operation(
    "add_article",
    Body(
        {
            "desk": DESK,
            "title": one_field(text(most=500)),
            "text": one_field(exact_text(most=MOST_ARTICLE), "kept exactly: spans count in it"),
            "language": Field(TAG, "BCP 47; en where not given"),
            "page_url": Field(web_address(most=MOST_URL), "where it is published"),
            "external_id": Field(
                text(most=200), "what the publishing system calls it, once a desk"
            ),
            "published_at": Field(MOMENT, "when it appeared", may_be_null=True),
            "is_ours": Field(YES, "published by us"),
        }
    ),
    answers.WholeArticle,
    Verb.WRITE,
    is_matched=False,
    statuses=(HTTPStatus.CREATED,),
    example={
        "title": "North Korean soldiers in Russia",
        "text": "About 1,500 North Korean soldiers have reached Russia, the NIS says.",
        "external_id": "cms-48151",
        "is_ours": True,
    },
)


class Articles(Writing, ArticleList):
    """The list of articles, and where one is put on record."""

    reader = OneArticle
    reader_route = "api-article"

    @writes(ADD)
    def post(self, act: Act) -> Done:
        """Put an article on record; its text is kept exactly, so that spans stay true."""
        desk = desk_of(act)
        values = act.some("title", "language", "external_id", "published_at")
        if "page_url" in act.given:
            values["url"] = _web_address(act.given["page_url"])
        _refuse_double(desk, values.get("external_id"))
        made = add_article(
            act.actor,
            desk=desk,
            text=act.given["text"],
            values=values,
            is_ours=act.given.get("is_ours", False),
        )
        return Done(made.reference, HTTPStatus.CREATED)


def _web_address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise InvalidInput("page_url", "must begin with http:// or https://.")
    return text


def _refuse_double(desk: Desk, external_id: str | None) -> None:
    if not external_id:
        return
    known = Article.objects.filter(desk=desk, external_id=external_id.strip()).first()
    if known is not None:
        raise AlreadyExists(known.reference, f"{desk} has an article of this external_id.")
