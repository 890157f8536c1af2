"""The list of claims as a file."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.queries.people import SECOND_STEP
from claims.states import Visibility
from tests.claims.cast import make_claim
from tests.claims.codes import code_of, set_up, wrong_code


def told(answer):
    assert answer.status_code == 200
    return json.loads(b"".join(answer).decode())


def test_the_file_holds_what_the_list_shows(door, cast, corroborated):
    make_claim(cast, "Reported only.")
    answer = door("ada").get("claims_export", query="?form=json&status=corroborated")
    file = told(answer)
    assert [claim["reference"] for claim in file["claims"]] == [corroborated.reference]
    assert file["filter"] == "status=corroborated"
    assert file["ledger_seq"] > 0
    assert answer["Content-Disposition"].startswith('attachment; filename="stet-claims-')
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_all_pages_of_the_list_are_in_the_file(door, cast):
    for number in range(60):
        make_claim(cast, f"Claim {number}.")
    assert len(told(door("ada").get("claims_export", query="?form=json&p=2"))["claims"]) == 60


def test_restricted_claims_are_in_the_files_of_their_desk_alone(door, cast):
    secret = make_claim(cast, "A secret.", visibility=Visibility.RESTRICTED)
    for query in ("?form=json", f"?form=json&only={secret.reference}"):
        assert len(told(door("ada").get("claims_export", query=query))["claims"]) == 1
        assert told(door("omar").get("claims_export", query=query))["claims"] == []
        assert told(door("admin").get("claims_export", query=query))["claims"] == []


def test_a_table_tells_itself_in_its_first_line(door, claim):
    text = b"".join(door("ada").get("claims_export", query="?q=soldiers")).decode()
    first, header, row = text.removeprefix("\ufeff").splitlines()
    assert first.startswith('"# Stet claims","exported 20')
    assert first.endswith('"filter q=soldiers"')
    assert header.startswith('"reference","statement"')
    assert claim.reference in row


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?form=xlsx", 302),
        ("?form=zz&only=zz", 302),
        ("?only=zz", 200),
        ("?p=-1&o=9.9&all=", 200),
        ("?form=json&status__regex=(", 400),
        ("?password__startswith=a", 400),
    ],
)
def test_what_the_list_cannot_show_is_refused(door, claim, query, status):
    assert door("ada").get("claims_export", query=query).status_code == status


@pytest.fixture
def long_ago(door, cast):
    """Ada has two-step sign-in, and gave her last code over half an hour ago."""
    client = door("ada").client
    set_up(client, cast.users["ada"])
    session = client.session
    session[SECOND_STEP] = int((timezone.now() - timedelta(minutes=31)).timestamp())
    session.save()
    return client


def test_after_half_an_hour_a_code_comes_before_the_file(door, cast, claim, long_ago):
    asked = door("ada").get("claims_export", query="?form=json&q=soldiers")
    assert not asked.streaming
    assert claim.statement not in asked.content.decode()
    assert 'action="/admin/claims/claim/export/?form=json&amp;q=soldiers"' in asked.content.decode()
    where = "/admin/claims/claim/export/?form=json&q=soldiers"
    answer = long_ago.post(where, {"code": code_of(cast.users["ada"], steps=1)})
    assert answer.url == where
    assert len(told(long_ago.get(where))["claims"]) == 1


def test_a_wrong_code_gives_no_file(door, cast, claim, long_ago):
    where = "/admin/claims/claim/export/?form=csv"
    for code in (wrong_code(cast.users["ada"]), ""):
        answer = long_ago.post(where, {"code": code})
        assert answer.status_code == 422
    assert not long_ago.get(where).streaming


def test_a_code_given_just_now_is_not_asked_again_for_a_file(door, cast, claim):
    set_up(door("ada").client, cast.users["ada"])
    assert len(told(door("ada").get("claims_export", query="?form=json"))["claims"]) == 1
