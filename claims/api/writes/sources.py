"""Link a page by its address."""

from http import HTTPStatus

from claims.api.answers import sources as answers
from claims.api.sources import OneSource, SourceList
from claims.api.writes.bodies import MOST_URL, one_field
from claims.api.writes.fields import YES, Body, Field, reference, text, web_address
from claims.api.writes.operation import Act, Done, Operation
from claims.api.writes.write import Writing, writes
from claims.services.linked_pages import link_by_address
from claims.states import Verb

LINK = Operation(
    "link_source",
    Body(
        {
            "page_url": one_field(web_address(most=MOST_URL), "http or https, a public host"),
            "title": Field(text(most=500), "for people, until the page names itself"),
            "publisher": Field(reference("OR"), "whose page it is", may_be_null=True),
            "is_expected_to_change": Field(YES, "a live blog: flags a contradicted figure only"),
            "is_fetched": Field(YES, "false: do not fetch"),
        }
    ),
    answers.Source,
    Verb.WRITE,
    is_matched=False,
    statuses=(HTTPStatus.OK, HTTPStatus.CREATED),
    example={"page_url": "https://www.example.com/world/soldiers"},
)


class Sources(Writing, SourceList):
    """The list of linked sources, and where a page is linked."""

    reader = OneSource
    reader_route = "api-source"

    @writes(LINK)
    def post(self, act: Act) -> Done:
        """Link a web page; the watch looks at it soon.

        A page on record is answered as it is (200), whatever else is sent.
        """
        values = act.but("page_url")
        source, is_new = link_by_address(act.actor, url=act.given["page_url"], values=values)
        return Done(source.reference, HTTPStatus.CREATED if is_new else HTTPStatus.OK)
