"""Clearing the archive: never at once, never what is named, whatever workers do meanwhile."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import InMemoryStorage

from claims.bodies import ASIDE, name_of
from claims.lasting import DRAFT
from verifier.archive import Folder, is_whole, store
from verifier.garbage import WAIT, Collected, collect
from verifier.stores import StorageBlobs

BODY = b"<p>About 1,500 soldiers.</p>"
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


@pytest.fixture(params=["folder", "storage"])
def shelves(request, tmp_path):
    return Folder(tmp_path) if request.param == "folder" else StorageBlobs(InMemoryStorage())


class Record:
    """What the record names, and what workers do while it is asked."""

    def __init__(self, rows=(), entries=()):
        self.rows, self.entries = set(rows), set(entries)
        self.meanwhile: Callable[[], object] = lambda: None

    def in_rows(self, hashes):
        return self.rows & set(hashes)

    def in_entries(self, hashes):
        found = self.entries & set(hashes)
        self.meanwhile()
        return found


def run(shelves, record=None, *, after=timedelta(0), is_dry=False) -> Collected:
    record = record or Record()
    return collect(
        shelves,
        in_rows=record.in_rows,
        in_entries=record.in_entries,
        older_than=MONTH,
        now=datetime.now(UTC) + after,
        is_dry=is_dry,
    )


def test_what_nothing_names_is_set_aside_then_removed(shelves):
    sha256 = store(BODY, blobs=shelves)
    found = run(shelves, after=MONTH + DAY)
    assert (found.set_aside.bodies, found.set_aside.size_bytes) == (1, len(BODY))
    assert is_whole(sha256, blobs=shelves)
    found = run(shelves, after=WAIT + DAY)
    assert (found.removed.bodies, found.removed.size_bytes) == (1, len(BODY))
    assert not is_whole(sha256, blobs=shelves)


def test_what_was_set_aside_waits_a_day(shelves):
    sha256 = store(BODY, blobs=shelves)
    run(shelves, after=MONTH + DAY)
    assert run(shelves, after=WAIT - timedelta(hours=1)).waiting.bodies == 1
    assert is_whole(sha256, blobs=shelves)


def test_what_is_younger_than_the_retention_stays(shelves):
    sha256 = store(BODY, blobs=shelves)
    found = run(shelves, after=MONTH - DAY)
    assert (found.young.bodies, found.set_aside.bodies) == (1, 0)
    assert shelves.exists(name_of(sha256))


@pytest.mark.parametrize("named_by", ["rows", "entries"])
def test_what_a_row_or_an_entry_names_stays_for_ever(shelves, named_by):
    sha256 = store(BODY, blobs=shelves)
    other = store(b"nobody's", blobs=shelves)
    record = Record(**{named_by: {sha256}})
    for years in range(1, 4):
        found = run(shelves, record, after=years * 366 * DAY)
        assert found.named == 1
    assert shelves.exists(name_of(sha256))
    assert not is_whole(other, blobs=shelves)


def test_a_dry_run_tells_and_changes_nothing(shelves):
    sha256 = store(BODY, blobs=shelves)
    assert run(shelves, after=MONTH + DAY, is_dry=True).set_aside.bodies == 1
    assert shelves.exists(name_of(sha256))
    run(shelves, after=MONTH + DAY)
    assert run(shelves, after=WAIT + DAY, is_dry=True).removed.bodies == 1
    assert run(shelves, Record(rows={sha256}), is_dry=True).put_back.bodies == 1
    assert list(shelves.names(ASIDE)) == [ASIDE + name_of(sha256)]


def test_a_body_found_whole_by_a_worker_right_before_it_goes_is_still_had_and_put_back(shelves):
    sha256 = store(BODY, blobs=shelves)
    record = Record()
    # A worker finds it there, and so writes nothing; its row comes when the run is over.
    record.meanwhile = lambda: store(BODY, blobs=shelves)
    assert run(shelves, record, after=MONTH + DAY).set_aside.bodies == 1
    record.rows.add(sha256)
    assert is_whole(sha256, blobs=shelves)
    assert run(shelves, record, after=WAIT + DAY).put_back.bodies == 1
    assert shelves.exists(name_of(sha256))
    assert list(shelves.names(ASIDE)) == []
    assert is_whole(sha256, blobs=shelves)


def test_a_body_stored_anew_while_the_old_one_waits_stays(shelves):
    sha256 = store(BODY, blobs=shelves)
    run(shelves, after=MONTH + DAY)
    store(BODY, blobs=shelves)
    assert shelves.exists(name_of(sha256))
    run(shelves, after=WAIT + DAY)
    assert list(shelves.names(ASIDE)) == []
    assert is_whole(sha256, blobs=shelves)


def test_of_two_copies_the_whole_one_is_put_back(shelves):
    sha256 = store(BODY, blobs=shelves)
    run(shelves, after=MONTH + DAY)
    shelves.save(name_of(sha256), b"damaged")
    run(shelves, Record(rows={sha256}))
    assert is_whole(sha256, blobs=shelves)
    assert list(shelves.names(ASIDE)) == []


def test_a_body_removed_by_another_run_meanwhile_is_no_fault(shelves):
    sha256 = store(BODY, blobs=shelves)
    record = Record()
    record.meanwhile = lambda: shelves.remove(name_of(sha256))
    assert run(shelves, record, after=MONTH + DAY).set_aside.bodies == 0


def test_strangers_files_are_left_alone(tmp_path):
    strange = [tmp_path / name for name in ("note.txt", "ab/note.txt", f"00/{'ab' * 32}", "ab/c/d")]
    for path in strange:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not ours")
    for _ in range(2):
        run(Folder(tmp_path), after=MONTH + DAY)
    assert all(path.read_text() == "not ours" for path in strange)


def test_what_broken_writes_left_goes_and_a_write_that_goes_on_stays(tmp_path):
    stale, fresh = (tmp_path / "ab" / f"{DRAFT}{word}" for word in ("stale", "fresh"))
    stale.parent.mkdir()
    for path in (stale, fresh):
        path.write_bytes(b"half")
    two_days_ago = (datetime.now(UTC) - 2 * DAY).timestamp()
    os.utime(stale, (two_days_ago, two_days_ago))
    found = run(Folder(tmp_path))
    assert (found.drafts.bodies, found.drafts.size_bytes) == (1, 4)
    assert not stale.exists()
    assert fresh.exists()


def test_an_empty_archive_is_nothing_to_clear(tmp_path):
    assert run(Folder(Path(tmp_path / "none"))) == Collected()
