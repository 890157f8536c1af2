"""Turn an assessment of one page into quote states and flags on the claims that rest on it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from claims.models import Claim, Evidence
from claims.services.arrays import array_of, texts_of
from claims.services.ledger import Recorder, Text
from claims.services.reviews import Cause, NewFlag, raise_flags
from claims.states import EntryKind, FlagKind, LinkState, NoticeKind, QuoteState
from claims.types import Assessment, Look, QuoteFinding

NOTICE_FLAGS = {
    NoticeKind.CORRECTION: (FlagKind.CORRECTION_NOTICE, FlagKind.RELAYED_CORRECTED),
    NoticeKind.RETRACTION: (FlagKind.RETRACTION, FlagKind.RELAYED_RETRACTED),
}
WENT = frozenset({QuoteState.ALTERED, QuoteState.MISSING})

RELAYING = """
WITH RECURSIVE relaying (source_id, id, claim_id) AS (
    SELECT source_id, id, claim_id FROM claims_evidence WHERE id = ANY (%s)
    UNION
    SELECT r.source_id, e.id, e.claim_id
    FROM claims_evidence e JOIN relaying r ON e.relays_evidence_id = r.id
    WHERE e.withdrawn_at IS NULL
) SELECT source_id, id, claim_id FROM relaying ORDER BY id
"""

MOVE = """
UPDATE claims_evidence e
SET quote_state = t.state, quote_snapshot_id = t.snapshot_id, quote_found = t.found,
    quote_state_since_at = t.since_at::timestamptz
FROM ROWS FROM (unnest(%(id)s::bigint[], %(state)s::text[], %(snapshot)s::bigint[]),
    json_array_elements_text(%(found)s), json_array_elements_text(%(since)s))
    AS t (id, state, snapshot_id, found, since_at)
WHERE e.id = t.id
"""
STILL_THERE = """
WITH free AS (
    SELECT id FROM claims_evidence
    WHERE id = ANY (%(ids)s::bigint[]) AND quote_state = 'standing' AND withdrawn_at IS NULL
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE claims_evidence e SET quote_snapshot_id = t.snapshot_id
FROM free JOIN unnest(%(ids)s::bigint[], %(snapshots)s::bigint[]) AS t (id, snapshot_id)
    ON t.id = free.id
WHERE e.id = free.id
"""


class RestingRow(NamedTuple):
    """What tells whether a look moves a quote."""

    pk: int
    source_id: int
    claim_id: int
    quote_state: str
    quote_found: str
    quote_snapshot_id: int | None
    link_state: str


def claims_touched(
    looks: Iterable[Look], *, link_flags: Iterable[LinkState]
) -> Mapping[int, Mapping[int, int]]:
    """Say which claims looks may change, so that they can be locked before anything is written.

    Args:
        looks: of different sources.
        link_flags: link states that raise flags when a source comes into them.

    Returns:
        By source id: by claim id, how many pieces of evidence are concerned. Empty where a page
        changed but all that rests on it stands as it stood.
    """
    by_source = {look.source_id: look for look in looks}
    counts: dict[int, Counter[int]] = {source_id: Counter() for source_id in by_source}
    rooted: list[int] = []
    for row in _resting_rows(by_source):
        look = by_source[row.source_id]
        comes = look.link_state in link_flags and look.link_state != row.link_state
        if comes or (look.assessment is not None and look.assessment.significant):
            rooted.append(row.pk)
        elif _is_moved(row, look.assessment):
            counts[row.source_id][row.claim_id] += 1
    for source_id, _, claim_id in _relaying(rooted):
        counts[source_id][claim_id] += 1
    return counts


def _resting_rows(source_ids: Collection[int]) -> Iterator[RestingRow]:
    rows = Evidence.objects.filter(source_id__in=source_ids, withdrawn_at__isnull=True)
    for values in rows.order_by("pk").values_list(*RestingRow._fields[:-1], "source__link_state"):
        yield RestingRow(*values)


def _is_moved(row: RestingRow, assessment: Assessment | None) -> bool:
    findings = assessment.quotes if assessment else ()
    found = next((item for item in findings if item.evidence_id == row.pk), None)
    return found is not None and _state_after(row, found) != (row.quote_state, row.quote_found)


def _state_after(row: Evidence | RestingRow, finding: QuoteFinding) -> tuple[QuoteState, str]:
    """Return what a finding makes of a quote: its state, and the nearest text where it is gone.

    A quote the watch never found keeps its state (unchecked, attested), with the nearest text kept
    for the reviewer; one it finds stands, whoever attested it before.
    """
    if finding.state is QuoteState.STANDING:
        return QuoteState.STANDING, ""
    if row.quote_snapshot_id is None:
        return QuoteState(row.quote_state), finding.found
    return finding.state, finding.found


def _relaying(evidence_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (source, evidence, claim) ids of evidence and all that relays it, transitively.

    The source is that of the evidence at the root of each chain.
    """
    if not evidence_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RELAYING, [list(evidence_ids)])
        return [(int(source), int(row), int(claim)) for source, row, claim in cursor.fetchall()]


def keep_standing(found: Sequence[tuple[int, int]]) -> None:
    """Note in which snapshot standing quotes were last found, in one statement.

    Rows that somebody is changing are left as they are: waiting for them could block both.

    Args:
        found: ids of evidence and of the snapshot it was found in.
    """
    if not found:
        return
    values = {
        "ids": array_of(row for row, _ in found),
        "snapshots": array_of(shot for _, shot in found),
    }
    with connection.cursor() as cursor:
        cursor.execute(STILL_THERE, values)


