"""A linked source's page tells what it said and when; what it said is never rendered."""

import pytest
from django.core.files.storage import storages

from claims.models import Snapshot, Source, Watch
from tests.claims.admin.looking import look_at

HOSTILE = "<script>alert(1)</script> about 1,500 soldiers"


def test_nothing_read_yet_is_said(door, claim):
    source = claim.evidence.first().source
    page = door("ada").text("claims_source_page", source.reference)
    assert "Nothing has been read from it yet." in page
    assert "Nobody has looked yet." in page
    assert claim.reference not in page.split("<aside")[1]


@pytest.mark.parametrize(("ends", "is_told"), [("http", True), ("https", False)])
def test_a_way_that_ends_without_encryption_is_told(door, claim, ends, is_told):
    source = claim.evidence.first().source
    address = f"{ends}://other.example.org/"
    Source.objects.filter(pk=source.pk).update(url="https://a.example.org/", final_url=address)
    page = door("ada").text("claims_source_page", source.reference)
    assert ("without encryption" in page) is is_told


def test_the_treatment_is_changed_and_kept(door, claim):
    source = claim.evidence.first().source
    step = ("claims_source_step", source.reference, "treatment")
    assert door("ada").post(*step, is_not_fetched="on").status_code == 302
    source.refresh_from_db()
    assert not source.is_fetched
    assert Watch.objects.get(source=source).due_at is None
    assert "Marked: do not fetch." in door("ada").text("claims_source_page", source.reference)
    refused = door("ada").post("claims_source_step", source.reference, "look")
    assert refused.status_code == 422
    assert door("ada").post(*step).status_code == 302
    assert Watch.objects.get(source=source).due_at is not None


def test_the_administrator_reads_and_treats_nothing(door, claim):
    source = claim.evidence.first().source
    assert "How it is treated" not in door("admin").text("claims_source_page", source.reference)
    step = ("claims_source_step", source.reference, "treatment")
    assert door("admin").post(*step, is_not_fetched="on").status_code == 403
    assert Source.objects.get(pk=source.pk).is_fetched


def test_an_address_that_is_no_web_address_is_no_link(door, claim):
    source = claim.evidence.first().source
    Source.objects.filter(pk=source.pk).update(url="javascript:alert(1)//<b>")
    page = door("ada").text("claims_source_page", source.reference)
    assert 'href="javascript' not in page
    assert "javascript:alert(1)//&lt;b&gt;" in page


def test_a_link_out_tells_nobody_where_it_came_from(door, claim):
    source = claim.evidence.first().source
    page = door("ada").text("claims_source_page", source.reference)
    assert f'href="{source.url}" rel="noopener noreferrer nofollow"' in page


@pytest.mark.parametrize("reference", ["SO-ZZZZZZ", "1", "ST-000000", "SO-" + "A" * 300])
def test_a_source_that_is_not_there_is_not_found(door, reference):
    assert door("ada").get("claims_source_page", reference).status_code == 404


def test_what_it_said_is_shown_as_text_and_handed_out_as_bytes(door, claim):
    source = claim.evidence.first().source
    name = look_at(source, HOSTILE, title="<b>Title</b>")
    page = door("ada").text("claims_source_page", source.reference)
    assert "&lt;b&gt;Title&lt;/b&gt;" in page
    assert "<b>Title" not in page
    text = door("ada").text("claims_snapshot_text", source.reference, name)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; about 1,500 soldiers</pre>" in text
    assert "<script>alert" not in text

    raw = door("ada").get("claims_snapshot_raw", source.reference, name)
    assert b"".join(raw.streaming_content) == HOSTILE.encode()
    assert raw["Content-Type"] == "application/octet-stream"
    assert raw["Content-Disposition"].startswith("attachment; filename=")
    assert raw["X-Content-Type-Options"] == "nosniff"
    assert raw["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_bytes_that_are_no_longer_in_the_archive_are_not_found(door, claim):
    source = claim.evidence.first().source
    name = look_at(source, "Bytes that will be lost: 4711.")
    raw = Snapshot.objects.get(source=source).sha256
    storages["snapshots"].delete(f"{raw[:2]}/{raw}")
    assert door("ada").get("claims_snapshot_raw", source.reference, name).status_code == 404
    assert door("ada").get("claims_snapshot_text", source.reference, name).status_code == 200


def test_another_source_s_snapshot_is_not_found_here(door, claim):
    one, other = (row.source for row in claim.evidence.order_by("pk"))
    name = look_at(one, "What the one page said.")
    for page in ("claims_snapshot_text", "claims_snapshot_raw"):
        assert door("ada").get(page, other.reference, name).status_code == 404


def test_runs_of_looks_and_history_are_told(door, claim):
    source = claim.evidence.first().source
    look_at(source, "It says about 1,500 soldiers.")
    look_at(source, "It says about 3,000 soldiers.", found="about 3,000 soldiers")
    page = door("ada").text("claims_source_page", source.reference)
    assert "(goes on)" in page
    assert "Linked source answers otherwise: changed" in page
    assert "The page says other words." in page
    assert page.count("raw bytes</a>") == 2
