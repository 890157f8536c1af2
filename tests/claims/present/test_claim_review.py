import json
import re
from typing import Any

import pytest

from claims.errors import InvalidInput
from claims.present.claim_review import (
    Publisher,
    Rating,
    Speaker,
    claim_review,
    rating_of,
    script_html,
)
from claims.states import GROUNDS, ClaimKind, ClaimStatus, Ground, OriginKind

TERMS = {
    "ClaimReview": {
        "claimReviewed", "itemReviewed", "reviewRating", "url", "datePublished", "author", "publisher",
    },
    "Claim": {"author", "datePublished", "appearance"},
    "Rating": {"ratingValue", "bestRating", "worstRating", "alternateName"},
    "CreativeWork": {"url"},
    "Organization": {"name", "url"},
    "Person": {"name"},
    "Thing": {"name"},
}  # fmt: skip
"""Of the schema.org vocabulary, version 30: the types that are used, with their properties."""

WHOLE: dict[str, Any] = {
    "rating": Rating("Mostly false", 2, 5, 1),
    "speaker": Speaker("NIS", OriginKind.INSTITUTION),
    "claim_date": "2024-10-18",
    "appearance_urls": ["https://a.example/?x=1&y=2", "https://b.example/"],
    "review_url": "https://desk.example/1",
    "review_date": "2024-10-19T09:30:00Z",
    "publisher": Publisher("The Desk", "https://desk.example/"),
}


def nodes(value):
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)


def test_everything_known_is_told_in_terms_of_the_vocabulary():
    document = claim_review("It is so.", **WHOLE)
    for node in nodes(document):
        assert node.keys() - {"@type", "@context"} <= TERMS[node["@type"]]
    assert document["claimReviewed"] == "It is so."
    assert document["itemReviewed"]["author"] == {"@type": "Organization", "name": "NIS"}
    assert [page["url"] for page in document["itemReviewed"]["appearance"]] == WHOLE[
        "appearance_urls"
    ]
    assert document["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "Mostly false",
    }


def test_what_is_unknown_makes_no_node():
    document = claim_review("It is so.", rating=Rating())
    assert document == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": "It is so.",
    }


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_no_node_is_left_empty(missing):
    empty = {"rating": Rating(), "publisher": Publisher(), "appearance_urls": [], "speaker": None}
    document = claim_review("It is so.", **WHOLE | {missing: empty.get(missing, "")})
    for node in nodes(document):
        assert node.keys() - {"@type", "@context"}
        assert not {None, ""} & {
            value for value in node.values() if not isinstance(value, (dict, list))
        }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OriginKind.PERSON, "Person"),
        (OriginKind.COLLECTIVE, "Organization"),
        (None, "Thing"),
    ],
)
def test_a_speaker_is_no_more_than_what_is_known_of_them(kind, expected):
    document = claim_review("It is so.", rating=Rating(), speaker=Speaker("N", kind))
    assert document["itemReviewed"]["author"]["@type"] == expected


@pytest.mark.parametrize("status", [ClaimStatus.CORROBORATED, ClaimStatus.DISPUTED])
@pytest.mark.parametrize("kind", list(ClaimKind))
def test_false_is_said_of_a_fact_shown_false_alone(status, kind):
    for ground in GROUNDS[status]:
        label = rating_of(status, ground, kind=kind).label
        is_false = ground is Ground.SHOWN_FALSE and kind is ClaimKind.FACT
        assert ("False" in label) is is_false
        assert is_false or label.startswith(status.capitalize())


def test_a_rating_in_words_says_why():
    found = rating_of(ClaimStatus.DISPUTED, Ground.DENIED_WITH_EVIDENCE, kind=ClaimKind.FACT)
    assert found == Rating("Disputed: denied with evidence")


@pytest.mark.parametrize("label", ["Reported", "reported", "Reported: single origin", "REPORTED."])
def test_a_merely_reported_claim_has_no_review(label):
    with pytest.raises(InvalidInput, match="merely reported"):
        claim_review("It is so.", rating=Rating(label))


def test_a_label_that_only_begins_like_it_is_told():
    document = claim_review("It is so.", rating=Rating("Reported wrongly"))
    assert document["reviewRating"]["alternateName"] == "Reported wrongly"


HOSTILE = "</script><script>alert(1)</script><!-- & \u2028\u2029 ]]> \x00 \ud800 “x” \"'"


def test_no_text_closes_the_script_element():
    values = WHOLE | {"speaker": Speaker(HOSTILE), "rating": Rating(HOSTILE)}
    document = claim_review(HOSTILE, **values)
    html = script_html(document)
    assert html.isascii()
    inside = re.fullmatch(r'<script type="application/ld\+json">([^<>&]*)</script>', html)
    assert inside
    assert json.loads(inside[1]) == document


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("review_url", "javascript:alert(1)"),
        ("review_url", "/relative"),
        ("appearance_urls", ["data:text/html,x"]),
        ("publisher", Publisher("A", "ftp://a.example")),
        ("claim_date", "yesterday"),
        ("review_date", "2024-13-01"),
        ("rating", Rating("x", float("nan"))),
        ("rating", Rating("x", best=float("inf"))),
    ],
)
def test_what_no_reader_could_use_is_refused(name, value):
    with pytest.raises(InvalidInput):
        claim_review("It is so.", **WHOLE | {name: value})


@pytest.mark.parametrize("date", ["2024", "2024-10", "2024-10-18", "2024-10-18T09:30:00+02:00"])
def test_dates_are_told_as_given(date):
    document = claim_review("It is so.", rating=Rating(), review_date=date)
    assert document["datePublished"] == date


def test_a_claim_without_words_is_refused():
    with pytest.raises(InvalidInput):
        claim_review(" ", rating=Rating())
