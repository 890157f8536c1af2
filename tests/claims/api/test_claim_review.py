"""`claims/{reference}/claim-review/`: markup for the whole world, of what holds and nothing else."""

import json

import pytest

from claims.models import Claim
from claims.services.articles import add_appearance, add_article
from claims.services.origins import add_origin
from claims.services.status import decide
from claims.states import Basis, ClaimStatus, Ground, OriginKind, Visibility
from tests.claims.api.writing import corroborated
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db


def markup(api, claim, **headers):
    return api.get(f"claims/{claim.reference}/claim-review/", **headers)


def disputed(cast, **values):
    claim = make_claim(cast, "It is so.", **values)
    make_evidence(cast, claim, stance="disputes", dispute_kind="disproof")
    ground = Ground.DENIED_WITH_EVIDENCE
    decide(
        cast.ada,
        claim.pk,
        to=ClaimStatus.DISPUTED,
        ground=ground,
        rationale="No.",
        seen=fresh(claim).revision,
    )
    return fresh(claim)


@pytest.mark.parametrize(
    ("make", "label"),
    [
        (corroborated, "Corroborated: independent origins"),
        (disputed, "Disputed: denied with evidence"),
    ],
)
def test_what_was_decided_is_told_in_words_and_no_numbers(cast, api, make, label):
    answer = markup(api, make(cast))
    assert answer["Content-Type"] == "application/ld+json"
    assert answer.json()["reviewRating"] == {"@type": "Rating", "alternateName": label}


def test_a_fact_shown_false_is_called_false(cast, api):
    claim = disputed(cast)
    Claim.objects.filter(pk=claim.pk).update(ground=Ground.SHOWN_FALSE)
    assert markup(api, claim).json()["reviewRating"]["alternateName"] == "False"


def test_who_said_it_and_where_is_told(cast, api, settings):
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "The Desk", "https://desk.example/"
    claim = disputed(cast, claimant=make_origin(cast, "NIS", kind=OriginKind.INSTITUTION))
    for url, is_ours in (("https://theirs.example/1", False), ("https://ours.example/1", True)):
        article = add_article(
            cast.ada,
            desk=cast.desk,
            text="It is so.",
            values={"title": "A", "url": url},
            is_ours=is_ours,
        )
        add_appearance(cast.ada, claim.pk, article=article.reference, start=0, end=9)
    told = markup(api, claim).json()
    assert told["itemReviewed"] == {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": "NIS"},
        "appearance": {"@type": "CreativeWork", "url": "https://theirs.example/1"},
    }
    assert told["url"] == "https://ours.example/1"
    assert told["publisher"]["name"] == "The Desk"


def test_a_confidential_source_is_told_to_nobody(cast, api):
    values = {"name": "Sparrow", "kind": OriginKind.PERSON}
    origin = add_origin(cast.ada, values=values, confidential_at=cast.desk)
    claim = disputed(cast, claimant=origin, claimant_text="the general")
    assert "itemReviewed" not in markup(api, claim).json()


def test_markup_is_safe_inside_a_script_element_as_it_is(cast, api):
    claim = disputed(cast)
    Claim.objects.filter(pk=claim.pk).update(statement="</script><b>&\u2028")
    answer = markup(api, claim)
    assert not set(answer.content.decode()) & set("<>&\u2028")
    assert json.loads(answer.content)["claimReviewed"] == "</script><b>&\u2028"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": ClaimStatus.REPORTED, "ground": Ground.SINGLE_ORIGIN}, "is reported"),
        ({"basis": Basis.IN_QUESTION}, "does not hold"),
        ({"basis": Basis.LOST}, "does not hold"),
        ({"visibility": Visibility.EMBARGOED}, "its desk's own"),
    ],
)
def test_of_anything_else_there_is_no_markup(cast, api, values, words):
    claim = disputed(cast)
    Claim.objects.filter(pk=claim.pk).update(**values)
    answer = markup(api, claim)
    assert (answer.status_code, answer.json()["code"]) == (409, "rule_refused")
    assert words in answer.json()["detail"]


def test_a_claim_of_another_desk_is_not_there(cast, api, outsider):
    claim = disputed(cast)
    Claim.objects.filter(pk=claim.pk).update(visibility=Visibility.RESTRICTED)
    assert markup(outsider, claim).status_code == 404


def test_asked_again_it_is_304_until_the_claim_changes(cast, api):
    claim = disputed(cast)
    tag = markup(api, claim)["ETag"]
    assert markup(api, claim, If_None_Match=tag).status_code == 304
    make_evidence(cast, claim)
    assert markup(api, claim, If_None_Match=tag).status_code == 200


def test_who_accepts_json_ld_alone_is_answered(cast, api):
    assert markup(api, disputed(cast), Accept="application/ld+json").status_code == 200
