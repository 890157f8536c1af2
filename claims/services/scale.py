"""Fill a database with claims at scale, for measuring: COPY, the chain verified by its trigger.

The entries are chained here, by the documented arithmetic, and restored as the owner: the trigger
checks every one. What comes out is a record like any other; `verify_ledger` finds it whole.
"""

import random
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

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
from claims.services.scale_entries import Chain, Row, claim_opened, evidence_added, origins_added
from claims.states import (
    ClaimStatus,
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


class Named(NamedTuple):
    """What the database gave a row before it is made."""

    pk: int
    reference: str


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
    chain = _chain(len(origins) + claims * (1 + evidence_per_claim), dice)
    before = chain.seq
    with transaction.atomic(using=OWNER):
        _append(origins_added(origins, chain), chain)
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


def _append(entries: Iterable[Row], chain: Chain) -> None:
    _copy(LedgerText, chain.texts)
    chain.texts.clear()
    _copy(LedgerEntry, entries)


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
        entries.append(claim_opened(claim, chain))
        for _ in range(evidence_per_claim):
            source_name, evidence_name = next(pairs)
            source = _source(source_name, chain.at)
            row = _evidence(evidence_name, claim, source, dice.choice(origins), dice)
            sources.append(source)
            watches.append(_watch(source, dice.choice(hosts), chain.at))
            evidence.append(row)
            entries.append(evidence_added(claim, row, source, chain))
    for model, rows in ((Claim, claims), (Source, sources), (Watch, watches), (Evidence, evidence)):
        _copy(model, _rows(model, rows))
    _append(entries, chain)


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
