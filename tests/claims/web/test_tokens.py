import re

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import ApiToken, LedgerEntry
from claims.services.people import issue_token
from claims.states import Scope
from tests.claims.cast import person

TOKEN = re.compile(r"stet_[0-9a-z]{8}_[A-Za-z0-9_-]{43}")
GIVEN = {"name": "live blog", "desk": "world", "scopes": ["claims:read"], "days": "90"}


def issued(cast, name, *, called="poller", desk=None):
    token, _ = issue_token(
        getattr(cast, name),
        name=called,
        user=cast.users[name],
        desk=desk or cast.desk,
        scopes=(Scope.CLAIMS_READ,),
        days=9,
    )
    return token


def kinds():
    return list(LedgerEntry.objects.values_list("kind", flat=True))


def test_a_token_is_shown_once_and_reads_the_api(reader_of):
    client = reader_of("ada")
    answer = client.post("/account/tokens/", GIVEN)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    (secret,) = TOKEN.findall(answer.content.decode())
    bearer = Client(headers={"Authorization": f"Bearer {secret}"})
    assert bearer.get("/api/v1/claims/").status_code == 200
    assert not TOKEN.search(client.get("/account/tokens/").content.decode())


def test_a_token_lasts_as_long_as_was_chosen_and_its_issue_is_an_entry(reader_of):
    reader_of("ada").post("/account/tokens/", GIVEN)
    token = ApiToken.objects.get()
    assert (token.expires_at - timezone.now()).days in {89, 90}
    assert "token_issued" in kinds()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "\u202e"},
        {"desk": "sport"},
        {"desk": ""},
        {"scopes": []},
        {"scopes": ["claims:own"]},
        {"days": "366"},
        {"days": "-1"},
        {"days": "many"},
        {"networks": "here"},
        {"networks": "192.0.2.7/24"},
    ],
)
def test_what_cannot_be_issued_is_refused_at_its_field(reader_of, changed):
    answer = reader_of("ada").post("/account/tokens/", GIVEN | changed)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_token_is_bound_to_the_networks_named(reader_of):
    client = reader_of("ada")
    answer = client.post("/account/tokens/", GIVEN | {"networks": "192.0.2.0/24, 2001:db8::1"})
    (secret,) = TOKEN.findall(answer.content.decode())
    assert ApiToken.objects.get().networks == ["192.0.2.0/24", "2001:db8::1/128"]
    assert "only from 192.0.2.0/24" in client.get("/account/tokens/").content.decode()
    bearer = Client(headers={"Authorization": f"Bearer {secret}"})
    assert bearer.get("/api/v1/claims/").status_code == 403
    assert bearer.get("/api/v1/claims/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_sending_the_form_twice_issues_one_token(reader_of):
    client = reader_of("ada")
    assert client.post("/account/tokens/", GIVEN).status_code == 201
    again = client.post("/account/tokens/", GIVEN)
    assert again.status_code == 422
    assert "has a token “live blog” already" in again.content.decode()
    assert ApiToken.objects.count() == 1


def test_a_name_is_free_again_once_its_token_is_revoked(reader_of):
    client = reader_of("ada")
    client.post("/account/tokens/", GIVEN)
    client.post(f"/account/tokens/{ApiToken.objects.get().prefix}/revoke/")
    assert client.post("/account/tokens/", GIVEN).status_code == 201


def test_a_reader_is_offered_reading_alone(reader_of):
    client = reader_of("dora")
    assert "claims:write" not in client.get("/account/tokens/").content.decode()
    crafted = client.post("/account/tokens/", GIVEN | {"scopes": ["claims:write"]})
    assert crafted.status_code == 422


def test_who_holds_no_role_is_told_why_there_is_no_form(cast, reader_of):
    cast.users["eve"] = person("eve", None, cast.desk)
    assert "you hold a role at none" in reader_of("eve").get("/account/tokens/").content.decode()
    assert reader_of("eve").post("/account/tokens/", GIVEN).status_code == 422


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("ada", True),
        ("ben", False),
        ("dora", False),
        ("cleo", True),
        ("omar", False),
        ("admin", True),
    ],
)
def test_a_token_is_seen_and_revoked_by_its_person_its_desks_editor_and_the_administrator(
    cast, reader_of, who, sees
):
    token = issued(cast, "ada", called="poller of ada")
    client = reader_of(who)
    assert ("poller of ada" in client.get("/account/tokens/").content.decode()) is sees
    answer = client.post(f"/account/tokens/{token.prefix}/revoke/")
    assert answer.status_code == (302 if sees else 404)
    token.refresh_from_db()
    assert (token.revoked_at is not None) is sees


def test_revoking_twice_is_one_entry(cast, reader_of):
    token = issued(cast, "ada")
    for _ in range(2):
        reader_of("ada").post(f"/account/tokens/{token.prefix}/revoke/")
    assert kinds().count("token_revoked") == 1


@pytest.mark.parametrize("prefix", ["00000000", "x", "a" * 300])
def test_an_unknown_token_is_not_found(reader_of, prefix):
    assert reader_of("ada").post(f"/account/tokens/{prefix}/revoke/").status_code == 404
