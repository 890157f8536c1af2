"""The ledger's arithmetic: golden vectors, the same in Python and in the database."""

import hashlib
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from claims.models.chain import GENESIS, canonical, commitment, hash_of, leaf_of, microseconds

AT = datetime(2024, 10, 18, 9, 30, 0, 123456, tzinfo=UTC)
BODY = '{"actor":{"kind":"machine"},"nonce":"00112233445566778899aabbccddeeff","v":1,"ö":"北"}'
LEAF = bytes.fromhex("e74f1f77c56cbf8d17b9e86b61d44d41580b7c28da67da201d5fe31cc7011664")
HASH = bytes.fromhex("a5d7397e68f27cc6121864bb48bc8bcda8e3370b6e0fd71ce193e008df7e98bf")


def test_leaf_and_hash_are_the_documented_bytes():
    leaf = leaf_of(seq=1, recorded_at=AT, kind="claim_opened", body=BODY)
    assert (leaf, hash_of(prev_hash=GENESIS, leaf=leaf)) == (LEAF, HASH)


def test_the_vector_is_plain_sha256_over_the_documented_bytes():
    leaf = hashlib.sha256(b"\x001\n1729243800123456\nclaim_opened\n" + BODY.encode()).digest()
    assert (leaf, hashlib.sha256(b"\x01" + bytes(32) + leaf).digest()) == (LEAF, HASH)


INSERT = (
    "INSERT INTO claims_ledgerentry (seq, recorded_at, kind, body, prev_hash, leaf, hash)"
    " VALUES (%s, %s, 'claim_opened', %s, %s, %s, %s) RETURNING leaf, hash"
)


def test_the_database_computes_the_same(owner):
    with owner.transaction(force_rollback=True):
        row = owner.execute(INSERT, [1, AT, BODY, GENESIS, LEAF, HASH]).fetchone()
    assert tuple(map(bytes, row)) == (LEAF, HASH)


@pytest.mark.parametrize(
    ("seq", "at", "body", "prev_hash", "leaf", "digest"),
    [
        (2, AT, BODY, GENESIS, LEAF, HASH),
        (1, AT.replace(microsecond=0), BODY, GENESIS, LEAF, HASH),
        (1, AT, BODY.replace("machine", "someone"), GENESIS, LEAF, HASH),
        (1, AT, BODY, b"\x01" * 32, LEAF, HASH),
        (1, AT, BODY, GENESIS, b"\x01" * 32, HASH),
        (1, AT, BODY, GENESIS, LEAF, b"\x01" * 32),
    ],
)
def test_a_restored_entry_must_be_exactly_right(owner, seq, at, body, prev_hash, leaf, digest):
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="does not continue the chain"),
        owner.transaction(force_rollback=True),
    ):
        owner.execute(INSERT, [seq, at, body, prev_hash, leaf, digest])


def test_the_application_role_may_not_restore(db):
    with (
        pytest.raises(ProgrammingError, match="only the owner restores"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(INSERT, [1, AT, BODY, GENESIS, LEAF, HASH])


def test_a_time_given_without_the_hashes_is_refused(owner):
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="the database's"),
        owner.transaction(force_rollback=True),
    ):
        owner.execute(INSERT, [None, AT, BODY, None, None, None])


@pytest.mark.parametrize("body", ['{"v":1}', "[]", '{"nonce":"00112233445566778899aabbccddeeff"}'])
def test_a_body_without_version_or_nonce_is_refused(owner, body):
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="lacks v or nonce"),
        owner.transaction(force_rollback=True),
    ):
        owner.execute(INSERT, [None, None, body, None, None, None])


def test_an_entry_never_occurs_after_it_is_recorded(owner):
    body = BODY.replace('"nonce"', '"occurred_at":99999999999999999,"nonce"')
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="occurred after"),
        owner.transaction(force_rollback=True),
    ):
        owner.execute(INSERT, [None, None, body, None, None, None])


def test_microseconds_are_exact_far_from_the_epoch():
    at = datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert microseconds(at) == 7258118399999999


def test_a_body_is_sorted_compact_and_unescaped():
    assert canonical({"b": 1, "a": ["ö", None, True]}) == '{"a":["ö",null,true],"b":1}'


@pytest.mark.parametrize(
    "value", [1.5, {"a": 0.1}, ["\x00"], "e\u0301", "\ud800", {"e\u0301": 1}, {1, 2}]
)
def test_what_cannot_be_canonical_is_refused(value):
    with pytest.raises(ValueError, match="ledger body"):
        canonical(value)


def test_a_commitment_hides_the_text_behind_its_salt():
    one, two = (commitment("North Korea", salt=bytes([n]) * 32) for n in (1, 2))
    assert one != two
    assert one == "sha256:" + hashlib.sha256(b"\x01" * 32 + b"North Korea").hexdigest()