@dataclass(slots=True)
class Effects:
    """What the looks of one transaction do to quotes and claims, to be written in one go."""

    moved: list[Evidence] = field(default_factory=list)
    flags: list[NewFlag] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def flag(self, flag: NewFlag) -> None:
        """Have a flag raised; its claim is settled anew, even if the flag is there already."""
        self.flags.append(flag)
        self.touched.add(flag.claim.pk)

    def write(self, *, record: Recorder) -> None:
        """Write quote states, then flags with the reviews they open."""
        if self.moved:
            with connection.cursor() as cursor:
                cursor.execute(MOVE, _moves(self.moved))
        raise_flags(self.flags, record=record)


def apply_findings(
    assessment: Assessment,
    rows: Sequence[Evidence],
    claims: Mapping[int, Claim],
    *,
    cause: Cause,
    effects: Effects,
    record: Recorder,
) -> None:
    """Apply what was found to the locked claims, and enter moved quotes in the ledger.

    Quote states always follow the page; flags are raised only where the assessment is
    significant, and on evidence that relays what was corrected, retracted or altered.

    Args:
        assessment: of the page.
        rows: all live evidence of its source.
        claims: those that may be changed in this transaction, locked.
        cause: the change of the page.
        effects: takes what is to be written.
        record: of the running transaction.
    """
    by_id = {row.pk: row for row in rows}
    altered: list[int] = []
    for finding in assessment.quotes:
        row = by_id.get(finding.evidence_id)
        if row is None:
            continue
        is_flagged = assessment.significant and _went(row, finding)
        altered += [row.pk] if is_flagged else []
        claim = claims.get(row.claim_id)
        if claim is None:
            continue
        row.claim = claim
        _move(row, finding, cause=cause, effects=effects, record=record)
        if is_flagged:
            effects.flag(NewFlag(claim, _kind_of(finding), cause, row, found=finding.found))
    _flag_notice(assessment, rows, altered, claims, cause=cause, effects=effects)


def _flag_notice(
    assessment: Assessment,
    rows: Sequence[Evidence],
    altered: list[int],
    claims: Mapping[int, Claim],
    *,
    cause: Cause,
    effects: Effects,
) -> None:
    """Flag a correction or retraction on all the page carries, and all that relays it."""
    flags = NOTICE_FLAGS.get(assessment.notice.kind) if assessment.significant else None
    if flags is None:
        kind = FlagKind.RELAYED_CORRECTED
        _flag_relaying(altered, kind, claims, cause=cause, effects=effects)
        return
    own, relayed = flags
    words = assessment.notice.text
    for row in rows:
        if row.claim_id in claims:
            effects.flag(NewFlag(claims[row.claim_id], own, cause, row, detail=words))
    _flag_relaying([row.pk for row in rows], relayed, claims, cause=cause, effects=effects)


def _went(row: Evidence, finding: QuoteFinding) -> bool:
    """Whether a quote that stood before no longer does; one never found cannot go."""
    if finding.state not in WENT or row.quote_snapshot_id is None:
        return False
    return row.quote_state not in WENT or row.quote_found != finding.found


def _move(
    row: Evidence, finding: QuoteFinding, *, cause: Cause, effects: Effects, record: Recorder
) -> None:
    """Bring the quote's state in line with the page; the claim follows where it changed.

    Of a passage that went, other words in its place are a change as well.
    """
    was = QuoteState(row.quote_state)
    now, nearest = _state_after(row, finding)
    if (now, nearest) == (was, row.quote_found):
        return
    if now is QuoteState.STANDING:
        row.quote_snapshot = cause.after
    row.quote_found = nearest
    row.quote_state = now
    effects.moved.append(row)
    if now is was and now not in WENT:
        return
    effects.touched.add(row.claim_id)
    if now is not was:
        row.quote_state_since_at = record.at
    record.add(
        EntryKind.QUOTE_STATE_CHANGED,
        claim=row.claim.reference,
        sets={
            row.reference: {
                "quote_state": now,
                "quote_state_since_at": row.quote_state_since_at,
                "found": Text(row.quote_found),
            }
        },
        was=was,
        snapshot=cause.after.sha256 if cause.after else None,
    )


def _moves(rows: Sequence[Evidence]) -> dict[str, str]:
    return {
        "id": array_of(row.pk for row in rows),
        "state": array_of(row.quote_state for row in rows),
        "snapshot": array_of(row.quote_snapshot_id for row in rows),
        "found": texts_of([row.quote_found for row in rows]),
        "since": texts_of([row.quote_state_since_at.isoformat() for row in rows]),
    }


def _kind_of(finding: QuoteFinding) -> FlagKind:
    if finding.state is not QuoteState.ALTERED:
        return FlagKind.QUOTE_MISSING
    return FlagKind.FIGURE_ALTERED if finding.figure_altered else FlagKind.QUOTE_ALTERED


def _flag_relaying(
    evidence_ids: list[int],
    kind: FlagKind,
    claims: Mapping[int, Claim],
    *,
    cause: Cause,
    effects: Effects,
) -> None:
    """Flag all that relays the given evidence, though its own pages stand."""
    relaying = {pk for _, pk, _ in _relaying(evidence_ids)} - set(evidence_ids)
    if not relaying:
        return
    for row in Evidence.objects.filter(pk__in=relaying, claim__in=claims).order_by("pk"):
        effects.flag(NewFlag(claims[row.claim_id], kind, cause, row))
