"""Every operation of the description, by every role and scope: who may do it is a table."""

import json

import pytest
from django.db import transaction
from django.test import Client

from claims.api.description import description
from claims.models import Claim, Membership
from claims.services.articles import add_article
from claims.services.claims import close
from claims.services.proposals import propose
from claims.services.reviews import ask_for_review
from claims.states import ClaimStatus, CloseReason, FlagKind, Ground, Scope, Visibility
from tests.claims.api.writing import writer
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence, make_origin

pytestmark = pytest.mark.django_db

CALLERS = ("nobody", "dora", "ada", "cleo", "admin", "omar", "read", "write", "review")
"""Anonymous; in a browser: reader, fact-checker, editor, administrator, fact-checker of another
desk; Ada's tokens: to read, to read and write claims, to read and write reviews."""

TABLE = {
    # of any desk
    "list_addresses": "401 200 200 200 200 200 200 200 200",
    "list_claims": "401 200 200 200 200 200 200 200 200",
    "list_evidence": "401 200 200 200 200 200 200 200 200",
    "list_sources": "401 200 200 200 200 200 200 200 200",
    "list_articles": "401 200 200 200 200 200 200 200 200",
    "list_reviews": "401 200 200 200 200 200 200 200 200",
    "follow_changes": "401 200 200 200 200 200 200 200 200",
    "read_article": "401 200 200 200 200 200 200 200 200",
    # without what they ask for
    "list_claims_by_url": "401 400 400 400 400 400 400 400 400",
    "list_claims_by_article": "401 400 400 400 400 400 400 400 400",
    # of a claim that is the desk's alone
    "read_uses": "401 200 200 200 200 200 200 200 200",
    "read_claim": "401 200 200 200 404 404 200 200 200",
    "read_claim_history": "401 200 200 200 404 404 200 200 200",
    "read_claim_review": "401 409 409 409 404 404 409 409 409",
    "read_evidence": "401 200 200 200 404 404 200 200 200",
    "read_source": "401 200 200 200 404 404 200 200 200",
    "read_watch": "401 200 200 200 404 404 200 200 200",
    "read_review": "401 200 200 200 404 404 200 200 200",
    # writes at the desk
    "open_claim": "401 403 201 201 403 403 403 201 403",
    "add_article": "401 403 201 201 403 403 403 201 403",
    "link_source": "401 403 201 201 403 201 403 201 403",
    "add_evidence": "401 403 201 201 400 400 403 201 403",
    "edit_claim": "401 403 200 200 404 404 403 200 403",
    "edit_evidence": "401 403 200 200 404 404 403 200 403",
    "withdraw_evidence": "401 403 200 200 404 404 403 200 403",
    # decisions
    "decide_status": "401 403 200 200 404 404 403 403 200",
    "propose_status": "401 403 202 202 404 404 403 403 202",
    "withdraw_proposal": "401 403 200 200 404 404 403 403 200",
    "close_claim": "401 403 200 200 404 404 403 403 200",
    "reopen_claim": "401 403 200 200 404 404 403 403 200",
    "raise_flag": "401 201 201 201 404 404 403 403 201",
    "take_review": "401 403 200 200 404 404 403 403 200",
    "release_review": "401 403 409 409 404 404 403 403 409",
    "assign_review": "401 403 200 200 404 404 403 403 200",
    "set_review_due": "401 403 200 200 404 404 403 403 200",
    "let_stand": "401 403 200 200 404 404 403 403 200",
    "put_uses": "401 403 200 200 403 403 403 200 403",
}
"""Operation -> what each of CALLERS is answered: 409 is a refusal by the rules, not of the person."""


def operations() -> dict[str, tuple[str, str]]:
    return {
        told["operationId"]: (method.upper(), path)
        for path, item in description()["paths"].items()
        for method, told in item.items()
    }


@pytest.fixture(scope="module")
def cast(module_db):
    return make_cast()


@pytest.fixture(scope="module")
def things(cast):
    """A restricted claim and all that hangs on it; what each operation needs, by its name."""
    hidden = {"visibility": Visibility.RESTRICTED}
    claim = make_claim(cast, **hidden)
    row = make_evidence(cast, claim, stance="disputes", dispute_kind="disproof")
    ask_for_review(cast.cleo, claim.pk, kind=FlagKind.TIP, detail="Look again.")
    supported = make_claim(cast, "Two say so.", **hidden)
    proposed = make_claim(cast, "Two said so.", **hidden)
    for name in ("Reuters", "Kyodo"):
        origin = make_origin(cast, name, reliability="B")
        make_evidence(cast, supported, origin=origin)
        make_evidence(cast, proposed, origin=origin)
    propose(
        cast.ada,
        proposed.pk,
        to=ClaimStatus.CORROBORATED,
        ground=Ground.INDEPENDENT_ORIGINS,
        rationale="Two say so.",
        seen=fresh(proposed).revision,
    )
    closed = make_claim(cast, "It was so.", **hidden)
    close(cast.ada, closed.pk, reason=CloseReason.MISTAKE, note="So.", seen=closed.revision)
    article = add_article(
        cast.ada, desk=cast.desk, text="A text.", values={"title": "Text"}, is_ours=True
    )
    return {
        "claims": claim,
        "evidence": row,
        "sources": row.source,
        "reviews": claim.reviews.get(),
        "articles": article,
        "propose_status": supported,
        "withdraw_proposal": proposed,
        "reopen_claim": closed,
    }


