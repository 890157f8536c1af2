from datetime import UTC, datetime, timedelta

import pytest

from claims.models import Evidence, Observation, Snapshot, Source, Watch
from claims.present.strips import WIDTH, Sight, strips_of
from claims.queries.source_runs import MOST_RUNS, newest_runs
from claims.states import Outcome
from tests.claims.cast import make_claim, make_evidence

START = datetime(2026, 11, 1, tzinfo=UTC)


def at(hours):
    return START + timedelta(hours=hours)


def snapshot(source):
    return Snapshot.objects.create(
        source=source, taken_at=START, sha256="0" * 64, size_bytes=1, text="a", text_sha256="0" * 64
    )


def run(source, first, last, *, outcome=Outcome.UNCHANGED, kept=None):
    return Observation.objects.create(
        source=source,
        outcome=outcome,
        first_seen_at=at(first),
        last_seen_at=at(last),
        count=3,
        snapshot=kept,
    )


def drawn(*rows):
    sources = {row.source_id for row in rows}
    fetched = (
        Evidence.objects.select_related("source__watch")
        .filter(pk__in=[row.pk for row in rows])
        .order_by("pk")
    )
    return strips_of(fetched, runs=newest_runs(sources), names={})


@pytest.fixture
def row(cast):
    return make_evidence(cast, make_claim(cast))


def test_a_source_never_looked_at_has_an_empty_strip(row):
    (strip,) = drawn(row).strips
    assert strip.bars == ()
    assert drawn(row).from_at is None


def test_new_words_an_obstacle_and_a_loss_are_told_apart(row):
    first, second = snapshot(row.source), snapshot(row.source)
    run(row.source, 0, 4, kept=first)
    run(row.source, 5, 6, outcome=Outcome.TIMEOUT)
    run(row.source, 7, 8, kept=first)
    run(row.source, 9, 10, kept=second)
    run(row.source, 11, 12, outcome=Outcome.GONE)
    (strip,) = drawn(row).strips
    assert [bar.run.sight for bar in strip.bars] == [
        Sight.READ,
        Sight.HIDDEN,
        Sight.READ,
        Sight.CHANGED,
        Sight.MISSED,
    ]
    assert "1 change of words, 2 times not readable or gone" in strip.sentence


def test_the_open_run_goes_on_to_the_end(row):
    kept = snapshot(row.source)
    run(row.source, 0, 4, kept=kept)
    Source.objects.filter(pk=row.source_id).update(snapshot=snapshot(row.source))
    Watch.objects.filter(source=row.source_id).update(
        run_outcome=Outcome.UNCHANGED, run_first_at=at(6), run_last_at=at(10), run_count=9
    )
    (strip,) = drawn(row).strips
    assert strip.runs[0].is_open
    assert strip.runs[0].sight is Sight.CHANGED
    assert strip.bars[-1].x + strip.bars[-1].width == WIDTH


def test_all_sources_share_one_axis_of_time(cast):
    claim = make_claim(cast)
    old, young = make_evidence(cast, claim), make_evidence(cast, claim)
    run(old.source, 0, 10)
    run(young.source, 5, 10)
    looks = drawn(old, young)
    assert [strip.bars[0].x for strip in looks.strips] == [0, WIDTH // 2]
    assert (looks.from_at, looks.until_at) == (at(0), at(10))


def test_only_the_newest_runs_are_read_and_a_source_is_drawn_once(
    cast, row, django_assert_num_queries
):
    again = make_evidence(cast, row.claim, url=row.source.url, quote="soldiers")
    assert again.source_id == row.source_id
    for number in range(MOST_RUNS + 5):
        run(row.source, number, number)
    with django_assert_num_queries(1):
        found = newest_runs([row.source_id, row.source_id])
    assert len(found[row.source_id]) == MOST_RUNS
    assert len(drawn(row, again).strips) == 1


def test_a_run_too_short_to_see_is_as_wide_as_can_be_seen(row):
    run(row.source, 0, 0)
    run(row.source, 0, 1000, outcome=Outcome.TIMEOUT)
    (strip,) = drawn(row).strips
    assert all(bar.width > 0 for bar in strip.bars)
