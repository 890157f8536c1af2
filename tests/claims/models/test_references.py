"""References are short, speakable, never made twice, and say nothing of their order."""

import itertools
import re

import pytest
from django.db import connection

from claims.models.fields import read_reference


@pytest.fixture
def made(db) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_reference('ST') FROM generate_series(1, 20000)")
        return [name for (name,) in cursor.fetchall()]


def test_no_reference_is_made_twice(made):
    assert len(set(made)) == len(made)


def test_every_reference_is_six_crockford_characters(made):
    shape = re.compile(r"ST-[0-9A-HJKMNP-TV-Z]{6}")
    assert all(shape.fullmatch(name) for name in made)


def test_neighbours_in_time_are_no_neighbours_in_name(made):
    ordered = sum(one < two for one, two in itertools.pairwise(made))
    assert 0.4 < ordered / len(made) < 0.6


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("ST-7K2M9Q", "ST-7K2M9Q"),
        (" st-7k2m9q ", "ST-7K2M9Q"),
        ("ST-IL0OIL", "ST-110011"),
        ("ST-7K2M9", None),
        ("ST-7K2M9U", None),
        ("EV-7K2M9Q", None),
        ("", None),
    ],
)
def test_a_reference_is_read_as_people_type_it(typed, reference):
    assert read_reference(typed, "ST") == reference