@pytest.fixture(scope="module")
def tokens(cast):
    scopes = {
        "read": (Scope.CLAIMS_READ,),
        "write": (Scope.CLAIMS_READ, Scope.CLAIMS_WRITE),
        "review": (Scope.CLAIMS_READ, Scope.REVIEWS_WRITE),
    }
    return {
        name: writer(cast, "ada", cast.desk, scopes=of, called=name) for name, of in scopes.items()
    }


def browser_of(cast, who) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(cast.users[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def example_of(method: str, path: str, things) -> dict:
    """The description's own example, with the references of this record."""
    told = description()["paths"][path][method.lower()]["requestBody"]["content"]
    examples = told["application/json"].get("examples", {})
    body: dict = next((example["value"] for example in examples.values()), {})
    known = {
        "ST-7K2M9Q": things["propose_status"].reference,
        "OR-4D8V1N": things["evidence"]
        .claim.evidence.model.objects.exclude(origin=None)
        .first()
        .origin.reference,
        "PE-7K2M9Q": things["claims"].created_by.reference,
        "2024-10-21T16:00:00Z": "2124-10-21T16:00:00Z",
    }
    text = json.dumps(body)
    for name, reference in known.items():
        text = text.replace(name, reference)
    return {
        **json.loads(text),
        **({"desk": "world"} if '"title"' in text or "statement" in text else {}),
    }


def test_the_table_names_every_operation_and_no_other():
    assert set(TABLE) == set(operations())


@pytest.mark.parametrize("name", TABLE)
def test_each_caller_gets_what_the_table_says(cast, things, tokens, name):
    method, path = operations()[name]
    kind = path.removeprefix("/api/v1/").partition("/")[0]
    thing = things.get(name, things.get(kind))
    where = path.replace("{reference}", thing.reference if thing else "")
    claim = getattr(thing, "claim", thing)
    sent = {} if method == "GET" else {"data": example_of(method, path, things)}
    if isinstance(claim, Claim):
        sent["headers"] = {"If-Match": f'"{fresh(claim).revision}"'}
    got = []
    for who in CALLERS:
        with transaction.atomic():
            got.append(str(status_of(cast, tokens, who, method, where, sent)))
            transaction.set_rollback(True)
    assert " ".join(got) == TABLE[name]


def status_of(cast, tokens, who, method, where, sent) -> int:
    if who in tokens:
        headers = {name.replace("-", "_"): text for name, text in sent.get("headers", {}).items()}
        return int(tokens[who].ask(method, where, sent.get("data"), **headers).status_code)
    client = browser_of(cast, who)
    body = json.dumps(sent["data"]) if "data" in sent else b""
    answer = client.generic(
        method, where, body, content_type="application/json", headers=sent.get("headers", {})
    )
    return int(answer.status_code)


@pytest.mark.parametrize(
    "name", [name for name, (method, _) in operations().items() if method != "GET"]
)
def test_no_write_is_done_on_a_session_without_its_csrf_token(cast, things, name):
    method, path = operations()[name]
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["cleo"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.generic(
        method, path.replace("{reference}", "ST-000000"), b"{}", content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "CSRF" in answer.json()["detail"]


def test_session_with_its_csrf_token_writes(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    client.get("/account/tokens/")
    secret = client.cookies["stet_csrf"].value
    answer = client.post(
        "/api/v1/claims/",
        {"statement": "It is so."},
        content_type="application/json",
        headers={"X-CSRFToken": secret},
    )
    assert answer.status_code == 201


def test_scope_that_is_missing_is_named(tokens):
    answer = tokens["read"].post("claims/", {"statement": "It is so."})
    assert answer.json()["code"] == "insufficient_scope"
    assert "claims:write" in answer.json()["detail"]
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]


def test_right_is_asked_anew_at_every_write(cast, tokens):
    Membership.objects.filter(user=cast.users["ada"]).update(role="reader")
    assert tokens["write"].post("claims/", {"statement": "It is so."}).status_code == 403
