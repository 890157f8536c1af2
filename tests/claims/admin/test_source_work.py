"""On a linked source's page: attach a capture, say what one saw, merge it into another one."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Evidence, LedgerEntry, Observation, Snapshot, Source
from claims.services.people import issue_token
from claims.states import FlagKind, QuoteState, Scope, Visibility
from tests.claims.admin.conftest import refusals
from tests.claims.cast import fresh, make_claim, make_evidence

PNG = b"\x89PNG\r\n\x1a\n a screenshot"
TODAY = timezone.localdate().isoformat()


@pytest.fixture
def row(cast, settings, tmp_path) -> Evidence:
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return make_evidence(cast, make_claim(cast), state=QuoteState.UNCHECKED)


def capture(person, source, body=PNG, *, name="shot.png", **values):
    given = {"caption": "The page as I saw it.", "taken_on": TODAY, **values}
    if body is not None:
        given["file"] = SimpleUploadedFile(name, body)
    return person.post("claims_source_step", source.reference, "capture", **given)


def test_a_capture_is_attached_and_handed_out_as_a_download_alone(door, row):
    assert capture(door("ada"), row.source).status_code == 302
    page = door("ada").text("claims_source_page", row.source.reference)
    assert "The page as I saw it." in page
    assert "image/png" in page
    assert "Snapshot kept: a capture" in page
    sha256 = hashlib.sha256(PNG).hexdigest()
    raw = door("ada").get("claims_capture_raw", row.source.reference, sha256)
    assert b"".join(raw.streaming_content) == PNG
    assert raw["Content-Type"] == "application/octet-stream"
    assert raw["Content-Disposition"] == f'attachment; filename="capture-{sha256[:16]}.bin"'
    assert raw["X-Content-Type-Options"] == "nosniff"
    assert raw["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_capture_is_found_under_its_own_source_alone(door, cast, row):
    capture(door("ada"), row.source)
    other = make_evidence(cast, make_claim(cast, "Another.")).source
    sha256 = hashlib.sha256(PNG).hexdigest()
    for source, name in ((other, sha256), (row.source, "0" * 64), (row.source, "../x")):
        address = f"/admin/claims/source/{source.reference}/capture/{name}/"
        assert door("ada").client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("body", "values", "sentence"),
    [
        (None, {}, "This field is required."),
        (b"", {}, "The file is empty."),
        (b"<html><body onload=alert(1)>", {"name": "shot.png"}, "A web page, SVG or XML"),
        (b"MZ\x90\x00", {"name": "shot.png"}, "This is a program"),
        (b"\x00\x00\x00", {"name": "shot.png"}, "This kind of file is not known"),
        (PNG, {"caption": ""}, "This field is required."),
        (PNG, {"caption": "x" * 301}, "at most 300 characters"),
        (PNG, {"taken_on": "2999-01-01"}, "Lies in the future."),
        (PNG, {"taken_on": "0000-00-00"}, "Enter a valid date."),
    ],
)
def test_what_is_not_taken_is_refused_at_its_field(door, row, body, values, sentence):
    answer = capture(door("ada"), row.source, body, **values)
    assert answer.status_code == 422
    assert sentence in refusals(answer)
    assert not Snapshot.objects.exists()


def test_a_file_over_the_limit_is_not_taken_in(door, row, settings):
    settings.CAPTURE_MAX_MB = 1
    answer = capture(door("ada"), row.source, PNG + b"x" * 1_200_000)
    assert answer.status_code == 422
    assert "Is larger than 1 MB." in refusals(answer)
    assert "The page as I saw it." in answer.content.decode()


def test_a_hostile_caption_and_file_name_are_shown_as_text(door, row):
    capture(door("ada"), row.source, name="<script>.png", caption="<script>alert(1)</script>")
    page = door("ada").text("claims_source_page", row.source.reference)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_attaching_the_same_file_twice_is_told_kindly(door, row):
    capture(door("ada"), row.source)
    answer = capture(door("ada"), row.source)
    assert answer.status_code == 409
    assert "attached already" in refusals(answer)
    assert Snapshot.objects.count() == 1


def test_a_capture_carries_an_attestation_without_a_note(door, row):
    capture(door("ada"), row.source)
    sha256 = hashlib.sha256(PNG).hexdigest()
    page = ("claims_evidence_page", row.claim.reference, row.reference)
    assert "The page as I saw it." in door("ada").text(*page)
    values = {"attested_on": TODAY, "note": "", "capture": sha256, "locator": "page 2"}
    values |= {"step": "attest", "revision": str(fresh(row.claim).revision)}
    assert door("ada").post(*page, **values).status_code == 302
    row.refresh_from_db()
    assert (row.quote_state, row.locator) == (QuoteState.ATTESTED, "page 2")
    assert row.attested_note == f"[capture {sha256[:16]}]"


def test_what_a_person_saw_is_told_of_the_source_and_flags_the_claim(door, row):
    Evidence.objects.filter(pk=row.pk).update(quote_state=QuoteState.STANDING)
    values = {"outcome": "seen_changed", "on": TODAY, "note": "By phone with the desk there."}
    values |= {f"is-{row.reference}": "on", f"now-{row.reference}": "about 3,000 soldiers"}
    step = ("claims_source_step", row.source.reference, "by-hand")
    assert door("ada").post(*step, **values).status_code == 302
    page = door("ada").text("claims_source_page", row.source.reference)
    assert "Seen by a person: changed" in page
    assert "By phone with the desk there." in page
    claim = door("ada").text("claims_claim_page", row.claim.reference)
    assert "about 3,000 soldiers" in claim
    assert fresh(row.claim).flags.get().kind == FlagKind.QUOTE_ALTERED
    before = LedgerEntry.objects.count()
    assert door("ada").post(*step, **values).status_code == 302
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "unchanged", "on": TODAY, "note": "x"},
        {"outcome": "seen_gone", "on": "", "note": "x"},
        {"outcome": "seen_gone", "on": "2999-01-01", "note": "x"},
        {"outcome": "seen_gone", "on": TODAY, "note": ""},
        {"outcome": "seen_gone", "on": TODAY, "note": "a\x07b"},
    ],
)
def test_a_look_that_is_not_told_well_is_refused_and_kept_in_the_form(door, row, values):
    step = ("claims_source_step", row.source.reference, "by-hand")
    answer = door("ada").post(*step, **values)
    assert answer.status_code == 422
    assert refusals(answer).strip()
    assert not Observation.objects.exists()


def test_a_merged_source_says_where_it_went_and_keeps_its_history(door, cast, row):
    kept = make_evidence(cast, make_claim(cast, "Another.")).source
    capture(door("ada"), row.source)
    values = {"into": kept.reference.lower(), "reason": "The same page."}
    step = ("claims_source_step", row.source.reference, "merge")
    assert door("ada").post(*step, **values).status_code == 302
    page = door("ada").text("claims_source_page", row.source.reference)
    assert f'Merged into <a href="/admin/claims/source/{kept.reference}/">' in page
    assert "The page as I saw it." in page
    assert "The same page." in page
    assert "What you may do here" not in page
    assert row.source.reference in door("ada").text("claims_source_page", kept.reference)
    again = door("ada").post(*step, **values)
    assert again.status_code == 422
    assert "was merged into" in refusals(again)


@pytest.mark.parametrize(
    ("into", "sentence"),
    [("", "required"), ("here", "A reference looks like"), ("SO-ZZZZZZ", "There is no source")],
)
def test_a_merge_into_nothing_is_refused_at_its_field(door, row, into, sentence):
    step = ("claims_source_step", row.source.reference, "merge")
    answer = door("ada").post(*step, into=into, reason="Same.")
    assert answer.status_code == 422
    assert sentence in refusals(answer)


def test_a_merged_reference_answers_other_systems_for_ever(door, cast, row):
    kept = make_evidence(cast, make_claim(cast, "Another.")).source
    step = ("claims_source_step", row.source.reference, "merge")
    door("ada").post(*step, into=kept.reference, reason="Same.")
    _, key = issue_token(
        cast.ada,
        name="poller",
        user=cast.users["ada"],
        desk=cast.desk,
        scopes=(Scope.CLAIMS_READ,),
        days=1,
    )
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().get(f"/api/v1/sources/{row.source.reference}/", headers=headers).json()
    assert answer["merged_into"] == kept.reference
    answer = Client().get(f"/api/v1/sources/{kept.reference}/", headers=headers).json()
    assert answer["merged_into"] is None


def test_treating_a_source_as_it_is_treated_changes_nothing(door, row):
    before = LedgerEntry.objects.count()
    step = ("claims_source_step", row.source.reference, "treatment")
    assert door("ada").post(*step).status_code == 302
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("step", ["capture", "by-hand", "merge"])
def test_who_does_not_work_at_a_desk_does_nothing_here(door, cast, step):
    secret = make_evidence(cast, make_claim(cast, "S.", visibility=Visibility.RESTRICTED)).source
    assert door("omar").post("claims_source_step", secret.reference, step).status_code == 404
    open_one = make_evidence(cast, make_claim(cast, "Open.")).source
    assert door("admin").post("claims_source_step", open_one.reference, step).status_code == 403
    assert Source.objects.count() == 2


def test_a_source_page_costs_the_same_however_much_rests_on_it(door, cast, row):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            door("ada").text("claims_source_page", row.source.reference)
        return len(asked)

    capture(door("ada"), row.source)
    before = cost()
    for number in range(4):
        capture(door("ada"), row.source, PNG + bytes([number]))
        make_evidence(cast, make_claim(cast, f"No {number}."), url=row.source.url)
    assert cost() == before
