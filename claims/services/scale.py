"""Fill a database with claims at scale, for measuring: COPY, the chain verified by its trigger.

The entries are chained here, by the documented arithmetic, and restored as the owner: the trigger
checks every one. What comes out is a record like any other; `verify_ledger` finds it whole.
"""

import random
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connections, models, transaction

from claims.models import (
    Claim,
    Desk,
    Evidence,
    Host,
    LedgerEntry,
    LedgerText,
    Origin,
    Source,
    Watch,
)
from claims.models.chain import Value, canonical, commitment, hash_of, leaf_of, microseconds
from claims.states import (
    ClaimStatus,
    EntryKind,
    Ground,
    LinkState,
    OriginKind,
    QuoteState,
    Stance,
)

CHUNK = 2_000
SPAN = timedelta(days=365)
ORIGINS = 300
HOSTS = 500
OWNER = "owner"
GROUND = {
    ClaimStatus.REPORTED: Ground.NOT_REVIEWED,
    ClaimStatus.CORROBORATED: Ground.INDEPENDENT_ORIGINS,
    ClaimStatus.DISPUTED: Ground.CONFLICTING_ACCOUNTS,
}
SUBJECTS = ("The ministry", "The council", "The army", "The bank", "The agency", "The union")
VERBS = ("counted", "lost", "moved", "bought", "found", "closed")
THINGS = ("houses", "soldiers", "tonnes of grain", "schools", "vehicles", "beds")

Row = tuple[Any, ...]


class Named(NamedTuple):
    """What the database gave a row before it is made."""

    pk: int
    reference: str


@dataclass
class Chain:
    """The chain's head while entries are made, and how their times are spread."""

    seq: int
    head: bytes
    at: datetime
    step: timedelta
    dice: random.Random
    texts: list[Row] = field(default_factory=list)

    def commit(self, text: str) -> str:
        """Return the commitment to a text, which is kept for the text table."""
        salt = self.dice.randbytes(32)
        name = commitment(text, salt=salt)
        self.texts.append((name, salt, text))
        return name

    def entry(self, kind: EntryKind, claim: str, sets: Mapping[str, Value]) -> Row:
        """Return the next entry as a row of the ledger."""
        body = canonical(
            {
                "v": 1,
                "nonce": self.dice.randbytes(16).hex(),
                "actor": {"kind": "import"},
                "claim": claim,
                "sets": dict(sets),
            }
        )
        self.seq, self.at = self.seq + 1, self.at + self.step
        leaf = leaf_of(seq=self.seq, recorded_at=self.at, kind=kind, body=body)
        prev_hash, self.head = self.head, hash_of(prev_hash=self.head, leaf=leaf)
        return (self.seq, self.at, kind.value, body, claim, None, prev_hash, leaf, self.head)


def load(claims: int, *, evidence_per_claim: int = 2, seed: int = 1) -> int:
    """Add claims, sources, evidence and their entries; return how many entries were added.

    Args:
        claims: how many.
        evidence_per_claim: each of a source of its own.
        seed: of the dice; the same seed gives the same proportions.
    """
    dice = random.Random(seed)  # noqa: S311 - proportions, not secrets
    with transaction.atomic(using=OWNER):
        desk, _ = Desk.objects.using(OWNER).get_or_create(
            slug="scale", defaults={"name": "Scale desk"}
        )
        origins = _origins(dice)
        hosts = _hosts()
    chain = _chain(claims * (1 + evidence_per_claim), dice)
    before = chain.seq
    for start in range(0, claims, CHUNK):
        count = min(CHUNK, claims - start)
        with transaction.atomic(using=OWNER):
            _load_chunk(
                count,
                desk=desk,
                origins=origins,
                hosts=hosts,
                chain=chain,
                evidence_per_claim=evidence_per_claim,
            )
    with connections[OWNER].cursor() as cursor:
        cursor.execute("ANALYZE")
    return chain.seq - before


def _origins(dice: random.Random) -> list[Origin]:
    return Origin.objects.using(OWNER).bulk_create(
        Origin(name=f"Agency {number}", kind=OriginKind.AGENCY, reliability=dice.choice("ABCF"))
        for number in range(ORIGINS)
    )


def _hosts() -> list[Host]:
    names = [f"scale-{number}.example.org:443" for number in range(HOSTS)]
    hosts = [Host(authority=name) for name in names]
    Host.objects.using(OWNER).bulk_create(hosts, ignore_conflicts=True)
    return list(Host.objects.using(OWNER).filter(authority__in=names))


def _chain(entries: int, dice: random.Random) -> Chain:
    last = LedgerEntry.objects.using(OWNER).order_by("seq").last()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    start = max(now - SPAN, last.recorded_at) if last else now - SPAN
    head = (last.seq, bytes(last.hash)) if last else (0, bytes(32))
    return Chain(*head, at=start, step=(now - start) / (entries + 1), dice=dice)


