import re
from datetime import date
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # comes with drf-spectacular, without stubs
import pytest
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from claims.api.description import description
from claims.api.documentation import objects, operations
from claims.api.door import Resource
from claims.api.urls import urlpatterns
from claims.services.articles import add_appearance, add_article
from claims.services.evidence import attest, withdraw_evidence
from claims.services.reviews import ask_for_review
from claims.states import FlagKind, Visibility
from tests.claims.api.writing import corroborated
from tests.claims.cast import fresh, make_claim, make_evidence, make_origin

VIEWS = {pattern.name: pattern for pattern in urlpatterns if pattern.name}


def strict(value: Any) -> Any:
    """Return a schema that allows no field it does not name."""
    if isinstance(value, list):
        return [strict(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {name: strict(item) for name, item in value.items()}
    if "properties" in made and isinstance(made["properties"], dict):
        made.setdefault("additionalProperties", False)
    return made


def schema_of(path: str, status: str = "200") -> dict[str, Any]:
    answer = description()["paths"][path]["get"]["responses"][status]["content"]
    (content,) = answer.values()
    return {**strict(content["schema"]), "components": strict(description()["components"])}


def test_description_is_made_without_a_complaint_and_valid():
    described = description()
    assert described["openapi"].startswith("3.1")
    validate_schema(described)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_address_is_described():
    paths = {
        f"/api/v1/{pattern.pattern}".replace("<str:reference>", "{reference}")
        for pattern in VIEWS.values()
    }
    assert set(description()["paths"]) == paths - {"/api/v1/schema/", "/api/v1/docs/"}


READ = sorted(
    name
    for name, pattern in VIEWS.items()
    if issubclass(getattr(pattern.callback, "view_class", object), Resource)
)


@pytest.mark.parametrize("name", READ)
def test_described_parameters_are_those_known(name):
    view = getattr(VIEWS[name].callback, "view_class", None)
    assert view is not None
    path = f"/api/v1/{VIEWS[name].pattern}".replace("<str:reference>", "{reference}")
    told = description()["paths"][path]["get"].get("parameters", [])
    assert {one["name"] for one in told if one["in"] == "query"} == set(view.known)


@pytest.fixture
def full_record(cast):
    """One of everything, with every part that may be null filled somewhere."""
    origin = make_origin(cast, "NIS")
    claim = make_claim(cast, claimant=origin, claimant_text="the NIS")
    row = make_evidence(cast, claim, origin=origin, translation="In English.")
    make_evidence(cast, claim, relays_evidence=row)
    attested = make_evidence(cast, claim)
    attest(cast.ada, attested.reference, on=date(2024, 10, 18), note="I was there.")
    withdraw_evidence(cast.ada, make_evidence(cast, claim).reference, reason="A mistake.")
    article = add_article(
        cast.ada, desk=cast.desk, text="It is so.", values={"title": "A", "external_id": "cms-1"}
    )
    add_appearance(
        cast.ada, claim.pk, article=article.reference, start=0, end=9, cue="said", hedges=("may",)
    )
    ask_for_review(cast.ada, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    make_claim(cast, "Elsewhere.", visibility=Visibility.RESTRICTED)
    return {
        "claims": claim.reference,
        "evidence": row.reference,
        "sources": row.source.reference,
        "url": row.source.url,
        "articles": article.reference,
        "reviews": fresh(claim).reviews.get().reference,
        "claims/{reference}/claim-review": corroborated(cast).reference,
    }


@pytest.mark.django_db
def test_every_answer_is_as_described(api, outsider, full_record):
    asked = {
        "/api/v1/by-url/": f"?url={full_record['url']}&expand=evidence,reviews,articles",
        "/api/v1/by-article/": "?external_id=cms-1",
    }
    for path, item in description()["paths"].items():
        if "get" not in item:
            continue
        kind = path.removeprefix("/api/v1/").partition("/")[0]
        for reader in (api, outsider):
            desk = "&desk=world" if path == "/api/v1/by-article/" else ""
            own = path.removeprefix("/api/v1/").rstrip("/")
            named = path.replace("{reference}", full_record.get(own, full_record.get(kind, "")))
            answer = reader.read(named + asked.get(path, "") + desk)
            jsonschema.validate(answer, schema_of(path), cls=jsonschema.Draft202012Validator)


@pytest.mark.django_db
def test_every_refusal_is_as_described(api, client):
    for path, status in (("claims/?x=1", "400"), ("claims/", "401")):
        answer = (api if status == "400" else client).get(f"/api/v1/{path}")
        jsonschema.validate(answer.json(), schema_of("/api/v1/claims/", status))


@pytest.mark.django_db
def test_schema_needs_no_token(client):
    assert client.get("/api/v1/schema/").json()["info"]["title"] == "Stet"


@pytest.mark.django_db
def test_page_names_every_address_and_object_and_loads_nothing_foreign(client):
    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [one.path for one in operations() if one.path not in page] == []
    assert [one.name for one in objects() if f'id="object-{one.name}"' not in page] == []
    assert "style=" not in page
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//(?!testserver/)', page) == []


def test_page_is_found_under_the_name_other_pages_use():
    assert get_resolver().reverse("api-docs") == "api/v1/docs/"
