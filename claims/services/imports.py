"""Carry claims over from a file: all of it, or nothing.

What a file says of a status is told in a note and never taken over: an imported claim is reported,
not yet reviewed. A claim whose very statement is on record at the desk is left alone, so that a
file sent twice changes nothing more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection, transaction

from claims.access import require
from claims.errors import RuleRefused
from claims.models import Desk, Evidence
from claims.services.claims import put_on_record
from claims.services.evidence import put_on_claim
from claims.services.import_plans import Plan, PlannedRow, on_record
from claims.services.ledger import MOST_ENTRIES, Recorder, Text, clock
from claims.services.sources import link_page
from claims.states import ActorKind, EntryKind, Verb
from claims.types import Actor

IMPORTING = 0x57E9
"""Advisory lock: one file at a time, so that two of the same cannot both find nothing on record."""

ENTRIES_A_CLAIM, ENTRIES_A_PAGE = 2, 5
"""The most that one row enters, without its linked pages and for each: parts are made by it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: references of the claims opened, and how many rows were left alone."""

    opened: tuple[str, ...]
    left: int


def import_claims(actor: Actor, plan: Plan, *, desk: Desk) -> Imported:
    """Open the claims of a plan: all of them, or none. Evidence is linked by address.

    Rows whose statement came on record since the plan was made are left alone like the others.

    Raises:
        RuleRefused: a row has a fault; nothing is written.
        NotAllowed: no fact-checker of this desk.
    """
    by = replace(actor, kind=ActorKind.IMPORT, signed_in=False)
    require(by, Verb.WRITE, desk)
    if plan.faults:
        raise RuleRefused(f"{len(plan.faults)} faults in the file: nothing was imported.")
    with transaction.atomic():
        _one_at_a_time()
        twins = on_record(desk, (row.statement for row in plan.rows))
        rows = [row for row in plan.opened if row.statement not in twins]
        opened = _write(by, rows, desk=desk, sha256=plan.sha256)
    return Imported(opened, len(plan.rows) - len(rows))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])


def _write(by: Actor, rows: list[PlannedRow], *, desk: Desk, sha256: str) -> tuple[str, ...]:
    """Write everything first and all entries last: so long is the ledger's lock held."""
    at = clock()
    recorders = []
    opened = []
    for part in _parts(rows):
        record = Recorder(by, at)
        opened += [_open(row, desk=desk, record=record, sha256=sha256) for row in part]
        recorders.append(record)
    for record in recorders:
        record.write()
    return tuple(opened)


def _parts(rows: Iterable[PlannedRow]) -> Iterator[list[PlannedRow]]:
    """Yield the rows in parts of which each enters no more than one recorder takes."""
    part: list[PlannedRow] = []
    entries = 0
    for row in rows:
        own = ENTRIES_A_CLAIM + ENTRIES_A_PAGE * len(row.evidence)
        if part and entries + own > MOST_ENTRIES:
            yield part
            part, entries = [], 0
        part.append(row)
        entries += own
    if part:
        yield part


def _open(row: PlannedRow, *, desk: Desk, record: Recorder, sha256: str) -> str:
    claim = put_on_record(
        desk=desk,
        values=row.values,
        figures=row.figures,
        visibility=row.visibility,
        record=record,
    )
    note = carried_over(row, sha256=sha256)
    record.add(EntryKind.COMMENTED, claim=claim.reference, file=sha256, comment=Text(note))
    for item in row.evidence:
        source = link_page(item.url, record=record, allow=settings.FETCH_ALLOW_PRIVATE)
        made = Evidence(
            claim=claim, source=source, created_by_id=record.actor.user_id, **item.values
        )
        put_on_claim(made, record=record, figures=item.figures)
    return claim.reference


def carried_over(row: PlannedRow, *, sha256: str) -> str:
    """Return the note that stays with an imported claim: whence it came, what the file said."""
    named = f", there “{row.external_id}”" if row.external_id else ""
    said = f" The file called it “{row.claimed}”." if row.claimed else ""
    return (
        f"Carried over from row {row.number} of a file{named} (SHA-256 {sha256}).{said} "
        "Here it begins as reported, not yet reviewed."
    )
