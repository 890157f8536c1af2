import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from claims.models import ApiToken, LedgerEntry
from claims.services.people import issue_token
from claims.services.second_factor import is_on
from claims.states import Scope
from tests.claims.codes import give_password, is_signed_in, set_up


@pytest.fixture
def ada(cast):
    return cast.users["ada"]


@pytest.fixture
def in_use(ada):
    """A browser in which Ada is signed in, with two-step sign-in on."""
    client = Client()
    give_password("ada", client=client)
    set_up(client, ada)
    return client


def step(door, user, name, *, who="admin"):
    return door(who).post("claims_user_step", user.reference, name)


def last_entry():
    row = LedgerEntry.objects.order_by("-seq").first()
    return row.kind, json.loads(row.body)


def test_the_page_shows_roles_and_sessions(door, ada, in_use):
    page = door("admin").text("claims_user_page", ada.reference)
    assert "Fact-checker at World desk" in page
    assert "On; 10 recovery codes left." in page
    assert "Sign out everywhere" in page


@pytest.mark.parametrize("who", ["ada", "cleo", "omar"])
def test_the_page_and_its_steps_are_the_administrators(door, ada, in_use, who):
    assert door(who).get("claims_user_page", ada.reference).status_code == 403
    for name in ("reset-second-step", "sign-out", "end-access"):
        assert step(door, ada, name, who=who).status_code == 403
    assert is_on(ada)
    assert is_signed_in(in_use)


def test_a_reset_turns_it_off_signs_out_and_is_an_entry(door, cast, ada, in_use):
    step(door, ada, "reset-second-step")
    assert not is_on(ada)
    assert not is_signed_in(in_use)
    kind, body = last_entry()
    assert (kind, body["person"], body["change"]) == ("second_factor_set", ada.reference, "reset")
    assert body["actor"]["person"] == cast.users["admin"].reference


def test_a_reset_of_nothing_is_no_entry(door, ada):
    step(door, ada, "reset-second-step")
    assert not LedgerEntry.objects.exists()


def test_an_administrator_does_not_reset_their_own(door, cast):
    admin = cast.users["admin"]
    set_up(door("admin").client, admin)
    step(door, admin, "reset-second-step")
    assert is_on(admin)


def test_signing_out_everywhere_ends_the_sessions_alone(door, ada, in_use):
    step(door, ada, "sign-out")
    assert not is_signed_in(in_use)
    assert is_on(ada)
    assert give_password("ada").status_code == 302


def test_ending_the_access_ends_everything_and_tells_each_token(door, cast, ada, in_use):
    for name in ("poller", "newsletter"):
        issue_token(
            cast.ada, name=name, user=ada, desk=cast.desk, scopes=(Scope.CLAIMS_READ,), days=9
        )
    step(door, ada, "end-access")
    ada.refresh_from_db()
    assert not ada.is_active
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert not is_signed_in(in_use)
    ends = list(LedgerEntry.objects.order_by("-seq").values_list("kind", flat=True)[:3])
    assert ends == ["token_revoked", "token_revoked", "person_ended"]


def test_ending_twice_is_one_entry(door, ada):
    for _ in range(2):
        step(door, ada, "end-access")
    assert LedgerEntry.objects.filter(kind="person_ended").count() == 1


def test_nobody_ends_their_own_access(door, cast):
    step(door, cast.users["admin"], "end-access")
    cast.users["admin"].refresh_from_db()
    assert cast.users["admin"].is_active
    assert Session.objects.exists()


@pytest.mark.parametrize("reference", ["PE-000000", "x", "ST-000000"])
def test_an_unknown_person_is_not_found(door, reference):
    assert door("admin").get("claims_user_page", reference).status_code == 404


def test_an_unknown_step_is_not_found(door, ada):
    assert step(door, ada, "promote").status_code == 404


def test_the_list_leads_to_the_page(door, ada):
    page = door("admin").text("claims_user_changelist")
    assert f"/admin/claims/user/{ada.reference}/" in page
