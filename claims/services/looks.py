"""Record what the watch saw: the one writer between a look and the record.

Looks that saw what was seen before are extended in one statement. Looks that saw a change are
recorded many to a transaction: runs, snapshots, link states, quote states, flags, entries, next
due times. Where so many claims rest on one page that their entries would not fit, its look takes
several transactions, safely redone. A look whose lease was lost is discarded.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from claims.models import Claim, Evidence, Snapshot, Source
from claims.services.arrays import array_of, texts_of
from claims.services.findings import Effects, apply_findings, claims_touched, keep_standing
from claims.services.ledger import MOST_ENTRIES, Recorder, Text, recording
from claims.services.reviews import Cause, NewFlag
from claims.services.runs import (
    Finish,
    begins_run,
    close_runs,
    extend_runs,
    finish,
    hold_hosts,
)
from claims.services.settle import settle_all
from claims.services.siblings import look_at_siblings
from claims.services.turns import Turn, lock_turns, resting_on_turns
from claims.states import EntryKind, FlagKind, LinkState, QuoteState
from claims.types import MACHINE, Look

NAMESPACE = uuid.UUID("5b0f4f2c-6a53-4a0c-9d8e-57e757e757e7")
# The most entries a source, a claim and a piece of evidence can bring about.
ENTRIES_A_LOOK = 2
ENTRIES_A_CLAIM = 6
ENTRIES_A_QUOTE = 3

LINK_FLAGS = {
    LinkState.GONE: FlagKind.SOURCE_GONE,
    LinkState.MOVED: FlagKind.SOURCE_MOVED,
    LinkState.UNREACHABLE: FlagKind.SOURCE_UNREACHABLE,
}

TURN = """
UPDATE claims_source s
SET snapshot_id = t.snapshot_id, link_state = t.state,
    link_reason = t.reason,
    link_state_since_at = CASE WHEN s.link_state = t.state THEN s.link_state_since_at
        ELSE %(at)s END,
    title = t.title,
    final_url = CASE WHEN t.url = '' THEN s.final_url ELSE t.url END
FROM ROWS FROM (unnest(%(id)s::bigint[], %(snapshot)s::bigint[], %(state)s::text[]),
    json_array_elements_text(%(reason)s), json_array_elements_text(%(title)s),
    json_array_elements_text(%(url)s)) AS t (id, snapshot_id, state, reason, title, url)
WHERE s.id = t.id
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many looks of a batch extended a run, changed something, or had lost their lease."""

    extended: int
    changed: int
    lost: int


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into one transaction: looks, and the claims each may change, by source."""

    looks: Sequence[Look]
    touched: Mapping[int, Collection[int]]
    is_last: bool = True


def record_looks(looks: Sequence[Look]) -> Recorded:
    """Record a batch of finished looks.

    Args:
        looks: at most one a source; made outside any transaction.

    Returns:
        Recorded; its numbers add up to the batch.
    """
    hold_hosts(looks)
    extended = extend_runs([look for look in looks if look.assessment is None])
    rest = [look for look in looks if look.source_id not in extended]
    changed = sum(_record(part) for part in _parts(rest))
    return Recorded(len(extended), changed, len(rest) - changed)


def _parts(looks: Sequence[Look]) -> Iterator[Part]:
    """Divide looks so that no transaction can have more entries than the ledger takes."""
    touched = claims_touched(looks, link_flags=LINK_FLAGS) if looks else {}
    together: list[Look] = []
    entries = 0
    for look in sorted(looks, key=lambda look: look.source_id):
        claims = touched[look.source_id]
        expected = ENTRIES_A_LOOK + sum(map(_entries, claims.values()))
        if expected > MOST_ENTRIES:
            yield from _series(look, claims)
            continue
        if entries + expected > MOST_ENTRIES:
            yield Part(together, touched)
            together, entries = [], 0
        together.append(look)
        entries += expected
    if together:
        yield Part(together, touched)


def _series(look: Look, claims: Mapping[int, int]) -> Iterator[Part]:
    chunk: list[int] = []
    entries = ENTRIES_A_LOOK
    for claim_id, quotes in sorted(claims.items()):
        if chunk and entries + _entries(quotes) > MOST_ENTRIES:
            yield Part([look], {look.source_id: chunk}, is_last=False)
            chunk, entries = [], ENTRIES_A_LOOK
        chunk.append(claim_id)
        entries += _entries(quotes)
    yield Part([look], {look.source_id: chunk})


def _entries(quotes: int) -> int:
    return ENTRIES_A_CLAIM + ENTRIES_A_QUOTE * quotes


def _record(part: Part) -> int:
    """Record one part; return how many looks are done with it."""
    with recording(MACHINE) as record:
        claims = _lock({pk for look in part.looks for pk in part.touched[look.source_id]})
        turns = lock_turns(part.looks, record=record)
        effects = Effects()
        resting = resting_on_turns([turn for turn in turns if part.touched[turn.source.pk]])
        for turn, rows in resting:
            _apply(turn, rows, claims, effects=effects, record=record)
        effects.write(record=record)
        settle_all([claims[claim_id] for claim_id in sorted(effects.touched)], record=record)
        if not part.is_last:
            return 0
        keep_standing([found for turn in turns for found in _standing(turn)])
        _change_links(turns, record=record)
        _finish(turns, record=record)
        look_at_siblings([turn.source.pk for turn in turns if turn.is_first_miss])
        return len(turns)