def _load_chunk(
    count: int,
    *,
    desk: Desk,
    origins: list[Origin],
    hosts: list[Host],
    chain: Chain,
    evidence_per_claim: int,
) -> None:
    dice = chain.dice
    names = _reserve(Claim, "ST", count)
    sources_named = _reserve(Source, "SO", count * evidence_per_claim)
    evidence_named = _reserve(Evidence, "EV", count * evidence_per_claim)
    claims, sources, watches, evidence, entries = [], [], [], [], []
    pairs = iter(zip(sources_named, evidence_named, strict=True))
    for name in names:
        claim = _claim(name, desk, chain.at, dice)
        claims.append(claim)
        entries.append(_opened(claim, chain))
        for _ in range(evidence_per_claim):
            source_name, evidence_name = next(pairs)
            source = _source(source_name, chain.at)
            row = _evidence(evidence_name, claim, source, dice.choice(origins), dice)
            sources.append(source)
            watches.append(_watch(source, dice.choice(hosts), chain.at))
            evidence.append(row)
            entries.append(_linked(claim, row, source, chain))
    for model, rows in ((Claim, claims), (Source, sources), (Watch, watches), (Evidence, evidence)):
        _copy(model, _rows(model, rows))
    _copy(LedgerText, chain.texts)
    chain.texts.clear()
    _copy(LedgerEntry, entries)


def _reserve(model: type[models.Model], prefix: str, count: int) -> list[Named]:
    """Take ids and references from the database's sequences; later rows go on after them."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')), claims_reference(%s)"
            " FROM generate_series(1, %s)",
            [model._meta.db_table, prefix, count],
        )
        return [Named(*row) for row in cursor.fetchall()]


def _claim(name: Named, desk: Desk, at: datetime, dice: random.Random) -> Claim:
    number = dice.randrange(2, 90_000)
    words = (dice.choice(SUBJECTS), dice.choice(VERBS), f"{number:,}", dice.choice(THINGS))
    status = dice.choices(list(ClaimStatus), weights=(80, 15, 5))[0]
    return Claim(
        pk=name.pk,
        reference=name.reference,
        desk=desk,
        statement=" ".join(words) + f" in district {name.pk}.",
        status=status,
        ground=GROUND[status],
        status_since_at=at,
        basis_since_at=at,
        created_at=at,
    )


def _source(name: Named, at: datetime) -> Source:
    return Source(
        pk=name.pk,
        reference=name.reference,
        url=f"https://scale-{name.pk % HOSTS}.example.org/{secrets.token_hex(4)}/{name.pk}",
        title=f"Report {name.pk}",
        link_state=LinkState.LIVE,
        link_state_since_at=at,
        created_at=at,
    )


def _watch(source: Source, host: Host, at: datetime) -> Watch:
    # never due: nothing answers there
    return Watch(source=source, host=host, last_looked_at=at, last_read_at=at, looks=1)


def _evidence(
    name: Named, claim: Claim, source: Source, origin: Origin, dice: random.Random
) -> Evidence:
    return Evidence(
        pk=name.pk,
        reference=name.reference,
        claim=claim,
        source=source,
        origin=origin,
        stance=dice.choices((Stance.SUPPORTS, Stance.DISPUTES), weights=(9, 1))[0],
        quote=f"“{claim.statement}” it said.",
        quote_state=QuoteState.STANDING,
        quote_state_since_at=claim.created_at,
        created_at=claim.created_at,
    )


def _opened(claim: Claim, chain: Chain) -> Row:
    state: dict[str, Value] = {
        "statement": chain.commit(claim.statement),
        "kind": str(claim.kind),
        "desk": claim.desk.slug,
        "visibility": str(claim.visibility),
        "status": str(claim.status),
        "ground": str(claim.ground),
        "basis": str(claim.basis),
        "status_since_at": microseconds(claim.status_since_at),
    }
    return chain.entry(EntryKind.CLAIM_OPENED, claim.reference, {claim.reference: state})


def _linked(claim: Claim, row: Evidence, source: Source, chain: Chain) -> Row:
    state: dict[str, Value] = {
        "source": source.reference,
        "stance": str(row.stance),
        "quote": chain.commit(row.quote),
        "quote_state": str(row.quote_state),
        "origin": row.origin.reference if row.origin else None,
    }
    return chain.entry(EntryKind.EVIDENCE_ADDED, claim.reference, {row.reference: state})


def _rows(model: type[models.Model], rows: Iterable[models.Model]) -> Iterator[Row]:
    """Return the rows' column values as the database takes them, in the table's own order."""
    connection = connections[OWNER]
    columns = model._meta.concrete_fields
    for row in rows:
        yield tuple(
            column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns
        )


def _copy(model: type[models.Model], rows: Iterable[Row]) -> None:
    connection = connections[OWNER]
    names = ", ".join(
        connection.ops.quote_name(column.column) for column in model._meta.concrete_fields
    )
    table = connection.ops.quote_name(model._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
