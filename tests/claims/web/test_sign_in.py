import pytest
from django.test import Client

from tests.claims.cast import make_claim

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
