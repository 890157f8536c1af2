"""The archive: whole or not at all, by its hash, and damage is named."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from verifier.archive import Folder, is_whole, load, name_of, store
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


def test_names_are_spread_over_folders():
    assert name_of(SHA256) == f"{SHA256[:2]}/{SHA256}"


class DjangoBlobs:
    """How a Django storage stands in the folder's place."""

    def __init__(self, storage):
        self._storage = storage

    def save(self, name, body):
        self._storage.save(name, ContentFile(body))

    def open(self, name):
        return self._storage.open(name)

    def exists(self, name):
        return self._storage.exists(name)


def test_a_django_storage_can_stand_in_the_folders_place(tmp_path):
    blobs = DjangoBlobs(FileSystemStorage(location=tmp_path))
    assert load(store(BODY, blobs=blobs), blobs=blobs) == BODY
