"""Pages are linked, articles kept, and what was printed is said."""

import pytest

from claims.models import Article
from claims.services.articles import add_article
from claims.states import Visibility
from tests.claims.api.writing import (
    Writer,
    code,
    done,
    path_of,
    reasons,
    writer,
)
from tests.claims.cast import make_claim, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast) -> Writer:
    return writer(cast, "ada", cast.desk)


def test_page_is_linked_once_and_then_answered(ada):
    body = {"page_url": "https://www.example.org/live", "is_expected_to_change": True}
    first = done(ada.post("sources/", body), 201)
    assert first["is_expected_to_change"] is True
    again = ada.post("sources/", {"page_url": "https://www.example.org/live#top"})
    assert done(again)["reference"] == first["reference"]
    assert not again.has_header("Location")


@pytest.mark.parametrize("url", ["", "ftp://a.example.org/", "https://10.0.0.1/", "nothing"])
def test_address_that_is_no_public_page_is_not_linked(ada, url):
    assert reasons(ada.post("sources/", {"page_url": url})).keys() == {"page_url"}


def test_reader_links_no_page(cast):
    dora = writer(cast, "dora", cast.desk)
    answer = dora.post("sources/", {"page_url": "https://www.example.org/"})
    assert code(answer) == (403, "not_allowed")


def test_page_known_by_a_hidden_claim_alone_is_not_told(cast):
    row = make_evidence(cast, make_claim(cast, visibility=Visibility.RESTRICTED))
    omar = writer(cast, "omar", cast.other_desk)
    answer = omar.post("sources/", {"page_url": row.source.url})
    assert code(answer) == (409, "rule_refused")
    assert row.source.reference not in answer.content.decode()


def test_article_is_put_on_record_sign_by_sign(ada):
    text = " Said:\r\n“e\u0301” \U0001f600 "
    body = {"title": "T", "text": text, "external_id": "cms-1", "is_ours": True}
    told = done(ada.post("articles/", body), 201)
    assert (told["text"], told["is_ours"], told["external_id"]) == (text, True, "cms-1")


def test_article_of_a_known_external_id_is_on_record_already(ada):
    body = {"title": "T", "text": "Text.", "external_id": "cms-1"}
    first = done(ada.post("articles/", body), 201)
    assert reasons(ada.post("articles/", body), 409) == {"reference": [first["reference"]]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "Text."}, "title"),
        ({"title": "T", "text": " "}, "text"),
        ({"title": "T", "text": "\x00"}, "text"),
        ({"title": "T", "text": "\ud800"}, "text"),
        ({"title": "T", "text": "Text.", "page_url": "javascript:alert(1)"}, "page_url"),
    ],
)
def test_article_that_cannot_be_kept_is_refused_at_its_field(ada, body, field):
    assert reasons(ada.post("articles/", body)).keys() == {field}
    assert not Article.objects.exists()


def printed(by: Writer, article, *uses):
    return by.ask("PUT", f"{path_of(article)}uses/", {"uses": [*uses]})


def test_publishing_system_says_what_it_printed_and_replaces_it(ada, cast):
    article = add_article(
        cast.ada, desk=cast.desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    claims = [make_claim(cast), make_claim(cast, "Another.")]
    told = done(printed(ada, article, *({"claim": c.reference, "words": "So."} for c in claims)))
    assert [use["claim"] for use in told["uses"]] == [claim.reference for claim in claims]
    assert told["uses"][0]["relied"]["status"] == "reported"
    assert told == ada.read(f"{path_of(article)}uses/")
    told = done(printed(ada, article, {"claim": claims[1].reference, "words": "Otherwise."}))
    assert [use["words"] for use in told["uses"]] == ["Otherwise."]
    assert done(printed(ada, article))["uses"] == []


@pytest.mark.parametrize(
    ("use", "field"),
    [
        ({"words": "So."}, "uses.0.claim"),
        ({"claim": "ST-000000", "words": "So."}, "uses.0.claim"),
        (
            {"claim": "ST-000000", "words": "So.", "relied_status": "reported"},
            "uses.0.relied_status",
        ),
        ({"claim": "ST-000000", "words": "So.", "relied_seq": "4"}, "uses.0.relied_seq"),
        ("ST-000000", "uses.0"),
    ],
)
def test_use_that_cannot_be_recorded_is_refused_at_its_field(ada, cast, use, field):
    article = add_article(
        cast.ada, desk=cast.desk, text="A text.", values={"title": "T"}, is_ours=True
    )
    assert reasons(printed(ada, article, use)).keys() == {field}


def test_article_of_others_has_no_uses(ada, cast):
    article = add_article(cast.ada, desk=cast.desk, text="A text.", values={"title": "T"})
    assert code(printed(ada, article)) == (409, "rule_refused")


def test_time_of_publication_is_kept_and_one_without_a_zone_refused(ada):
    body = {"title": "T", "text": "A text."}
    told = done(ada.post("articles/", {**body, "published_at": "2024-10-18T11:30:00+02:00"}), 201)
    assert told["published_at"] == "2024-10-18T09:30:00.000000Z"
    refused = ada.post("articles/", {**body, "published_at": "2024-10-18T11:30:00"})
    assert reasons(refused).keys() == {"published_at"}
