from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from claims.services.people import end_person, issue_token
from claims.states import Scope
from tests.claims.codes import give_password, is_signed_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(name, *, agent=FIREFOX):
    client = Client(headers={"User-Agent": agent})
    give_password(name, client=client)
    return client


def after(**spent):
    return time_machine.travel(timezone.now() + timedelta(**spent), tick=False)


def test_a_person_reads_who_they_are_here(reader_of):
    page = reader_of("ada").get("/account/").content.decode()
    assert "Fact-checker at World desk." in page
    assert "Your password alone signs you in." in page


def test_a_person_sees_where_they_are_signed_in(cast):
    here, elsewhere = browser("ada"), browser("ada", agent="Mozilla/5.0 (iPhone) Safari")
    elsewhere.get("/")
    page = here.get("/account/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("this one") == 1
    assert "127.0.0.1" in page


def test_nobody_sees_another_persons_sessions(cast):
    browser("ben", agent="Mozilla/5.0 (iPhone) Safari").get("/")
    assert "iPhone" not in browser("ada").get("/account/").content.decode()


def test_ending_all_others_leaves_this_one_and_other_people(cast):
    here, elsewhere, ben = browser("ada"), browser("ada"), browser("ben")
    answer = here.post("/account/sessions/end/", follow=True)
    assert "Ended: 1 other session." in answer.content.decode()
    assert [is_signed_in(client) for client in (here, elsewhere, ben)] == [True, False, True]


def test_a_session_ends_when_it_is_left_alone(cast):
    client = browser("ada")
    assert is_signed_in(client)
    with after(minutes=61):
        assert not is_signed_in(client)


def test_a_session_in_use_lasts_eight_hours_and_no_longer(cast):
    client = browser("ada")
    for hour in range(8):
        with after(minutes=59 * hour):
            assert is_signed_in(client)
    with after(minutes=59 * 8):
        assert is_signed_in(client)
    with after(hours=8, seconds=2):
        assert not is_signed_in(client)


def test_what_a_page_asks_for_by_itself_is_nobodys_use(cast):
    client = browser("ada")
    assert is_signed_in(client)
    for minutes in (30, 59):
        with after(minutes=minutes):
            assert client.get("/", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    with after(minutes=62):
        assert not is_signed_in(client)


def test_use_is_written_once_a_minute(cast, django_assert_num_queries):
    client = browser("ada")
    client.get("/sign-in/")
    before = Session.objects.get().session_data
    with after(seconds=30):
        client.get("/account/")
    assert Session.objects.get().session_data == before
    with after(seconds=90):
        client.get("/account/")
    assert Session.objects.get().session_data != before


def test_changing_the_password_ends_the_other_sessions(cast):
    here, elsewhere = browser("ada"), browser("ada")
    new = "another long password"
    given = {"old_password": "a long enough password", "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", given).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_ending_a_person_stops_session_and_token_at_the_next_request(cast):
    ada = cast.users["ada"]
    scopes = (Scope.CLAIMS_READ,)
    _, secret = issue_token(
        cast.ada, name="poller", user=ada, desk=cast.desk, scopes=scopes, days=9
    )
    client = browser("ada")
    bearer = Client(headers={"Authorization": f"Bearer {secret}"})
    assert is_signed_in(client)
    assert bearer.get("/api/v1/claims/").status_code == 200
    end_person(cast.admin, user=ada)
    assert not is_signed_in(client)
    assert client.get("/api/v1/claims/").status_code == 401
    assert bearer.get("/api/v1/claims/").status_code == 401
    assert not Session.objects.exists()


def test_who_was_ended_cannot_sign_in_again(cast):
    end_person(cast.admin, user=cast.users["ada"])
    assert give_password("ada").status_code == 200


@pytest.mark.parametrize("path", ["/account/", "/account/second-step/", "/account/tokens/"])
def test_a_stranger_signs_in_first(db, path):
    assert Client().get(path)["Location"] == f"/sign-in/?next={path}"


@pytest.mark.parametrize("path", ["/account/", "/account/second-step/", "/account/tokens/"])
def test_the_pages_hold_to_the_strict_policy(reader_of, path):
    page = reader_of("dora").get(path)
    assert "unsafe" not in page["Content-Security-Policy"]
    assert " style=" not in page.content.decode()
