"""Statements made once: the values of a call stand in their slots, and nowhere else."""

import pytest
from django.db import connection
from django.db.models import Q

from claims.models import Claim
from claims.queries.statements import Slot, Statements, statement_of
from tests.claims.cast import make_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_language():
    rows = Claim.objects.filter(Q(language=Slot("language")) & ~Q(statement="50% 'so'"))
    return statement_of(rows.order_by("pk").values_list("statement"))


def test_values_of_each_call_stand_in_the_slots(cast, by_language):
    make_claim(cast, "One.", language="en")
    make_claim(cast, "Zwei.", language="de")
    assert by_language.rows(language="en") == [("One.",)]
    assert by_language.rows(language="de") == [("Zwei.",)]


@pytest.mark.parametrize("text", ["'; DROP TABLE claims_claim; --", "%s", "$1", '"', "\\"])
def test_value_is_a_value_whatever_it_says(cast, by_language, text):
    make_claim(cast)
    assert by_language.rows(language=text) == []
    assert Claim.objects.count() == 1


def test_literal_of_the_queryset_is_quoted(cast, by_language):
    make_claim(cast, "50% 'so'", language="en")
    assert by_language.rows(language="en") == []


def test_one_slot_named_twice_takes_one_value(cast):
    make_claim(cast, "en", language="en")
    rows = Claim.objects.filter(language=Slot("word"), statement=Slot("word"))
    statement = statement_of(rows.values_list("statement"))
    assert list(statement.kinds) == ["word"]
    assert statement.rows(word="en") == [("en",)]


def test_plan_is_made_once_a_connection_and_again_on_a_new_one(
    cast, by_language, django_assert_num_queries
):
    with django_assert_num_queries(2):
        by_language.rows(language="en")
    with django_assert_num_queries(1):
        by_language.rows(language="en")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [by_language.name]
        )
        assert cursor.fetchone() == (1,)


def test_statement_is_made_once_for_a_key():
    kept, made = Statements(), []

    def make():
        made.append(1)
        return statement_of(Claim.objects.values_list("reference"))

    assert kept.get("a", make) is kept.get("a", make)
    assert kept.get("b", make) is not kept.get("a", make)
    assert len(made) == 2
