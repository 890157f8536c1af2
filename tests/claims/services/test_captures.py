"""A capture is kept as it is, told by its bytes, and named by a row only once it lies there."""

import hashlib
import os
from datetime import date, timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claims.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound
from claims.models import LedgerEntry, Snapshot, Source
from claims.services.capture_types import Refusal, is_plain_text, media_type_of
from claims.services.captures import Supplied, attach_capture
from claims.states import EntryKind, SnapshotKind, Visibility
from tests.claims.cast import make_claim, make_evidence

PDF = b"%PDF-1.7\n% the letter\n"
TODAY = timezone.localdate()


@pytest.fixture
def archive(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path


@pytest.fixture
def source(cast, archive) -> Source:
    return make_evidence(cast, make_claim(cast)).source


def supplied(body: bytes = PDF, *, name="letter.pdf", caption="The letter.", on=TODAY) -> Supplied:
    return Supplied(SimpleUploadedFile(name, body), caption, on)


def attach(cast, source, **options) -> Snapshot:
    return attach_capture(cast.ada, source.reference, supplied=supplied(**options))


def test_a_capture_lies_in_the_archive_under_its_hash(cast, source):
    row = attach(cast, source)
    sha256 = hashlib.sha256(PDF).hexdigest()
    with storages["snapshots"].open(f"{sha256[:2]}/{sha256}") as file:
        assert file.read() == PDF
    assert (row.kind, row.sha256, row.size_bytes) == (SnapshotKind.CAPTURE, sha256, len(PDF))
    assert (row.media_type, row.supplied_by) == ("application/pdf", cast.users["ada"])
    assert (row.text, row.text_sha256) == ("", "")


def test_a_capture_is_entered_by_its_hash_and_changes_not_what_the_page_said(cast, source):
    attach(cast, source)
    entry = LedgerEntry.objects.get(kind=EntryKind.SNAPSHOT_TAKEN)
    assert hashlib.sha256(PDF).hexdigest() in entry.body
    assert "The letter" not in entry.body
    source.refresh_from_db()
    assert source.snapshot is None


def test_the_very_same_file_twice_is_told_kindly(cast, source):
    attach(cast, source)
    with pytest.raises(AlreadyExists, match="attached already"):
        attach(cast, source)
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"body": b""}, "file"),
        ({"body": b"<html><script>alert(1)</script>"}, "file"),
        ({"body": b"\x00\x01\x02"}, "file"),
        ({"caption": " "}, "caption"),
        ({"caption": "x\x00"}, "caption"),
        ({"on": TODAY + timedelta(days=3)}, "taken_on"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_written(cast, source, options, field):
    with pytest.raises(InvalidInput) as refused:
        attach(cast, source, **options)
    assert refused.value.field == field
    assert not Snapshot.objects.exists()


def test_a_file_over_the_limit_is_refused(cast, source, settings):
    settings.CAPTURE_MAX_MB = 1
    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        attach(cast, source, body=PDF + b"x" * 1024 * 1024)
    assert not Snapshot.objects.exists()


def test_an_archive_that_cannot_be_written_leaves_no_row(cast, source, archive):
    sha256 = hashlib.sha256(PDF).hexdigest()
    (archive / sha256[:2]).write_text("a file where the folder should be")
    with pytest.raises(InvalidInput, match="nothing was kept"):
        attach(cast, source)
    assert not Snapshot.objects.exists()


def test_a_damaged_body_is_written_anew_and_no_draft_is_left(cast, source, archive):
    sha256 = hashlib.sha256(PDF).hexdigest()
    target = archive / sha256[:2] / sha256
    target.parent.mkdir()
    target.write_bytes(b"damaged")
    attach(cast, source)
    assert target.read_bytes() == PDF
    assert os.listdir(target.parent) == [sha256]  # noqa: PTH208 - names alone


def test_a_reader_attaches_nothing_and_another_desk_does_not_know_of_the_source(cast, archive):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    source = make_evidence(cast, claim).source
    with pytest.raises(NotAllowed):
        attach_capture(cast.dora, source.reference, supplied=supplied())
    with pytest.raises(NotFound):
        attach_capture(cast.omar, source.reference, supplied=supplied())
    assert not list(archive.iterdir())


def test_an_older_capture_keeps_its_day(cast, source):
    assert attach(cast, source, on=date(2024, 10, 18)).taken_at.date() == date(2024, 10, 18)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x44", "audio/mpeg"),
        (b"OggS\x00", "audio/ogg"),
        (b"fLaC\x00", "audio/flac"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x01", "video/webm"),
        ("Об этом сообщил губернатор.\n".encode(), "text/plain"),
        ("국".encode() * 1365 + "국".encode()[:1], "text/plain"),
        (b"\xef\xbb\xbfA transcript.", "text/plain"),
        (b"a < b and c > d", "text/plain"),
        (b"", Refusal.EMPTY),
        (b"<!DOCTYPE html><p>x", Refusal.MARKUP),
        (b"\xef\xbb\xbf  <svg xmlns='x' onload='alert(1)'>", Refusal.MARKUP),
        (b"<?xml version='1.0'?><svg/>", Refusal.MARKUP),
        (b"Dear all,\n<SCRIPT>alert(1)</SCRIPT>", Refusal.MARKUP),
        (b"MZ\x90\x00", Refusal.PROGRAM),
        (b"\x7fELF\x02", Refusal.PROGRAM),
        (b"#!/bin/sh\nrm -rf", Refusal.PROGRAM),
        (b"PK\x03\x04....word/document.xml", Refusal.PACKED),
        (b"\x1f\x8b\x08", Refusal.PACKED),
        (b"\xff\xfeh\x00i\x00", Refusal.UNKNOWN),
        (b"latin \xe9 one", Refusal.UNKNOWN),
        (b"bell \x07", Refusal.UNKNOWN),
        (b"  %PDF-1.7", "text/plain"),
    ],
)
def test_a_file_is_told_by_its_bytes(head, media_type):
    assert media_type_of(head) == media_type


def test_a_text_that_breaks_off_within_a_letter_is_no_text():
    assert not is_plain_text(["국".encode()[:2]])
    assert is_plain_text(["국".encode()[:2], "국".encode()[2:]])
