"""Linked sources are found by the words of their title and address."""

import pytest

from claims.access import sources_visible_to
from claims.models import Source
from claims.queries.search import search_sources

ADDRESS = "https://www.example.org/2024/10/troops-reach-kursk?id=77123"


@pytest.fixture
def source(db):
    return Source.objects.create(url=ADDRESS, title="Soldiers seen in the Kursk region")


@pytest.mark.parametrize(
    "typed",
    ["soldiers", "KURSK region", "soldi", "example.org", "troops-reach-kursk", "77123", ADDRESS],
)
def test_a_source_is_found_by_words_of_its_title_and_address(source, typed):
    assert list(search_sources(Source.objects.all(), typed)) == [source]


@pytest.mark.parametrize("typed", ["sailors", "soldiers example.com", "7712 soldiers", "?!"])
def test_a_source_that_lacks_a_word_is_not_found(source, typed):
    assert not search_sources(Source.objects.all(), typed)


def test_an_item_without_an_address_is_found_by_its_title(db):
    letter = Source.objects.create(kind="document", title="Letter to the council")
    assert list(search_sources(Source.objects.all(), "council letter")) == [letter]


def test_only_sources_the_reader_may_know_of_are_found(cast, source):
    nobody = sources_visible_to(cast.ada).none()
    assert not search_sources(nobody, "soldiers")
