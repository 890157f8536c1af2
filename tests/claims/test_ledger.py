"""The ledger: append-only to everybody, gapless, verifiable, and readable by right."""

import json

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from claims.errors import LedgerBroken
from claims.models import Claim, LedgerEntry, LedgerText
from claims.models.chain import hash_of, leaf_of
from claims.queries.ledger import changes, head_seq, history, verify
from claims.services import claims
from claims.services.ledger import Recorder, clock
from claims.services.origins import add_origin
from claims.services.people import set_membership
from claims.states import EntryKind, Role, Visibility
from claims.types import MACHINE
from tests.claims.cast import fresh, make_cast, make_claim, make_evidence
from tests.conftest import empty

REFUSED = [
    "UPDATE claims_ledgerentry SET kind = 'tip'",
    "DELETE FROM claims_ledgerentry",
    "TRUNCATE claims_ledgerentry",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_application_role_cannot(cast, statement):
    make_claim(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_a_superuser_cannot(committed_db, superuser, statement, mode):
    make_claim(make_cast())
    superuser.execute(f"SET session_replication_role = {mode}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed or removed"):
        superuser.execute(statement)


def test_the_application_role_deletes_nothing_of_the_record(cast):
    make_claim(cast)
    for table in ("claims_claim", "claims_evidence", "claims_source", "claims_ledgertext"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_seq_runs_without_a_gap_over_an_aborted_transaction(cast):
    make_claim(cast)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_claim(cast)
        raise ZeroDivisionError
    make_claim(cast)
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_no_free_text_stands_in_a_body(cast):
    claim = make_claim(cast, "Seven hundred geese crossed the border.")
    make_evidence(cast, claim, quote="seven hundred geese")
    bodies = " ".join(LedgerEntry.objects.values_list("body", flat=True)).lower()
    for word in ("geese", "example.org", '"ada"', "crossed"):
        assert word not in bodies


def test_more_than_five_hundred_entries_in_one_transaction_are_refused(db):
    record = Recorder(MACHINE, clock())
    for _ in range(501):
        record.add(EntryKind.SOURCE_EDITED)
    with pytest.raises(ValueError, match="at most 500"):
        record.write()


def test_an_untouched_ledger_verifies(cast, capsys):
    make_evidence(cast, make_claim(cast))
    call_command("verify_ledger")
    assert capsys.readouterr().out.startswith("whole: ")


def tampered(rows, change):
    """The chain after somebody with every right edited it in a copy."""
    copied = list(rows)
    change(copied)
    return copied


def rechain(rows, start):
    """Recompute all hashes from `start` on, as a careful forger would."""
    head = bytes(rows[start - 1].hash) if start else bytes(32)
    for row in rows[start:]:
        row.prev_hash = head
        row.leaf = leaf_of(seq=row.seq, recorded_at=row.recorded_at, kind=row.kind, body=row.body)
        head = row.hash = hash_of(prev_hash=head, leaf=row.leaf)


def set_on(place, **values):
    def change(rows):
        for name, value in values.items():
            setattr(rows[place], name, value)

    return change


def swap(rows):
    rows[2].body, rows[3].body = rows[3].body, rows[2].body


def drop_middle(rows):
    del rows[2]


TAMPERING = [
    ("a body", set_on(2, body='{"v":1}'), 3),
    ("a kind", set_on(2, kind="tip"), 3),
    ("a hash", set_on(2, hash=b"\x01" * 32), 3),
    ("a leaf", set_on(2, leaf=b"\x01" * 32), 3),
    ("a link", set_on(2, prev_hash=b"\x01" * 32), 3),
    ("a column", set_on(2, claim_ref="ST-000000"), 3),
    ("two bodies swapped", swap, 3),
    ("the middle", drop_middle, 3),
    ("the first", lambda rows: rows.pop(0), 1),
]


@pytest.mark.parametrize(("what", "change", "seq"), TAMPERING)
def test_tampering_is_named_by_its_first_bad_seq(cast, what, change, seq):
    make_evidence(cast, make_claim(cast))
    make_claim(cast)
    rows = tampered(LedgerEntry.objects.order_by("seq"), change)
    with pytest.raises(LedgerBroken) as broken:
        verify(rows)
    assert broken.value.seq == seq


def test_a_forgery_rechained_to_its_end_breaks_with_the_entry_after_it(cast):
    for _ in range(3):
        make_claim(cast)
    rows = list(LedgerEntry.objects.order_by("seq"))
    tail = rows.pop()
    rows[0].body = rows[0].body.replace('"v":1', '"v":2')
    rechain(rows, 0)
    with pytest.raises(LedgerBroken) as broken:
        verify([*rows, tail])
    assert broken.value.seq == tail.seq


COLUMNS = "seq, recorded_at, kind, body, claim_ref, source_ref, prev_hash, leaf, hash"


@pytest.fixture
def carried_away(committed_db, owner) -> list[bytes]:
    """The rows of a ledger as a dump holds them; the table is empty again."""
    cast = make_cast()
    make_evidence(cast, make_claim(cast))
    with owner.cursor().copy(f"COPY claims_ledgerentry ({COLUMNS}) TO STDOUT") as copy:
        rows = b"".join(copy).splitlines(keepends=True)
    empty(owner)
    return rows


def bring_back(owner, rows) -> None:
    with owner.cursor().copy(f"COPY claims_ledgerentry ({COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write(row)


def test_a_dump_is_loaded_as_it_was(carried_away, owner):
    bring_back(owner, carried_away)
    rows = LedgerEntry.objects.order_by("seq")
    assert verify(rows).entries == len(carried_away)


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [
        (lambda rows: [*rows[:2], rows[2].replace(b"evidence_added", b"tip"), *rows[3:]], 3),
        (lambda rows: [rows[0], *rows[2:]], 2),
        (lambda rows: [rows[1], rows[0], *rows[2:]], 1),
        (lambda rows: [rows[0], rows[1].replace(b"\t20", b"\t19", 1), *rows[2:]], 2),
    ],
)
def test_a_tampered_dump_cannot_be_loaded(carried_away, owner, tamper, seq):
    with pytest.raises(psycopg.errors.CheckViolation, match=f"entry {seq} "):
        bring_back(owner, tamper(carried_away))
    assert not LedgerEntry.objects.exists()


def test_a_status_that_no_entry_set_is_named(cast):
    claim = make_claim(cast)
    Claim.objects.filter(pk=claim.pk).update(status="corroborated")
    with pytest.raises(CommandError, match=f"{claim.reference} has status corroborated"):
        call_command("verify_ledger")


def test_an_altered_text_is_named(cast):
    make_claim(cast)
    LedgerText.objects.filter(text__contains="soldiers").update(text="Other words.")
    with pytest.raises(CommandError, match="not what was committed to"):
        call_command("verify_ledger")


def test_a_redacted_text_leaves_the_chain_whole(cast, capsys):
    make_claim(cast)
    LedgerText.objects.update(text=None, salt=None)
    call_command("verify_ledger")
    assert "0 texts" in capsys.readouterr().out


def test_the_feed_gives_every_entry_once_in_order(cast):
    claim = make_claim(cast)
    for number in range(4):
        make_evidence(cast, claim, quote=f"passage {number}")
    seqs, after = [], 0
    while page := changes(cast.dora, after=after, limit=3):
        seqs += [entry.seq for entry in page]
        after = page[-1].seq
    assert seqs == list(range(1, head_seq() + 1))


def test_an_entry_of_a_restricted_claim_is_withheld_never_skipped(cast):
    make_claim(cast, visibility=Visibility.RESTRICTED)
    mine, theirs = (changes(who, after=0, limit=200) for who in (cast.ada, cast.omar))
    assert [entry.seq for entry in mine] == [entry.seq for entry in theirs]
    assert [entry.hash for entry in mine] == [entry.hash for entry in theirs]
    opened = next(entry for entry in theirs if entry.seq == mine[-1].seq)
    assert opened.is_withheld
    assert (opened.kind, opened.texts) == ("withheld", {})
    assert not mine[-1].is_withheld


def test_the_source_of_a_restricted_claim_is_withheld_too(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    make_evidence(cast, claim)
    assert [entry.kind for entry in changes(cast.omar, after=0, limit=200)] == ["withheld"] * 3


def test_a_confidential_origin_is_told_to_its_desk_only(cast):
    add_origin(cast.ada, values={"name": "Heron", "kind": "person"}, confidential_at=cast.desk)
    kinds = [changes(who, after=0, limit=200)[-1].kind for who in (cast.ada, cast.omar)]
    assert kinds == ["origin_added", "withheld"]


def test_entries_on_people_and_tokens_are_the_administrators(cast):
    set_membership(cast.admin, user=cast.users["dora"], desk=cast.desk, role=Role.FACT_CHECKER)
    kinds = [changes(who, after=0, limit=200)[-1].kind for who in (cast.admin, cast.ada)]
    assert kinds == ["membership_set", "withheld"]


def test_opening_a_claim_carries_its_whole_state(cast):
    claim = make_claim(cast, visibility=Visibility.RESTRICTED)
    row = make_evidence(cast, claim)
    claims.set_visibility(cast.cleo, claim.pk, to=Visibility.OPEN, seen=fresh(claim).revision)
    opened = next(
        entry for entry in changes(cast.omar, after=0, limit=200) if entry.kind == "opened"
    )
    state = opened.body["sets"][claim.reference]
    assert opened.resolve(state["statement"]) == claim.statement
    assert set(opened.body["sets"]) == {claim.reference, row.reference}


def test_hiding_a_claim_is_told_to_its_former_readers(cast):
    claim = make_claim(cast)
    claims.set_visibility(cast.cleo, claim.pk, to=Visibility.RESTRICTED, seen=fresh(claim).revision)
    told = [entry.kind for entry in changes(cast.omar, after=0, limit=200)]
    assert "hidden" in told
    assert "claim_opened" not in told


def test_history_resolves_its_texts(cast):
    claim = make_claim(cast)
    entry = history(cast.ada, claim.reference)[0]
    assert entry.resolve(entry.body["sets"][claim.reference]["statement"]) == claim.statement
    assert entry.resolve(entry.body["actor"]["name"]) == "Ada"


def test_export_holds_what_a_stranger_needs_to_verify(cast, tmp_path):
    make_claim(cast)
    target = tmp_path / "ledger.jsonl"
    call_command("verify_ledger", export=target, verbosity=0)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, head_seq() + 1))
