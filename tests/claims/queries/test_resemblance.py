from datetime import UTC, datetime

import pytest

from claims.models import Source
from claims.queries.resemblance import MOST_COMPARED, resembling
from tests.claims.admin.looking import look_at
from tests.claims.cast import make_claim, make_evidence

STORY = (
    "About 1,500 soldiers have arrived in the east, the intelligence service said on Friday. "
    "They are trained at several places and will be sent on, it said without giving a date."
)
OTHER = "The harvest was poor this year, and bakers in the capital ask more for a loaf of bread."


@pytest.fixture
def claim(cast):
    return make_claim(cast)


def read(cast, claim, text, *, published_at=None) -> Source:
    source = make_evidence(cast, claim).source
    look_at(source, text, published_at=published_at)
    return Source.objects.select_related("snapshot").get(pk=source.pk)


def test_a_copy_is_told_with_its_share_and_what_differs_is_not(cast, claim):
    first, _ = read(cast, claim, STORY), read(cast, claim, OTHER)
    copy = read(cast, claim, f"By our staff. {STORY} Read more here.")
    (found,) = resembling(cast.ada, claim, copy)
    assert found.evidence.source == first
    assert 70 <= found.percent <= 100


@pytest.mark.parametrize(("year", "is_older"), [(2023, True), (2025, False), (None, None)])
def test_which_came_first_is_told_where_both_are_dated(cast, claim, year, is_older):
    at = datetime(2024, 1, 1, tzinfo=UTC)
    read(cast, claim, STORY, published_at=at.replace(year=year) if year else None)
    copy = read(cast, claim, STORY, published_at=at)
    assert resembling(cast.ada, claim, copy)[0].is_older is is_older


def test_a_page_never_read_resembles_nothing(cast, claim):
    read(cast, claim, STORY)
    assert resembling(cast.ada, claim, make_evidence(cast, claim).source) == ()


def test_the_cost_is_bounded(cast, claim, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("claims.queries.resemblance.MOST_COMPARED", 2)
    assert MOST_COMPARED <= 20
    for _ in range(4):
        read(cast, claim, STORY)
    copy, ada = read(cast, claim, STORY), cast.ada
    with django_assert_max_num_queries(2):
        assert len(resembling(ada, claim, copy)) == 2
