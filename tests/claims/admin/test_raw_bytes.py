"""Raw bytes are handed out only while they are what was archived; else the page says so."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from claims.models import Snapshot
from tests.claims.admin.looking import look_at


@pytest.fixture
def kept(claim, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    source = claim.evidence.first().source
    name = look_at(source, "It says about 1,500 soldiers.")
    raw = Snapshot.objects.get(source=source).sha256
    return source.reference, name, f"{raw[:2]}/{raw}"


def replace_body(name: str, body: bytes) -> None:
    storages["snapshots"].delete(name)
    storages["snapshots"].save(name, ContentFile(body))


def test_whole_bytes_are_offered_and_handed_out(door, kept):
    reference, text, _ = kept
    assert "Download the raw bytes" in door("ada").text("claims_snapshot_text", reference, text)
    raw = door("ada").get("claims_snapshot_raw", reference, text)
    assert b"".join(raw.streaming_content) == b"It says about 1,500 soldiers."


@pytest.mark.parametrize("damage", [b"It says about 1,600 soldiers.", b"It says", b""])
def test_damaged_bytes_are_named_and_never_handed_out(door, kept, damage):
    reference, text, name = kept
    replace_body(name, damage)
    page = door("ada").text("claims_snapshot_text", reference, text)
    assert "The raw bytes are damaged" in page
    assert "Download the raw bytes" not in page
    assert "It says about 1,500 soldiers.</pre>" in page
    refused = door("ada").get("claims_snapshot_raw", reference, text)
    assert refused.status_code == 404
    assert "The raw bytes are damaged" in refused.content.decode()


def test_missing_bytes_are_named(door, kept):
    reference, text, name = kept
    storages["snapshots"].delete(name)
    page = door("ada").text("claims_snapshot_text", reference, text)
    assert "The raw bytes are missing" in page
    assert door("ada").get("claims_snapshot_raw", reference, text).status_code == 404


def test_bytes_that_wait_to_be_removed_are_handed_out(door, kept):
    reference, text, name = kept
    with storages["snapshots"].open(name) as file:
        body = file.read()
    storages["snapshots"].save(f"aside/{name}", ContentFile(body))
    storages["snapshots"].delete(name)
    raw = door("ada").get("claims_snapshot_raw", reference, text)
    assert b"".join(raw.streaming_content) == body


def test_an_archive_out_of_reach_leaves_the_text_readable(door, kept, settings):
    reference, text, _ = kept
    backend = "tests.verifier.test_stores.OutOfReach"
    settings.STORAGES = {**settings.STORAGES, "snapshots": {"BACKEND": backend}}
    page = door("ada").text("claims_snapshot_text", reference, text)
    assert "The archive cannot be read at the moment" in page
    assert "1,500 soldiers.</pre>" in page
    assert door("ada").get("claims_snapshot_raw", reference, text).status_code == 404
