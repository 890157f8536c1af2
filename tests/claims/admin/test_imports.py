"""Taking a file of claims in at the desk."""

import hashlib

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Claim, LedgerEntry
from claims.services.import_files import MOST_BYTES
from tests.claims.cast import make_claim

TABLE = b"statement,kind\nOne thing.,fact\nAnother thing.,statement\n"


def sent(data, **extra):
    file = SimpleUploadedFile("claims.csv", data)
    return {"file": file, "desk": "world", "visibility": "open", **extra}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def test_a_file_is_shown_row_by_row_and_then_taken_in(door):
    ada = door("ada")
    answer = ada.post("claims_import", **sent(TABLE))
    assert answer["Location"].endswith("/claims/claim/import/rows/")
    text = ada.text("claims_import_rows")
    assert "2 claims would be opened" in text
    assert "One thing." in text
    assert not Claim.objects.exists()
    done = ada.post("claims_import_rows", sha256=digest(TABLE))
    assert done.status_code == 302
    assert "2 claims opened, all as reported." in ada.text("claims_claim_changelist")
    assert Claim.objects.count() == 2


def test_a_file_taken_in_is_not_kept_and_a_second_press_says_so(door):
    ada = door("ada")
    ada.post("claims_import", **sent(TABLE))
    before = Session.objects.count()
    ada.post("claims_import_rows", sha256=digest(TABLE))
    assert Session.objects.count() == before - 1
    entries = LedgerEntry.objects.count()
    again = ada.post("claims_import_rows", sha256=digest(TABLE))
    assert again["Location"].endswith("/claims/claim/import/")
    assert "What was taken in before stays on record." in ada.text("claims_import")
    assert LedgerEntry.objects.count() == entries


def test_the_same_file_chosen_again_has_nothing_new(door):
    ada = door("ada")
    for _ in range(2):
        ada.post("claims_import", **sent(TABLE))
        text = ada.text("claims_import_rows")
        ada.post("claims_import_rows", sha256=digest(TABLE))
    assert "Nothing new in the file" in text
    assert Claim.objects.count() == 2


def test_a_file_with_faults_shows_all_of_them_and_offers_nothing(door):
    ada = door("ada")
    bad = b"statement,kind\nOne.,fact\nTwo.,rumour\n<b>,fact\n"
    ada.post("claims_import", **sent(bad))
    text = ada.text("claims_import_rows")
    assert "1 fault in the file" in text
    assert "Row 3, kind:" in text
    assert "data-save" not in text
    assert "&lt;b&gt;" in text
    refused = ada.post("claims_import_rows", sha256=digest(bad))
    assert refused.status_code == 422
    assert not Claim.objects.exists()


def test_another_file_chosen_meanwhile_is_not_taken_in_unseen(door):
    ada = door("ada")
    ada.post("claims_import", **sent(TABLE))
    ada.post("claims_import", **sent(b"statement\nUnseen.\n"))
    ada.post("claims_import_rows", sha256=digest(TABLE))
    assert not Claim.objects.exists()
    assert "Another file was chosen meanwhile" in ada.text("claims_import_rows")


def test_nobody_else_gets_at_a_kept_file(door):
    door("ada").post("claims_import", **sent(TABLE))
    assert door("ben").get("claims_import_rows").status_code == 302
    assert door("ben").post("claims_import_rows", sha256=digest(TABLE)).status_code == 302
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Is empty."),
        ("statement\nGrüße.".encode("latin-1"), "Is not UTF-8: line 2, byte 3."),
        (b"PK\x03\x04" + bytes(50), "Is a workbook or an archive"),
        (b"[" * 100_000, "Is nested too deeply."),
        (b"x" * (MOST_BYTES + 1), "Is larger than 5 MiB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(door, data, words):
    answer = door("ada").post("claims_import", **sent(data))
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("extra", [{"desk": "sport"}, {"desk": ""}, {"visibility": "admin"}])
def test_a_file_for_a_desk_of_others_is_refused(door, extra):
    assert door("ada").post("claims_import", **sent(TABLE, **extra)).status_code == 422


def test_what_says_the_same_is_shown_beside_its_row(door, cast):
    known = make_claim(cast, "One thing.")
    door("ada").post("claims_import", **sent(TABLE))
    text = door("ada").text("claims_import_rows")
    assert f'on record as <a href="/admin/claims/claim/{known.reference}/"' in text
    assert "1 claim would be opened" in text


def test_rows_come_a_page_at_a_time(door):
    rows = "".join(f"Claim {n}.\n" for n in range(60))
    door("ada").post("claims_import", **sent(f"statement\n{rows}".encode()))
    assert door("ada").text("claims_import_rows").count("would be opened</p>") == 50
    for page in ("2", "zz", "9" * 40):
        assert door("ada").get("claims_import_rows", query=f"?page={page}").status_code == 200


def test_the_empty_table_can_be_taken_in_as_it_is_but_for_having_no_claim(door):
    answer = door("ada").get("claims_import_template")
    refused = door("ada").post("claims_import", **sent(answer.content))
    assert "Holds no claim." in refused.content.decode()
    row = b"\xef\xbb\xbf".join([b"", answer.content.removeprefix(b"\xef\xbb\xbf")])
    filled = row + b",One thing.,fact" + b"," * (answer.content.count(b",") - 2) + b"\r\n"
    assert door("ada").post("claims_import", **sent(filled)).status_code == 302
