"""The archive: whole or not at all, by its hash, and damage is named."""

import errno
import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from claims.bodies import ASIDE, BodyState, name_of, sha256_of, state_of
from verifier.archive import Folder, is_whole, load, store
from verifier.errors import BlobDamaged, BlobMissing

BODY = b"<p>About 1,500 soldiers.</p>"
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def blobs(tmp_path):
    return Folder(tmp_path / "archive")


def kept_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_stored_can_be_loaded_by_its_hash(blobs):
    assert store(BODY, blobs=blobs) == SHA256
    assert load(SHA256, blobs=blobs) == BODY
    assert is_whole(SHA256, blobs=blobs)


@pytest.mark.parametrize("body", [b"", b"\0" * 100, bytes(range(256)) * 20_000])
def test_any_bytes_come_back_as_they_were(blobs, body):
    assert load(store(body, blobs=blobs), blobs=blobs) == body


def test_storing_twice_keeps_one_file(blobs, tmp_path):
    store(BODY, blobs=blobs)
    (first,) = kept_in(tmp_path)
    before = first.stat().st_ino
    store(BODY, blobs=blobs)
    assert [path.stat().st_ino for path in kept_in(tmp_path)] == [before]


def test_many_threads_store_one_body(blobs, tmp_path):
    with ThreadPoolExecutor(8) as threads:
        hashes = set(threads.map(lambda _: store(BODY, blobs=blobs), range(40)))
    assert hashes == {SHA256}
    assert len(kept_in(tmp_path)) == 1


def test_what_was_never_stored_is_missing(blobs):
    with pytest.raises(BlobMissing) as missing:
        load(SHA256, blobs=blobs)
    assert missing.value.sha256 == SHA256
    assert not is_whole(SHA256, blobs=blobs)


@pytest.mark.parametrize("damage", [BODY[:-1], BODY + b"x", BODY.replace(b"1", b"2"), b""])
def test_a_damaged_body_is_named_and_not_handed_out(blobs, tmp_path, damage):
    store(BODY, blobs=blobs)
    (path,) = kept_in(tmp_path)
    path.write_bytes(damage)
    with pytest.raises(BlobDamaged) as damaged:
        load(SHA256, blobs=blobs)
    assert damaged.value.sha256 == SHA256
    assert not is_whole(SHA256, blobs=blobs)


def test_storing_again_mends_a_damaged_body(blobs, tmp_path):
    store(BODY, blobs=blobs)
    (path,) = kept_in(tmp_path)
    path.write_bytes(b"damaged")
    store(BODY, blobs=blobs)
    assert load(SHA256, blobs=blobs) == BODY


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", SHA256.upper(), SHA256 + "\n"])
def test_no_name_but_a_hash_leads_to_a_file(blobs, name):
    with pytest.raises(ValueError, match="not a SHA-256"):
        load(name, blobs=blobs)


def test_a_full_disk_leaves_nothing_behind(blobs, tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store(BODY, blobs=blobs)
    assert kept_in(tmp_path) == []


def test_a_folder_somebody_removed_is_made_again(blobs, tmp_path):
    name = store(b"a body", blobs=blobs)
    for file in kept_in(tmp_path):
        shutil.rmtree(file.parent)
    assert store(b"a body", blobs=blobs) == name
    assert load(name, blobs=blobs) == b"a body"


def test_names_are_spread_over_folders():
    assert name_of(SHA256) == f"{SHA256[:2]}/{SHA256}"


@pytest.mark.parametrize(
    "name", ["", "ab/c", f"00/{SHA256}", SHA256, name_of(SHA256) + "x", f"x/{name_of(SHA256)}"]
)
def test_a_name_that_is_no_body_s_stands_for_none(name):
    assert sha256_of(name) is None


def test_a_name_stands_for_its_body_aside_or_not():
    assert sha256_of(name_of(SHA256)) == sha256_of(ASIDE + name_of(SHA256)) == SHA256


def test_a_hash_the_caller_has_is_taken_as_the_name(blobs):
    assert store(BODY, blobs=blobs, sha256=SHA256) == SHA256
    assert load(SHA256, blobs=blobs) == BODY


@pytest.mark.parametrize("damage", [BODY[:-1], BODY + b"x", BODY.replace(b"1", b"2"), b""])
def test_storing_again_mends_any_damage_with_the_hash_given(blobs, tmp_path, damage):
    store(BODY, blobs=blobs)
    (path,) = kept_in(tmp_path)
    path.write_bytes(damage)
    store(BODY, blobs=blobs, sha256=SHA256)
    assert path.read_bytes() == BODY


def test_a_body_longer_than_one_piece_is_compared_to_its_end(blobs, tmp_path):
    body = bytes(range(256)) * 9000
    sha256 = store(body, blobs=blobs)
    (path,) = kept_in(tmp_path)
    path.write_bytes(body[:-1] + b"x")
    store(body, blobs=blobs, sha256=sha256)
    assert path.read_bytes() == body


def test_a_body_set_aside_is_read_where_it_waits(blobs):
    store(BODY, blobs=blobs)
    blobs.move(name_of(SHA256), ASIDE + name_of(SHA256))
    assert load(SHA256, blobs=blobs) == BODY
    assert is_whole(SHA256, blobs=blobs)


def test_what_is_left_of_a_body_is_told(blobs, tmp_path):
    assert state_of(SHA256, opened=blobs.open) is BodyState.MISSING
    store(BODY, blobs=blobs)
    assert state_of(SHA256, opened=blobs.open) is BodyState.WHOLE
    (path,) = kept_in(tmp_path)
    path.write_bytes(b"damaged")
    assert state_of(SHA256, opened=blobs.open) is BodyState.DAMAGED
    path.unlink()
    path.mkdir()
    assert state_of(SHA256, opened=blobs.open) is BodyState.UNREADABLE


def test_a_folder_removed_under_a_running_worker_is_made_again(blobs, tmp_path):
    store(BODY, blobs=blobs)
    shutil.rmtree(tmp_path / "archive")
    store(BODY, blobs=blobs)
    assert load(SHA256, blobs=blobs) == BODY
