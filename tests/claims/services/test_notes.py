"""A note is the desk's own: outside the ledger, seen by nobody else, and removed for good."""

import pytest

from claims.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound
from claims.models import LedgerEntry, Note
from claims.queries.notes import notes_on
from claims.services.notes import MOST_CHARACTERS, MOST_NOTES, remove_note, write_note
from tests.claims.cast import fresh, make_claim


@pytest.fixture
def claim(cast):
    return make_claim(cast)


def test_a_note_writes_no_entry_and_leaves_the_revision(cast, claim):
    entries = LedgerEntry.objects.count()
    note = write_note(cast.ada, claim.pk, text=" Her number is with Ben. ")
    assert note.text == "Her number is with Ben."
    assert note.reference.startswith("NO-")
    assert LedgerEntry.objects.count() == entries
    assert fresh(claim).revision == claim.revision


@pytest.mark.parametrize(("who", "number"), [("ben", 1), ("dora", 1), ("omar", 0), ("admin", 0)])
def test_only_the_desk_reads_its_notes(cast, claim, who, number):
    write_note(cast.ada, claim.pk, text="Ours.")
    assert len(notes_on(getattr(cast, who), claim)) == number


@pytest.mark.parametrize("who", ["dora", "omar", "admin"])
def test_only_who_works_at_the_desk_writes_one(cast, claim, who):
    with pytest.raises(NotAllowed):
        write_note(getattr(cast, who), claim.pk, text="Mine.")


@pytest.mark.parametrize("text", ["", "  ", "x" * (MOST_CHARACTERS + 1), "a\x00b"])
def test_what_is_no_note_is_refused_at_its_field(cast, claim, text):
    with pytest.raises(InvalidInput) as refused:
        write_note(cast.ada, claim.pk, text=text)
    assert refused.value.field == "text"


def test_the_same_note_twice_is_kept_once(cast, claim):
    write_note(cast.ada, claim.pk, text="Ours.")
    with pytest.raises(AlreadyExists):
        write_note(cast.ada, claim.pk, text="Ours.")
    assert Note.objects.count() == 1


def test_a_claim_keeps_no_more_notes_than_can_be_read(cast, claim):
    for number in range(MOST_NOTES):
        write_note(cast.ada, claim.pk, text=f"Note {number}.")
    with pytest.raises(InvalidInput):
        write_note(cast.ada, claim.pk, text="One more.")


@pytest.mark.parametrize("who", ["ada", "cleo"])
def test_its_writer_or_an_editor_removes_it_words_and_all(cast, claim, who):
    note = write_note(cast.ada, claim.pk, text="Ours.")
    remove_note(getattr(cast, who), claim.pk, reference=note.reference)
    note.refresh_from_db()
    assert note.text == ""
    assert notes_on(cast.ada, claim) == []


def test_another_fact_checker_does_not_remove_it(cast, claim):
    note = write_note(cast.ada, claim.pk, text="Ours.")
    with pytest.raises(NotAllowed):
        remove_note(cast.ben, claim.pk, reference=note.reference)
    assert notes_on(cast.ada, claim) == [note]


def test_a_note_is_removed_once_and_only_from_its_own_claim(cast, claim):
    note = write_note(cast.ada, claim.pk, text="Ours.")
    other = make_claim(cast, "Another.")
    with pytest.raises(NotFound):
        remove_note(cast.ada, other.pk, reference=note.reference)
    remove_note(cast.ada, claim.pk, reference=note.reference)
    with pytest.raises(NotFound):
        remove_note(cast.ada, claim.pk, reference=note.reference)
