"""The archive on any Django storage: under its exact name, whole, or not at all."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage

from claims.bodies import ASIDE, name_of
from verifier.archive import Folder, is_whole, load, store
from verifier.errors import BlobDamaged, BlobMissing
from verifier.stores import StorageBlobs, snapshot_blobs

BODY = b"<p>About 1,500 soldiers.</p>"
SHA256 = hashlib.sha256(BODY).hexdigest()
NAME = name_of(SHA256)


class Renaming(InMemoryStorage):
    """Puts its own mark on every name."""

    def get_available_name(self, name, max_length=None):
        return super().get_available_name(f"{name}-1", max_length)


class Shortening(InMemoryStorage):
    """Loses the end of what it is given."""

    def save(self, name, content, max_length=None):
        return super().save(name, ContentFile(content.read()[:-1]), max_length)


class Overwriting(InMemoryStorage):
    """Puts a new body in place of the old one, as object stores do."""

    def get_available_name(self, name, max_length=None):
        self.delete(name)
        return super().get_available_name(name, max_length)


class OutOfReach(Storage):
    """A storage whose errors are its own."""

    class Refused(Exception):
        pass

    def _refuse(self, *_, **__):
        raise self.Refused("no such bucket")

    exists = open = save = delete = size = listdir = get_modified_time = _refuse


class Unlisted(Storage):
    """A storage that can tell what it holds by name only."""


@pytest.fixture(params=[FileSystemStorage, InMemoryStorage, Overwriting])
def storage(request, tmp_path):
    return request.param(location=tmp_path)


@pytest.fixture
def blobs(storage):
    return StorageBlobs(storage)


def test_what_was_stored_can_be_loaded_by_its_hash(blobs, storage):
    assert not blobs.exists(NAME)
    assert load(store(BODY, blobs=blobs), blobs=blobs) == BODY
    assert storage.size(NAME) == len(BODY)


def test_storing_twice_keeps_one_file(blobs, storage):
    store(BODY, blobs=blobs)
    store(BODY, blobs=blobs)
    assert list(blobs.names()) == [NAME]


def test_what_was_never_stored_is_missing(blobs):
    with pytest.raises(BlobMissing):
        load(SHA256, blobs=blobs)


@pytest.mark.parametrize("damage", [BODY[:-1], BODY.replace(b"1", b"2"), b""])
def test_damage_is_named_and_mended_by_storing_again(blobs, storage, damage):
    storage.save(NAME, ContentFile(damage))
    with pytest.raises(BlobDamaged):
        load(SHA256, blobs=blobs)
    store(BODY, blobs=blobs)
    assert is_whole(SHA256, blobs=blobs)
    assert list(blobs.names()) == [NAME]


def test_a_storage_that_renames_is_refused_and_left_clean():
    storage = Renaming()
    with pytest.raises(OSError, match="another name"):
        store(BODY, blobs=StorageBlobs(storage))
    assert not storage.exists(NAME)
    assert not storage.exists(f"{NAME}-1")


def test_a_body_another_worker_saved_at_the_same_moment_is_enough():
    class Overtaken(InMemoryStorage):
        def save(self, name, content, max_length=None):
            super().save(name, ContentFile(BODY), max_length)
            return super().save(name, content, max_length)

    storage = Overtaken()
    blobs = StorageBlobs(storage)
    store(BODY, blobs=blobs)
    assert list(blobs.names()) == [NAME]


def test_a_storage_that_keeps_a_part_only_is_refused():
    with pytest.raises(OSError, match="only a part"):
        store(BODY, blobs=StorageBlobs(Shortening()))


def test_a_storage_s_own_errors_come_out_as_one_the_watch_counts():
    blobs = StorageBlobs(OutOfReach())
    with pytest.raises(OSError, match="no such bucket"):
        store(BODY, blobs=blobs)
    with pytest.raises(OSError, match="no such bucket"):
        load(SHA256, blobs=blobs)
    with pytest.raises(OSError, match="no such bucket"):
        list(blobs.names())


def test_a_storage_without_listing_says_so():
    with pytest.raises(NotImplementedError):
        list(StorageBlobs(Unlisted()).names())


def test_what_lies_there_is_told_with_size_and_time(blobs):
    store(BODY, blobs=blobs)
    size_bytes, since_at = blobs.about(NAME)
    assert size_bytes == len(BODY)
    assert (
        timedelta(0) <= datetime.now(UTC) - since_at + timedelta(seconds=1) < timedelta(minutes=1)
    )
    with pytest.raises(FileNotFoundError):
        blobs.about(ASIDE + NAME)


def test_a_body_is_moved_and_removed(blobs):
    store(BODY, blobs=blobs)
    blobs.move(NAME, ASIDE + NAME)
    assert list(blobs.names()) == []
    assert list(blobs.names(ASIDE)) == [ASIDE + NAME]
    assert is_whole(SHA256, blobs=blobs)
    blobs.remove(ASIDE + NAME)
    blobs.remove(ASIDE + NAME)
    assert not is_whole(SHA256, blobs=blobs)


@pytest.mark.parametrize(
    ("backend", "kind"),
    [
        ("django.core.files.storage.FileSystemStorage", Folder),
        ("django.core.files.storage.InMemoryStorage", StorageBlobs),
        (f"{__name__}.Overwriting", StorageBlobs),
    ],
)
def test_the_settings_name_the_store(settings, tmp_path, backend, kind):
    options = {"location": str(tmp_path)}
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {"BACKEND": backend, "OPTIONS": options},
    }
    blobs = snapshot_blobs()
    assert type(blobs) is kind
    assert load(store(BODY, blobs=blobs), blobs=blobs) == BODY
    assert (tmp_path / NAME).is_file() is (kind is Folder)
