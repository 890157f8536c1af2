from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import ApiToken, Membership
from claims.services.people import end_person, revoke_token
from claims.states import Scope
from tests.claims.api.conftest import Caller, caller

pytestmark = pytest.mark.django_db

NEVER_A_TOKEN = {
    "empty": "",
    "scheme alone": "Bearer",
    "no token": "Bearer ",
    "two blanks": "Bearer  stet_aaaaaaaa_" + "a" * 43,
    "two parts": "Bearer stet_aaaaaaaa_" + "a" * 43 + " more",
    "no scheme": "stet_aaaaaaaa_" + "a" * 43,
    "another scheme": "Basic YWRhOmFkYQ==",
    "too short": "Bearer stet_aaaaaaaa_" + "a" * 42,
    "too long": "Bearer stet_aaaaaaaa_" + "a" * 10_000,
    "bytes above ASCII": "Bearer stet_aaaaaaaa_" + "a" * 42 + "\xff",
    "NUL": "Bearer stet_aaaaaaaa_" + "a" * 42 + "\x00",
    "line feed": "Bearer stet_aaaaaaaa_" + "a" * 43 + "\n",
    "letters no prefix has": "Bearer stet_aaaaailo_" + "a" * 43,
    "full-width digits": "Bearer stet_aaaaaaa１_" + "a" * 43,
}


def code_of(answer):
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    return answer.json()["code"]


@pytest.mark.parametrize("header", NEVER_A_TOKEN.values(), ids=NEVER_A_TOKEN.keys())
def test_header_without_a_token_is_refused_before_any_query(header, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/api/v1/claims/", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert code_of(answer) == "token_malformed"


def test_no_token_and_no_session_is_401():
    answer = Client().get("/api/v1/claims/")
    assert (answer.status_code, code_of(answer)) == (401, "not_authenticated")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_is_read_in_any_case(api, scheme):
    answer = Client().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"{scheme} {api.secret}")
    assert answer.status_code == 200


def test_token_in_the_query_string_is_ignored(api):
    assert code_of(Client().get(f"/api/v1/claims/?token={api.secret}")) == "not_authenticated"


def test_unknown_token_is_refused(api):
    stranger = Caller("stet_00000000_" + "a" * 43, api.token)
    assert code_of(stranger.get("claims/")) == "token_unknown"


def test_right_prefix_with_a_wrong_secret_is_unknown_even_when_revoked(api, cast):
    revoke_token(cast.ada, token=api.token)
    forged = Caller(f"stet_{api.token.prefix}_" + "a" * 43, api.token)
    assert code_of(forged.get("claims/")) == "token_unknown"


def test_revoked_token_is_refused_at_once(api, cast):
    assert api.get("claims/").status_code == 200
    revoke_token(cast.ada, token=api.token)
    assert code_of(api.get("claims/")) == "token_revoked"


def test_expired_token_is_refused(api):
    past = timezone.now() - timedelta(seconds=1)
    ApiToken.objects.filter(pk=api.token.pk).update(expires_at=past)
    assert code_of(api.get("claims/")) == "token_expired"


def test_token_ends_with_its_person(api, cast):
    cast.users["ada"].is_active = False
    cast.users["ada"].save()
    assert code_of(api.get("claims/")) == "person_ended"


def test_ending_a_person_revokes_their_tokens(api, cast):
    end_person(cast.admin, user=cast.users["ada"])
    assert code_of(api.get("claims/")) == "token_revoked"


def test_token_without_the_scope_is_403_naming_it(cast):
    writer = caller(cast, "ada", cast.desk, scopes=(Scope.CLAIMS_WRITE,))
    answer = writer.get("claims/")
    assert (answer.status_code, code_of(answer)) == (403, "insufficient_scope")
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert "claims:read" in answer.json()["detail"]


def test_token_whose_person_left_the_desk_is_403(api):
    Membership.objects.filter(user=api.token.user).update(ended_at=timezone.now())
    answer = api.get("claims/")
    assert (answer.status_code, code_of(answer)) == (403, "no_role")


def test_person_signed_in_with_a_browser_may_read(cast):
    browser = Client()
    browser.force_login(cast.users["dora"], backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/claims/").status_code == 200


def test_person_signed_in_without_any_role_is_403(cast):
    Membership.objects.filter(user=cast.users["dora"]).update(ended_at=timezone.now())
    browser = Client()
    browser.force_login(cast.users["dora"], backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get("/api/v1/claims/")
    assert (answer.status_code, code_of(answer)) == (403, "no_role")


@pytest.mark.parametrize("cookie", ["junk", "x" * 8_000, "\xff\xfe", "a;b=c"])
def test_cookie_junk_is_nobody(cookie):
    client = Client()
    client.cookies["stet_session"] = cookie
    assert client.get("/api/v1/claims/").status_code == 401


def test_bad_token_is_refused_although_the_browser_is_signed_in(cast):
    browser = Client()
    browser.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get("/api/v1/claims/", HTTP_AUTHORIZATION="Bearer nonsense")
    assert code_of(answer) == "token_malformed"


def test_use_of_a_token_is_noted_at_most_once_a_minute(api):
    def noted():
        return ApiToken.objects.get(pk=api.token.pk).last_used_at

    api.get("claims/")
    first = noted()
    assert first is not None
    api.get("claims/")
    assert noted() == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    api.get("claims/")
    assert noted() >= first


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("claims/", "put", "GET, HEAD, POST"),
        ("claims/", "delete", "GET, HEAD, POST"),
        ("claims/ST-000000/", "post", "GET, HEAD, PATCH"),
        ("claims/ST-000000/close/", "get", "POST"),
        ("changes/", "post", "GET, HEAD"),
    ],
)
def test_a_method_an_address_has_not_is_405_with_those_it_has(api, path, method, allowed):
    answer = getattr(Client(), method)(
        f"/api/v1/{path}", headers={"Authorization": f"Bearer {api.secret}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Allow"] == allowed


@pytest.mark.parametrize("method", ["TRACE", "FOO", "OPTIONS"])
def test_other_methods_are_refused(api, method):
    answer = Client().generic(
        method, "/api/v1/claims/", headers={"Authorization": f"Bearer {api.secret}"}
    )
    assert answer.status_code == 405


def test_method_override_is_ignored(api):
    assert api.get("claims/", X_HTTP_Method_Override="DELETE").status_code == 200


def test_foreign_origin_gets_no_cors_headers(api):
    answer = api.get("claims/", Origin="https://evil.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_unsafe_request_on_a_session_alone_is_403(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.users["ada"], backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post("/api/v1/claims/").status_code == 403
