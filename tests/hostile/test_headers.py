"""Headers no system should send to the API: each is refused or ignored, none is a fault of ours."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import ApiToken
from claims.services.people import revoke_token
from claims.states import Scope
from tests.claims.api.writing import writer
from tests.claims.cast import make_cast
from tests.hostile.catalogue import case

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"


@pytest.fixture(scope="module")
def cast(module_db):
    return make_cast()


@pytest.fixture(scope="module")
def ada(cast):
    return writer(cast, "ada", cast.desk, networks=("127.0.0.0/8",))


def get(by, **meta: str):
    given: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {by.secret}"} | meta
    return Client(raise_request_exception=False).get(CLAIMS, **given)


@pytest.mark.parametrize(
    "header",
    [
        case(116, "", name="empty"),
        case(116, "Bearer"),
        case(116, "Bearer a b"),
        case(116, "Bearer " + "a" * 100_000, name="100 kB"),
        case(116, "Bearer \xff"),
        case(116, "Bearer stet_\x00"),
        case(116, "\xff" * 60),
        case(116, "Bearer stet_aaaaaaaa_" + "a" * 43 + ",Bearer x", name="two headers"),
        case(116, "Bearer " + "ｓ" * 50, name="other signs"),
    ],
)
def test_what_is_no_token_is_401(header):
    answer = Client().get(CLAIMS, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_malformed")


@pytest.mark.catalogue(116)
def test_scheme_in_other_letters_is_read(ada):
    assert get(ada, HTTP_AUTHORIZATION=f"bEARER {ada.secret}").status_code == 200


@pytest.mark.catalogue(117)
@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        ("expired", 401, "token_expired"),
        ("revoked", 401, "token_revoked"),
        ("inactive", 401, "person_ended"),
        ("elsewhere", 403, "address_not_allowed"),
        ("scope", 403, "insufficient_scope"),
    ],
)
def test_token_that_may_not_is_told_why_by_its_own_code(cast, ada, ending, status, code):
    meta: dict[str, str] = {}
    row = ApiToken.objects.filter(pk=ada.token.pk)
    match ending:
        case "expired":
            row.update(expires_at=timezone.now() - timedelta(hours=9))
        case "revoked":
            revoke_token(cast.ada, token=ada.token)
        case "inactive":
            cast.users["ada"].is_active = False
            cast.users["ada"].save()
        case "elsewhere":
            meta = {"REMOTE_ADDR": "203.0.113.9"}
        case "scope":
            row.update(scopes=[Scope.CLAIMS_WRITE])
    answer = get(ada, **meta)
    cast.users["ada"].is_active = True
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.catalogue(118)
@pytest.mark.parametrize("name", ["token", "access_token", "authorization"])
def test_token_in_the_address_is_no_token(ada, name):
    answer = Client().get(f"{CLAIMS}?{name}={ada.secret}")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    "cookie",
    [
        case(121, "junk"),
        case(121, "x" * 8_000, name="8 kB"),
        case(121, "\xff\xfe"),
        case(121, "a" * 32, name="a session nobody opened"),
    ],
)
def test_cookie_that_is_no_session_is_nobody(cookie):
    client = Client()
    client.cookies["stet_session"] = cookie
    answer = client.post(CLAIMS, {"statement": "It is so."}, content_type="application/json")
    assert answer.status_code == 401
    assert client.cookies["stet_session"].value in {cookie, ""}


@pytest.mark.parametrize(
    "host",
    [
        case(122, "evil.example"),
        case(122, "testserver:99999999x"),
        case(122, "test server"),
        case(122, ""),
        case(122, "testserver\r\nX: y"),
        case(122, "\xff"),
    ],
)
def test_host_that_is_not_ours_is_400(ada, host):
    answer = get(ada, HTTP_HOST=host)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    "forwarded",
    [
        case(123, "127.0.0.1"),
        case(123, "garbage"),
        case(123, "127.0.0.1," * 1000, name="1,000 hops"),
        case(123, "\xff"),
    ],
)
def test_what_a_stranger_says_was_forwarded_counts_for_nothing(ada, forwarded):
    spoofed = {
        "HTTP_X_FORWARDED_FOR": forwarded,
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PROTO": "gopher",
    }
    assert get(ada, REMOTE_ADDR="203.0.113.9", **spoofed).status_code == 403
    answer = get(ada, **spoofed)
    assert answer.status_code == 200
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        case(124, "HTTP_ACCEPT", "a/b," * 20_000, name="80 kB"),
        case(124, "HTTP_ACCEPT", "*"),
        case(124, "HTTP_ACCEPT", "q=zz"),
        case(124, "HTTP_ACCEPT", "application/json;q=9;;;=,\xff"),
        case(124, "HTTP_ACCEPT_LANGUAGE", "x-" * 5_000, name="10 kB"),
        case(124, "HTTP_ACCEPT_ENCODING", "gzip;q=zz,\xff"),
    ],
)
def test_taste_that_cannot_be_met_is_406_or_ignored(ada, name, text):
    assert get(ada, **{name: text}).status_code in {200, 406}


@pytest.mark.catalogue(125)
@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_write_from_a_foreign_page_on_a_session_is_403(cast, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    client.get("/account/tokens/")
    token = client.cookies["stet_csrf"].value
    answer = client.post(
        CLAIMS,
        {"statement": "It is so."},
        content_type="application/json",
        headers={name: "https://evil.example/", "X-CSRFToken": token},
        secure=True,
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        case(126, "HTTP_IF_NONE_MATCH", '"' + "a" * 80_000 + '"', name="80 kB"),
        case(126, "HTTP_IF_NONE_MATCH", "*"),
        case(126, "HTTP_IF_NONE_MATCH", "\xff"),
        case(126, "HTTP_IF_MODIFIED_SINCE", "yesterday"),
        case(126, "HTTP_IF_MODIFIED_SINCE", "Fri, 99 Foo 99999 99:99:99 GMT"),
        case(126, "HTTP_IF_MODIFIED_SINCE", "\xff"),
    ],
)
def test_condition_that_is_none_is_ignored(ada, name, text):
    assert get(ada, **{name: text}).status_code == 200


@pytest.mark.catalogue(128)
@pytest.mark.parametrize("name", ["x\r\nSet-Cookie: a=b", "\r\n\r\n<html>", "\u2028"])
def test_line_ends_in_what_is_echoed_stay_in_the_body(ada, name):
    answer = ada.post("claims/", {"statement": "It is so.", name: 1})
    assert answer.status_code == 400
    assert [*answer.json()["errors"]] == [name]
    assert not [text for text in answer.headers.values() if "\n" in text or "\r" in text]
    assert not answer.cookies


SENT = st.sampled_from(
    [
        "HTTP_ACCEPT",
        "HTTP_AUTHORIZATION",
        "HTTP_COOKIE",
        "HTTP_IF_MATCH",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IDEMPOTENCY_KEY",
        "HTTP_CONTENT_ENCODING",
        "HTTP_X_REQUEST_ID",
        "HTTP_X_FORWARDED_FOR",
        "HTTP_TRANSFER_ENCODING",
        "CONTENT_TYPE",
        "HTTP_HOST",
    ]
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    headers=st.dictionaries(
        SENT, st.text(st.characters(max_codepoint=255), max_size=40), min_size=1, max_size=4
    )
)
def test_no_header_is_a_fault_of_ours(ada, headers):
    given: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {ada.secret}"} | headers
    client = Client(raise_request_exception=False)
    content_type = given.pop("CONTENT_TYPE", "application/json")
    answer = client.generic(
        "PATCH", f"{CLAIMS}ST-000000/", b'{"topic": "x"}', content_type=content_type, **given
    )
    assert 400 <= answer.status_code < 500
