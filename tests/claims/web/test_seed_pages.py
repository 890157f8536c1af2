"""The seed article as a new editor meets it, before the watch has looked at anything."""

import pytest
from django.test import Client

from claims.models import Article, Claim, User
from config.seeds import load

STATE, ATTRIBUTE, CALL = "state", "attribute", "call"


@pytest.fixture(scope="module")
def seeded(module_db):
    load(demo_port=8010)


@pytest.fixture
def reader(seeded):
    client = Client()
    client.force_login(
        User.objects.get(username="ravi"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def page(reader):
    return reader.get(f"/articles/{Article.objects.get().reference}/").context["page"]


def test_every_claim_page_of_the_seed_answers(reader):
    for reference in Claim.objects.values_list("reference", flat=True):
        assert reader.get(f"/claims/{reference}/").status_code == 200


def test_each_claim_goes_one_of_three_ways(page):
    numbers = {way.handling.value: {note.number for note in way.notes} for way in page.ways}
    assert numbers[STATE] == {8, 9, 19}
    assert numbers[CALL] == {4, 13, 17, 20, 22, 23}
    assert sum(map(len, numbers.values())) == page.claims == 23


def test_what_the_article_calls_identified_or_verified_is_warned_of(page):
    warned = {note.number: note.warning for note in page.notes if note.warning}
    assert "“identified”" in warned[11]
    assert "“verified”" in warned[16]
    assert warned.keys().isdisjoint({1, 2, 3, 5, 8, 9, 17})


def test_the_1500_are_attributed_to_the_one_origin_behind_four_pages(page):
    (note,) = [note for note in page.notes if "1,500" in note.statement]
    assert note.line.how == "Write “according to the NIS”."
    assert note.linked == 4
