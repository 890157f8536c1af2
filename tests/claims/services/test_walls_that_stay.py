"""A wall that stays sends what rests on the page behind it to a person, once."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from claims.models import Flag, Source
from claims.services.sweep import flag_lasting_walls
from claims.states import FlagKind, LinkState
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence

THREE_DAYS = timedelta(days=3)


@pytest.fixture
def row(committed_db):
    cast = make_cast()
    return make_evidence(cast, make_claim(cast))


def wall(row, *, days, state=LinkState.BLOCKED):
    Source.objects.filter(pk=row.source_id).update(
        link_state=state, link_state_since_at=Now() - timedelta(days=days)
    )


def test_a_wall_of_four_days_is_flagged_once(row):
    wall(row, days=4)
    assert [flag_lasting_walls(after=THREE_DAYS) for _ in range(2)] == [1, 0]
    assert Flag.objects.get().kind == FlagKind.SOURCE_UNREACHABLE
    assert fresh(row.claim).open_flags == 1


def test_the_link_stays_blocked(row):
    wall(row, days=4)
    flag_lasting_walls(after=THREE_DAYS)
    assert Source.objects.get().link_state == LinkState.BLOCKED


def test_a_wall_of_two_days_is_waited_out(row):
    wall(row, days=2)
    assert flag_lasting_walls(after=THREE_DAYS) == 0
    assert not Flag.objects.exists()


def test_a_page_that_can_be_read_is_no_wall(row):
    wall(row, days=4, state=LinkState.CHANGED)
    assert flag_lasting_walls(after=THREE_DAYS) == 0


def test_another_wall_later_is_flagged_again(row):
    wall(row, days=9)
    flag_lasting_walls(after=THREE_DAYS)
    Flag.objects.update(raised_at=Now() - timedelta(days=6))
    wall(row, days=4)
    flag_lasting_walls(after=THREE_DAYS)
    assert Flag.objects.count() == 2
