"""What a publishing system has in hand: addresses, its own ids, references it keeps."""

import pytest

from claims.models import ClaimLink, Evidence, Source
from claims.services.articles import add_appearance, add_article
from claims.services.evidence import withdraw_evidence
from claims.states import ClaimLinkKind, Visibility
from tests.claims.cast import make_claim, make_evidence

pytestmark = pytest.mark.django_db

TEXT = "It is so, he said."


def references(page) -> list[str]:
    return [row["reference"] for row in page["results"]]


def article_with(cast, claim, **values: str):
    made = add_article(cast.ada, desk=cast.desk, text=TEXT, values={"title": "A", **values})
    add_appearance(cast.ada, claim.pk, article=made.reference, start=0, end=8)
    return made


def test_claims_are_found_by_the_address_of_a_source(api, cast):
    claim, other = make_claim(cast), make_claim(cast, "Another.")
    url = make_evidence(cast, claim).source.url
    make_evidence(cast, other)
    assert references(api.read(f"by-url/?url={url}")) == [claim.reference]


def test_address_is_read_as_browsers_read_it(api, cast):
    claim = make_claim(cast)
    scheme, _, rest = make_evidence(cast, claim).source.url.partition("://")
    host, _, path = rest.partition("/")
    url = f"{scheme.upper()}://{host.upper()}/./{path}%23part"
    assert references(api.read(f"by-url/?url={url}")) == [claim.reference]


def test_claims_are_found_by_the_address_of_an_article_as_it_was_given(api, cast):
    claim = make_claim(cast)
    article_with(cast, claim, url="https://Ours.example.org/a?b=c")
    page = api.read("by-url/?url=https://Ours.example.org/a%3Fb=c&expand=articles")
    assert references(page) == [claim.reference]
    assert page["results"][0]["articles"][0]["page_url"] == "https://Ours.example.org/a?b=c"


def test_address_of_a_merged_source_finds_the_claims_of_the_kept_one(api, cast):
    claim, other = make_claim(cast), make_claim(cast, "Another.")
    gone, kept = make_evidence(cast, claim).source, make_evidence(cast, other).source
    Evidence.objects.filter(source=gone).update(source=kept)
    Source.objects.filter(pk=gone.pk).update(merged_into=kept)
    found = references(api.read(f"by-url/?url={gone.url}"))
    assert set(found) == {claim.reference, other.reference}


def test_withdrawn_evidence_finds_nothing(api, cast):
    row = make_evidence(cast, make_claim(cast))
    withdraw_evidence(cast.ada, row.reference, reason="A mistake.")
    assert references(api.read(f"by-url/?url={row.source.url}")) == []


def test_hidden_claim_is_not_found_by_its_address_elsewhere(api, outsider, cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    url = make_evidence(cast, claim).source.url
    assert references(api.read(f"by-url/?url={url}")) == [claim.reference]
    assert references(outsider.read(f"by-url/?url={url}")) == []


@pytest.mark.parametrize(
    "query", ["", "?url=", "?url=javascript:alert(1)", "?url=https://[", "?url=" + "h" * 3_000]
)
def test_what_is_no_address_is_refused_by_name(api, query):
    answer = api.get(f"by-url/{query}")
    assert answer.status_code == 400
    assert "url" in answer.json()["errors"]


def test_claims_are_found_by_the_publishing_systems_own_id(api, cast):
    claim = make_claim(cast)
    make_claim(cast, "Another.")
    article_with(cast, claim, external_id="cms-1")
    assert references(api.read("by-article/?external_id=cms-1")) == [claim.reference]


def test_article_of_another_desk_is_named_with_its_desk(outsider, cast):
    claim = make_claim(cast)
    article_with(cast, claim, external_id="cms-1")
    assert outsider.get("by-article/?external_id=cms-1").status_code == 404
    page = outsider.read(f"by-article/?external_id=cms-1&desk={cast.desk.slug}")
    assert references(page) == [claim.reference]


def test_article_nobody_put_on_record_is_404(api):
    assert api.get("by-article/?external_id=cms-9").status_code == 404


def test_article_without_its_id_is_refused_by_name(api):
    assert "external_id" in api.get("by-article/").json()["errors"]


def test_references_are_read_in_one_call(api, cast):
    claims = [make_claim(cast, f"Claim {number}.") for number in range(3)]
    wanted = [claims[0].reference.lower(), claims[2].reference]
    page = api.read(f"claims/?references={','.join(wanted)},ST-000000")
    assert set(references(page)) == {claims[0].reference, claims[2].reference}
    assert page["next"] is None


def test_two_hundred_references_fit_and_one_more_is_refused(api, cast):
    claims = [make_claim(cast, f"Claim {number}.") for number in range(60)]
    named = [*(claim.reference for claim in claims), *["ST-000000"] * 140]
    assert len(api.read(f"claims/?references={','.join(named)}")["results"]) == 60
    answer = api.get(f"claims/?references={','.join([*named, 'ST-000000'])}")
    assert (answer.status_code, [*answer.json()["errors"]]) == (400, ["references"])


@pytest.mark.parametrize("text", ["ST-1", "1,2", "ST-000000,", "EV-000000", "ST-000000;DROP"])
def test_what_is_no_list_of_references_is_refused(api, text):
    assert "references" in api.get(f"claims/?references={text}").json()["errors"]


def test_hidden_claim_is_not_among_those_read_elsewhere(outsider, cast):
    hidden = make_claim(cast, visibility=Visibility.EMBARGOED)
    assert references(outsider.read(f"claims/?references={hidden.reference}")) == []


def test_topic_is_told_and_filters(api, cast):
    claim = make_claim(cast, topic="war")
    make_claim(cast, "Another.")
    page = api.read("claims/?topic=war")
    assert references(page) == [claim.reference]
    assert page["results"][0]["topic"] == "war"


def test_fields_are_told_alone_in_lists_and_of_one(api, cast):
    claim = make_claim(cast)
    (row,) = api.read("claims/?fields=basis,reference")["results"]
    assert [*row] == ["reference", "basis"]
    assert [*api.read(f"claims/{claim.reference}/?fields=status")] == ["status"]


@pytest.mark.parametrize(
    "query", ["fields=nonsense", "fields=id", "fields=", "fields=status,", "expand=claims"]
)
def test_unknown_field_or_expansion_is_refused(api, query):
    answer = api.get(f"claims/?{query}")
    assert [*answer.json()["errors"]] == [query.partition("=")[0]]


def test_evidence_and_articles_come_with_a_claim_in_one_call(api, cast, django_assert_num_queries):
    claim = make_claim(cast)
    row = make_evidence(cast, claim)
    article_with(cast, claim)
    path = f"claims/{claim.reference}/?expand=evidence,articles,reviews"
    api.read(path)
    with django_assert_num_queries(4):  # the token, the claim's state, the head, the claim
        told = api.read(path)
    assert told["evidence"] == [api.read(f"evidence/{row.reference}/")]
    assert [place["quote"] for place in told["articles"]] == ["It is so"]
    assert told["reviews"] == []


def test_ended_link_is_not_told(api, cast):
    claim, other = make_claim(cast), make_claim(cast, "The old figure.")
    link = ClaimLink.objects.create(claim=claim, other=other, kind=ClaimLinkKind.UPDATES)
    path = f"claims/{claim.reference}/"
    assert api.read(path)["related"] == [{"kind": "updates", "claim": other.reference}]
    ClaimLink.objects.filter(pk=link.pk).update(ended_at=claim.created_at)
    assert api.read(path)["related"] == []