def _lock(claim_ids: Collection[int]) -> dict[int, Claim]:
    if not claim_ids:
        return {}
    rows: QuerySet[Claim] = Claim.objects.filter(pk__in=claim_ids).order_by("pk")
    locked = rows.select_related("desk").select_for_update(of=("self",), no_key=True)
    return {claim.pk: claim for claim in locked}


def _apply(
    turn: Turn,
    rows: Sequence[Evidence],
    claims: Mapping[int, Claim],
    *,
    effects: Effects,
    record: Recorder,
) -> None:
    """Bring quote states and flags of the locked claims in line with one look."""
    look = turn.look
    if look.assessment is not None and turn.after is not None:
        cause = _cause(turn.source, turn.after, is_stealth=look.assessment.is_stealth)
        apply_findings(look.assessment, rows, claims, cause=cause, effects=effects, record=record)
    if look.link_state != turn.source.link_state:
        _flag_link(turn, rows, claims, effects=effects)


def _cause(source: Source, after: Snapshot, *, is_stealth: bool) -> Cause:
    """Name the change by its snapshot, so that a redone recording raises no flag twice."""
    return Cause(
        source=source,
        before=source.snapshot,
        after=after,
        is_stealth=is_stealth,
        id=uuid.uuid5(NAMESPACE, f"snapshot:{after.pk}"),
    )


def _flag_link(
    turn: Turn, rows: Sequence[Evidence], claims: Mapping[int, Claim], *, effects: Effects
) -> None:
    """Flag the claims whose source vanished, moved, or has not been reachable for long."""
    look, source = turn.look, turn.source
    kind = LINK_FLAGS.get(look.link_state)
    if kind is None:
        return
    name = f"link:{source.pk}:{look.link_state}:{source.link_state_since_at.isoformat()}"
    cause = Cause(source=source, before=source.snapshot, id=uuid.uuid5(NAMESPACE, name))
    for row in rows:
        if row.claim_id in claims:
            effects.flag(NewFlag(claims[row.claim_id], kind, cause, row, detail=look.link_reason))


def _standing(turn: Turn) -> Iterator[tuple[int, int]]:
    """Yield evidence and snapshot for each quote that was found in a new text."""
    if turn.after is None or turn.look.assessment is None or not turn.is_new_text:
        return
    for finding in turn.look.assessment.quotes:
        if finding.state is QuoteState.STANDING:
            yield finding.evidence_id, turn.after.pk


def _change_links(turns: Sequence[Turn], *, record: Recorder) -> None:
    """Write link states, snapshots and titles, with an entry where a state moved."""
    for turn in turns:
        if (turn.look.link_state, _reason(turn)) != _link_of(turn.source):
            _enter_link(turn, record=record)
        if _title(turn) != turn.source.title:
            _enter_title(turn, record=record)
    values: dict[str, Any] = {
        "at": record.at,
        "id": array_of(turn.source.pk for turn in turns),
        "snapshot": array_of(turn.after.pk if turn.after else None for turn in turns),
        "state": array_of(turn.look.link_state for turn in turns),
        "reason": texts_of([_reason(turn) for turn in turns]),
        "title": texts_of([_title(turn) for turn in turns]),
        "url": texts_of([turn.look.final_url for turn in turns]),
    }
    with connection.cursor() as cursor:
        cursor.execute(TURN, values)


def _link_of(source: Source) -> tuple[str, str]:
    return source.link_state, source.link_reason


def _reason(turn: Turn) -> str:
    """Return why the link is in its state: as told when the state, or this run of looks, began."""
    is_same = turn.look.link_state == turn.source.link_state
    begins = begins_run(turn.run, turn.look, is_same_text=not turn.is_new_text)
    return turn.source.link_reason if is_same and not begins else turn.look.link_reason


def _title(turn: Turn) -> str:
    """Return what a source is called after a look: as its last text is, once it has a title."""
    named = turn.after.title if turn.after is not None and turn.is_new_text else ""
    return named or turn.source.title


def _enter_title(turn: Turn, *, record: Recorder) -> None:
    source = turn.source.reference
    sets = {source: {"title": Text(_title(turn))}}
    if not record.beside(source, sets=sets):
        record.add(EntryKind.SOURCE_EDITED, source=source, sets=sets)


def _enter_link(turn: Turn, *, record: Recorder) -> None:
    look, source = turn.look, turn.source
    is_same = look.link_state == source.link_state
    since_at = source.link_state_since_at if is_same else record.at
    record.add(
        EntryKind.LINK_STATE_CHANGED,
        source=source.reference,
        sets={
            source.reference: {
                "link_state": look.link_state,
                "link_state_since_at": since_at,
                "link_reason": Text(_reason(turn)),
            }
        },
        was=LinkState(source.link_state),
        look=look.outcome,
        http_status=look.status,
    )


def _finish(turns: Sequence[Turn], *, record: Recorder) -> None:
    """End the leases: close the runs these looks broke, extend the others, set due times."""
    ends, broken = [], []
    for turn in turns:
        begins = begins_run(turn.run, turn.look, is_same_text=not turn.is_new_text)
        if begins:
            broken.append((turn.source.pk, turn.source.snapshot_id))
        is_change = turn.is_new_text and turn.source.snapshot is not None
        ends.append(Finish(turn.look, begins=begins, is_change=is_change))
    close_runs(broken, at=record.at)
    finish(ends)
