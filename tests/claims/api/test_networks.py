"""A token that is bound to networks is refused from anywhere else."""

import pytest
from django.test import Client

from claims.models import ApiToken
from claims.services.people import revoke_token
from tests.claims.api.writing import writer

pytestmark = pytest.mark.django_db


def asked(by, address: str, **headers: str):
    return Client().get(
        "/api/v1/claims/",
        headers={"Authorization": f"Bearer {by.secret}"} | headers,
        REMOTE_ADDR=address,
    )


@pytest.fixture
def bound(cast):
    return writer(cast, "ada", cast.desk, networks=("192.0.2.0/24", "2001:db8::/32"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 200),
        ("::ffff:192.0.2.7", 200),
        ("2001:db8::1", 200),
        ("192.0.3.7", 403),
        ("2001:db9::1", 403),
        ("::1", 403),
        ("", 403),
        ("unix:", 403),
        ("192.0.2.7, 10.0.0.1", 403),
    ],
)
def test_token_is_used_from_its_networks_alone(bound, address, status):
    answer = asked(bound, address)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "address_not_allowed"


def test_use_from_elsewhere_is_not_noted_as_use(bound):
    asked(bound, "203.0.113.1")
    assert ApiToken.objects.get().last_used_at is None


def test_token_without_networks_is_used_from_anywhere(cast):
    assert asked(writer(cast, "ada", cast.desk), "203.0.113.1").status_code == 200


def test_what_a_stranger_forwards_counts_for_nothing(bound):
    header = {"X-Forwarded-For": "192.0.2.7"}
    assert asked(bound, "203.0.113.1", **header).status_code == 403


@pytest.mark.parametrize(
    ("forwarded", "status"),
    [
        ("192.0.2.7", 200),
        ("10.1.1.1, 192.0.2.7", 200),
        ("192.0.2.7, 203.0.113.1", 403),
        ("garbage", 403),
        ("1.1.1.1," * 1000 + "192.0.2.7", 200),
    ],
)
def test_of_a_trusted_proxy_the_last_part_counts(bound, settings, forwarded, status):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert asked(bound, "10.0.0.1", **{"X-Forwarded-For": forwarded}).status_code == status


def test_revoked_token_is_revoked_from_everywhere(bound, cast):
    revoke_token(cast.ada, token=bound.token)
    assert asked(bound, "203.0.113.1").json()["code"] == "token_revoked"
