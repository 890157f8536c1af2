from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.claims.cast import make_claim
from tests.claims.codes import give_password, is_signed_in

PASSWORD = "a long enough password"


def sign_in(name, *, password=PASSWORD, **more):
    return Client().post("/sign-in/", {"username": name, "password": password, **more})


@pytest.mark.parametrize(
    ("name", "place"),
    [("ada", "/admin/"), ("cleo", "/"), ("dora", "/"), ("admin", "/admin/")],
)
def test_each_role_begins_where_its_work_is(cast, name, place):
    response = sign_in(name)
    assert (response.status_code, response["Location"]) == (302, place)


def test_one_returns_to_the_page_one_asked_for(cast):
    assert sign_in("dora", next="/articles/")["Location"] == "/articles/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_to_another_site(cast, elsewhere):
    assert sign_in("dora", next=elsewhere)["Location"] == "/"


def test_a_wrong_password_is_said_without_saying_which_part_was_wrong(cast):
    response = sign_in("dora", password="wrong")
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/articles/", "/articles/AR-000000/", "/claims/ST-000000/"])
def test_a_stranger_signs_in_first(db, path):
    response = Client().get(path)
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next={path}")


@pytest.mark.parametrize("path", ["/", "/articles/", "/claims/ST-000000/"])
def test_pages_are_only_read(reader_of, path):
    assert reader_of("dora").post(path).status_code == 405


def test_signing_out_is_a_post(reader_of):
    client = reader_of("dora")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_times_are_shown_in_the_desk_s_zone(cast, reader_of):
    cast.desk.time_zone = "Asia/Seoul"
    cast.desk.save()
    claim = make_claim(cast)
    assert "KST" in reader_of("dora").get(f"/claims/{claim.reference}/").content.decode()
    assert "UTC" in reader_of("omar").get(f"/claims/{claim.reference}/").content.decode()


@pytest.mark.parametrize("path", ["/", "/articles/", "/sign-in/", "/claims/ST-000000/"])
def test_every_page_holds_to_the_strict_policy(reader_of, path):
    policy = reader_of("dora").get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


# One sign-in for every door -----------------------------------------------------------------


def test_the_desk_has_no_sign_in_of_its_own(cast):
    answer = Client().get("/admin/login/?next=/admin/claims/claim/")
    assert answer["Location"] == "/sign-in/?next=/admin/claims/claim/"
    posted = Client().post("/admin/login/", {"username": "ada", "password": PASSWORD})
    assert posted["Location"] == "/sign-in/?next=/admin/"


def test_who_does_not_work_at_the_desk_is_told_so(reader_of):
    client = reader_of("dora")
    answer = client.get("/admin/queue/", follow=True)
    assert answer.status_code == 403
    assert "You do not work at the desk" in answer.content.decode()


def test_the_session_gets_a_new_name_at_sign_in(cast):
    client = Client()
    client.cookies["stet_session"] = "planted0planted0planted0planted0"
    give_password("ada", client=client)
    assert client.cookies["stet_session"].value != "planted0planted0planted0planted0"
    assert is_signed_in(client)


@pytest.mark.parametrize("junk", ["x", "0" * 32, "a" * 8000, "\x01", "é"])
def test_a_cookie_nobody_gave_is_a_strangers(cast, junk):
    client = Client()
    client.cookies["stet_session"] = junk
    assert client.get("/").status_code == 302


# Wrong passwords ----------------------------------------------------------------------------


def try_wrongly(name, *, times=10, address="192.0.2.1"):
    return [
        give_password(name, password="wrong", address=address).status_code for _ in range(times)
    ]


def test_ten_wrong_passwords_lock_name_and_address(cast):
    assert try_wrongly("ada")[-1] == 429
    locked = give_password("ada", address="192.0.2.1")
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) > 0
    assert "Too many wrong passwords" in locked.content.decode()


@pytest.mark.parametrize(("name", "address"), [("ada", "192.0.2.2"), ("ben", "192.0.2.1")])
def test_the_right_person_elsewhere_and_others_there_still_get_in(cast, name, address):
    try_wrongly("ada")
    assert give_password(name, address=address).status_code == 302


def test_nine_wrong_passwords_are_forgiven_by_a_right_one(cast):
    try_wrongly("ada", times=9)
    assert give_password("ada", address="192.0.2.1").status_code == 302
    assert try_wrongly("ada", times=9)[-1] == 200


def test_the_lock_opens_after_a_quarter_of_an_hour(cast):
    try_wrongly("ada")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert give_password("ada", address="192.0.2.1").status_code == 302


def test_a_forged_forwarding_header_opens_no_lock(cast):
    try_wrongly("ada")
    client = Client(headers={"X-Forwarded-For": "198.51.100.7"})
    assert give_password("ada", client=client, address="192.0.2.1").status_code == 429


def test_behind_a_proxy_visitors_are_told_apart(cast, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    for number in range(10):
        client = Client(headers={"X-Forwarded-For": f"forged{number}, 198.51.100.7"})
        give_password("ada", client=client, password="wrong", address="10.0.0.1")
    client = Client(headers={"X-Forwarded-For": "198.51.100.7"})
    assert give_password("ada", client=client, address="10.0.0.1").status_code == 429
    client = Client(headers={"X-Forwarded-For": "198.51.100.8"})
    assert give_password("ada", client=client, address="10.0.0.1").status_code == 302


def test_addresses_of_one_ipv6_subscriber_count_together(cast):
    for number in range(10):
        give_password("ada", password="wrong", address=f"2001:db8:1:2::{number:x}")
    assert give_password("ada", address="2001:db8:1:2:ffff::1").status_code == 429
    assert give_password("ada", address="2001:db8:1:3::1").status_code == 302
