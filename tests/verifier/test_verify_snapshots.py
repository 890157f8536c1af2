"""`manage.py verify_snapshots`: names what is missing or damaged, and tells how the archive grows."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.bodies import ASIDE, name_of
from claims.models import Snapshot
from claims.queries import archive as queries
from claims.queries.archive import growth, named_bodies
from claims.states import SnapshotKind
from tests.verifier.archived import keep, keep_in, make_source
from verifier.stores import snapshot_blobs


@pytest.fixture
def archive(settings, tmp_path):
    return keep_in(tmp_path / "snapshots", settings)


@pytest.fixture
def source(db):
    return make_source()


def verify(**options) -> str:
    out = StringIO()
    call_command("verify_snapshots", stdout=out, **options)
    return out.getvalue()


def broken(**options) -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="cannot be had as they were archived"):
        call_command("verify_snapshots", stdout=out, **options)
    return out.getvalue()


def test_a_whole_archive_is_told_with_numbers(archive, source):
    keep(source, b"one")
    keep(source, b"two")
    assert "2 bodies named, 6 bytes: 2 whole, 0 damaged, 0 missing" in verify()


def test_one_body_of_two_snapshots_is_read_once(archive, source):
    keep(source, b"one", days_ago=2)
    keep(source, b"two", days_ago=1)
    keep(source, b"one")
    assert "2 bodies named, 6 bytes: 2 whole" in verify()


@pytest.mark.parametrize("damage", [b"on", b"ond", b"one ", b""])
def test_a_damaged_body_is_named_with_source_and_date(archive, source, damage):
    keep(source, b"fine")
    row = keep(source, b"one")
    (archive / name_of(row.sha256)).write_bytes(damage)
    said = broken()
    assert f"damaged {source.reference} {row.taken_at.isoformat()} fetched {row.sha256}\n" in said
    assert "1 whole, 1 damaged, 0 missing" in said


def test_a_missing_body_is_named_for_each_snapshot_that_rests_on_it(archive, source):
    first, again = keep(source, b"one", days_ago=3), keep(source, b"one")
    (archive / name_of(first.sha256)).unlink()
    said = broken()
    for row in (first, again):
        assert f"missing {source.reference} {row.taken_at.isoformat()}" in said


def test_a_body_that_cannot_be_read_is_neither_missing_nor_damaged(archive, source):
    row = keep(source, b"one")
    path = archive / name_of(row.sha256)
    path.unlink()
    path.mkdir()
    assert f"unreadable {source.reference}" in broken()


def test_a_body_that_waits_aside_is_whole(archive, source):
    row = keep(source, b"one")
    snapshot_blobs().move(name_of(row.sha256), ASIDE + name_of(row.sha256))
    assert "1 whole" in verify()


def test_a_capture_is_checked_as_well(archive, source):
    row = keep(source, b"seen", kind=SnapshotKind.CAPTURE)
    (archive / name_of(row.sha256)).unlink()
    assert f"missing {source.reference} {row.taken_at.isoformat()} capture" in broken()


def test_only_snapshots_since_a_day_or_of_one_source_are_asked_for(archive, source):
    old = keep(source, b"old", days_ago=40)
    (archive / name_of(old.sha256)).unlink()
    keep(source, b"new")
    assert "1 bodies named, 3 bytes: 1 whole" in verify(
        since=datetime.now(UTC).date() - timedelta(days=7)
    )
    assert "missing" in broken(only=source.reference)
    with pytest.raises(CommandError, match="no source SO-000000"):
        verify(only="SO-000000")


def test_rows_are_read_page_by_page_each_once(archive, source, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(8):
        keep(source, str(number % 3).encode())
    bodies = list(named_bodies())
    assert [len(body.snapshots) for body in bodies]
    assert len(bodies) == 3
    seen = [row.pk for body in bodies for row in body.snapshots]
    assert sorted(seen) == sorted(Snapshot.objects.values_list("pk", flat=True))


def test_growth_counts_each_body_when_it_first_came(archive, source):
    keep(source, b"a" * 300, days_ago=60)
    keep(source, b"b" * 1000, days_ago=8)
    keep(source, b"a" * 300, days_ago=1)
    came = growth(days=10)
    assert (came.bodies, came.size_bytes, came.sources, round(came.days)) == (1, 1000, 1, 10)
    assert came.per_source_and_day == pytest.approx(100, rel=0.01)
    assert round(growth(days=1000).days) == 60


def test_growth_of_a_young_record_is_told_for_a_whole_day(archive, source):
    keep(source, b"a" * 300)
    assert growth(days=30).per_source_and_day == 300
    assert "300 bytes a source and day" in verify()


def test_an_empty_record_is_whole(archive, db):
    assert "0 bodies named" in verify()
