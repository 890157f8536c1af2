"""Write to the ledger: collect what happened, and append it all as the last statement.

A service opens `recording(actor)`, changes its rows, adds entries, and leaves; the entries of the
whole transaction go in with one INSERT, so the ledger's lock is held for the shortest time.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db import connection, transaction

from claims.models.chain import Value, canonical, commitment, microseconds
from claims.services.arrays import array_of, texts_of
from claims.states import EntryKind
from claims.types import Actor

SCHEMA_VERSION = 1
MOST_ENTRIES = 500

INSERT = """
    INSERT INTO claims_ledgerentry (kind, body)
    SELECT kind, body
    FROM ROWS FROM (unnest(%s::text[]), json_array_elements_text(%s::json))
        WITH ORDINALITY AS t (kind, body, n)
    ORDER BY n RETURNING seq
"""
INSERT_TEXTS = """
    INSERT INTO claims_ledgertext (commitment, salt, text)
    SELECT commitment, decode(salt, 'hex'), text
    FROM ROWS FROM (unnest(%s::text[]), unnest(%s::text[]), json_array_elements_text(%s::json))
        AS t (commitment, salt, text)
"""


@dataclass(frozen=True, slots=True)
class Text:
    """A free text: the body gets a commitment, the text itself lies in the erasable table."""

    text: str


Plain = (
    None
    | bool
    | int
    | str
    | Decimal
    | datetime
    | date
    | StrEnum
    | Text
    | list["Plain"]
    | tuple["Plain", ...]
    | Mapping[str, "Plain"]
)
"""What a service may put into an entry; `str` only for ids, words of closed lists and hashes."""


@dataclass(slots=True)
class Recorder:
    """The entries of one transaction, in order."""

    actor: Actor
    at: datetime
    occurred_at: datetime | None = None
    _kinds: list[str] = field(default_factory=list)
    _bodies: list[dict[str, Value]] = field(default_factory=list)
    _texts: list[tuple[str, bytes, str]] = field(default_factory=list)
    _last: dict[str, dict[str, Value]] = field(default_factory=dict)

    def add(
        self,
        kind: EntryKind,
        *,
        claim: str | None = None,
        source: str | None = None,
        sets: Mapping[str, Mapping[str, Plain]] | None = None,
        **detail: Plain,
    ) -> None:
        """Add an entry.

        Args:
            kind: what happened.
            claim: reference of the claim it is about; readers who may not see it get it withheld.
            source: reference of the source it is about, where there is no claim.
            sets: new values, by reference of the object, then field: folding the `sets` of all
                entries gives the record's present state.
            detail: further facts; free text as `Text`.
        """
        body: dict[str, Value] = {
            "v": SCHEMA_VERSION,
            "nonce": secrets.token_hex(16),
            "actor": self._actor(),
        }
        if claim is not None:
            body["claim"] = claim
        if source is not None:
            body["source"] = source
        if self.occurred_at is not None:
            body["occurred_at"] = microseconds(self.occurred_at)
        if sets:
            body["sets"] = self._plain(sets)
        body |= {name: self._plain(value) for name, value in detail.items()}
        self._kinds.append(kind.value)
        self._bodies.append(body)
        for about in (claim, source):
            if about is not None:
                self._last[about] = body

    def beside(
        self, about: str, *, sets: Mapping[str, Mapping[str, Plain]] | None = None, **detail: Plain
    ) -> bool:
        """Add to this transaction's last entry about a claim or source, instead of one more.

        Args:
            about: reference of the claim or source.
            sets: further new values, as in `add`.
            detail: further facts, as in `add`.

        Returns:
            False, with nothing added, where this transaction has no entry about it so far.
        """
        body = self._last.get(about)
        if body is None:
            return False
        if sets:
            body["sets"] = self._merged(body.get("sets"), sets)
        body |= {name: self._plain(value) for name, value in detail.items()}
        return True

    def _merged(self, known: Value, more: Mapping[str, Mapping[str, Plain]]) -> Value:
        merged = dict(known) if isinstance(known, dict) else {}
        for reference, values in more.items():
            own, further = merged.get(reference), self._plain(values)
            assert isinstance(further, dict)  # noqa: S101 - for the type checker
            merged[reference] = {**own, **further} if isinstance(own, dict) else further
        return merged

    def _actor(self) -> Value:
        actor: dict[str, Plain] = {"kind": self.actor.kind}
        if self.actor.reference:
            actor |= {"person": self.actor.reference, "name": Text(self.actor.name)}
        return self._plain(actor)

    def _plain(self, value: Plain) -> Value:
        """Turn a value into what may stand in a body; dates as integers or ISO days."""
        match value:
            case Text():
                return self._commit(value.text) if value.text else None
            case StrEnum() | Decimal() | date():
                return microseconds(value) if isinstance(value, datetime) else str(value)
            case Mapping():
                return {key: self._plain(item) for key, item in value.items()}
            case list() | tuple():
                return [self._plain(item) for item in value]
            case _:
                return value

    def _commit(self, text: str) -> str:
        salt = secrets.token_bytes(32)
        name = commitment(text, salt=salt)
        self._texts.append((name, salt, text))
        return name

    def write(self) -> list[int]:
        """Append what was collected, as one statement; return the seqs."""
        if not self._kinds:
            return []
        if len(self._kinds) > MOST_ENTRIES:
            raise ValueError(f"at most {MOST_ENTRIES} entries a transaction")
        with connection.cursor() as cursor:
            if self._texts:
                names, salts, texts = zip(*self._texts, strict=True)
                salted = array_of(salt.hex() for salt in salts)
                cursor.execute(INSERT_TEXTS, [array_of(names), salted, texts_of(texts)])
            bodies = [canonical(body) for body in self._bodies]
            cursor.execute(INSERT, [array_of(self._kinds), texts_of(bodies)])
            return [seq for (seq,) in cursor.fetchall()]


def clock() -> datetime:
    """Return the database's clock: the only one that orders the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    assert isinstance(at, datetime)  # noqa: S101 - for the type checker
    return at


@contextmanager
def recording(actor: Actor, *, occurred_at: datetime | None = None) -> Iterator[Recorder]:
    """Open one transaction that ends by appending its entries.

    Args:
        actor: who acts; stands in every entry.
        occurred_at: when it truly happened, for seeds and imports; never after now.
    """
    with transaction.atomic():
        recorder = Recorder(actor, clock(), occurred_at)
        yield recorder
        recorder.write()
