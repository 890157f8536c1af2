"""One code given by many at once is good once; one form sent by many at once is one token."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.models import ApiToken
from claims.services.people import issue_token
from claims.services.second_factor import Means, begin, check_code, confirm
from claims.states import Scope
from tests.claims.cast import make_cast
from tests.claims.codes import code_of
from tests.races.test_writers import at_once

AT_ONCE = 6


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def recovery_codes(cast):
    begin(cast.ada)
    return confirm(cast.ada, code=code_of(cast.users["ada"]), session="")


def test_a_code_of_the_app_is_good_once(cast, recovery_codes):
    ada = cast.users["ada"]
    code = code_of(ada, steps=1)
    got = at_once(lambda _: check_code(ada, code=code), AT_ONCE)
    assert got.count(Means.APP) == 1


def test_a_recovery_code_is_good_once(cast, recovery_codes):
    ada = cast.users["ada"]
    got = at_once(lambda _: check_code(ada, code=recovery_codes[0]), AT_ONCE)
    assert got.count(Means.RECOVERY_CODE) == 1


def test_one_of_many_confirms(cast):
    begin(cast.ada)
    code = code_of(cast.users["ada"])
    got = at_once(lambda _: confirm(cast.ada, code=code, session=""), AT_ONCE)
    assert sum(isinstance(codes, list) for codes in got) == 1
    assert TOTPDevice.objects.count() == 1


def test_a_name_is_taken_by_one_token(cast):
    def issue(_):
        return issue_token(
            cast.ada,
            name="live blog",
            user=cast.users["ada"],
            desk=cast.desk,
            scopes=(Scope.CLAIMS_READ,),
            days=9,
        )

    at_once(issue, AT_ONCE)
    assert ApiToken.objects.count() == 1
