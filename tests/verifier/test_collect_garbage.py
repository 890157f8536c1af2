"""`manage.py collect_garbage`: what the record names stays, the rest goes after the retention."""

import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.bodies import ASIDE, name_of
from claims.models import LedgerEntry
from claims.queries.archive import may_archive, named_in_entries
from claims.services.ledger import recording
from claims.states import EntryKind
from claims.types import MACHINE, Hop, PageText
from tests.verifier.archived import keep, keep_in, make_source
from verifier.archive import is_whole, store
from verifier.stores import snapshot_blobs


@pytest.fixture
def archive(settings, tmp_path):
    return keep_in(tmp_path / "snapshots", settings)


@pytest.fixture
def source(db):
    return make_source()


def collected(*words: str, **options) -> str:
    out = StringIO()
    call_command("collect_garbage", *words, stdout=out, **options)
    return out.getvalue()


def age(path: Path, *, days: float) -> None:
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def orphan(archive: Path, body: bytes, *, days: float) -> str:
    """A body as a worker leaves it that is killed between file and row."""
    sha256 = store(body, blobs=snapshot_blobs())
    age(archive / name_of(sha256), days=days)
    return sha256


def test_a_body_without_a_row_goes_in_two_runs_and_one_with_a_row_stays(archive, source):
    row = keep(source, b"named")
    age(archive / name_of(row.sha256), days=400)
    sha256 = orphan(archive, b"orphan", days=31)
    said = collected()
    assert "1 bodies named: they stay" in said
    assert "1 bodies, 6 bytes set aside" in said
    age(archive / ASIDE / name_of(sha256), days=2)
    assert "1 bodies, 6 bytes removed" in collected()
    assert not is_whole(sha256, blobs=snapshot_blobs())
    assert is_whole(row.sha256, blobs=snapshot_blobs())


def test_the_retention_is_the_setting_or_the_word(archive, source):
    sha256 = orphan(archive, b"orphan", days=29)
    assert "1 bodies, 6 bytes unnamed and not old enough" in collected()
    assert "would be set aside" in collected("--dry-run", older_than=28)
    assert (archive / name_of(sha256)).exists()
    assert "1 bodies, 6 bytes set aside" in collected(older_than=28)


def test_a_body_only_an_entry_names_stays(archive, source):
    sha256 = orphan(archive, b"frozen", days=400)
    with recording(MACHINE) as record:
        record.add(
            EntryKind.SNAPSHOT_TAKEN,
            source=source.reference,
            sets={source.reference: {"snapshot": sha256}},
        )
    assert "1 bodies named" in collected()
    assert (archive / name_of(sha256)).exists()


@pytest.mark.parametrize("place", ["sets", "detail", "list"])
def test_an_entry_names_a_body_wherever_it_says_its_hash(source, place):
    sha256 = "ab" * 32
    words: dict[str, dict] = {
        "sets": {"sets": {source.reference: {"snapshot": sha256}}},
        "detail": {"before": sha256},
        "list": {"evidence": [{"snapshot": sha256, "text": "cd" * 32}]},
    }
    with recording(MACHINE) as record:
        record.add(EntryKind.FLAG_RAISED, source=source.reference, **words[place])
    assert sha256 in LedgerEntry.objects.latest("seq").body
    assert named_in_entries([sha256, "00" * 32]) == {sha256}


def test_a_row_written_after_its_body_was_set_aside_finds_it_and_has_it_put_back(archive, source):
    sha256 = orphan(archive, b"late", days=31)
    collected()
    row = keep(source, b"other")
    row.pk, row.sha256 = None, sha256
    row.save()
    out = StringIO()
    call_command("verify_snapshots", stdout=out)
    assert "2 whole" in out.getvalue()
    assert "1 bodies, 4 bytes put back" in collected()
    assert (archive / name_of(sha256)).exists()


def test_a_storage_without_listing_is_refused(settings, db):
    backend = "tests.verifier.test_stores.Unlisted"
    settings.STORAGES = {**settings.STORAGES, "snapshots": {"BACKEND": backend}}
    with pytest.raises(CommandError, match="cannot list"):
        collected()


def test_a_storage_that_fails_is_told(settings, db):
    backend = "tests.verifier.test_stores.OutOfReach"
    settings.STORAGES = {**settings.STORAGES, "snapshots": {"BACKEND": backend}}
    with pytest.raises(CommandError, match="no such bucket"):
        collected()


@pytest.mark.parametrize("days", [-1, float("nan"), float("inf"), 1e9])
def test_a_retention_that_is_none_is_refused(days, db):
    with pytest.raises(CommandError, match="--older-than"):
        collected(older_than=days)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], True),
        (["all"], True),
        (["noarchive"], False),
        (["noindex, NoArchive"], False),
        (["index", "noarchive"], False),
        (["otherbot: noarchive"], True),
        (["otherbot: noindex, noarchive"], True),
        (["stet: noarchive"], False),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"], False),
        (["max-snippet:-1, noarchive"], False),
        (["noindex, unavailable_after: 25 Jun 2030"], True),
    ],
)
def test_a_server_s_wish_not_to_be_archived_is_heard(lines, expected):
    headers = tuple(("x-robots-tag", line) for line in lines)
    hops = (Hop("https://a.example/", 301), Hop("https://a.example/b", 200, headers=headers))
    assert may_archive(PageText("text"), hops=hops) is expected
    assert not may_archive(PageText("text", may_archive=False), hops=hops)
