"""Turn an assessment of one page into quote states and flags on the claims that rest on it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from claims.models import Claim, Evidence
from claims.services.ledger import Recorder, Text
from claims.services.reviews import Cause, raise_flag
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

STILL_THERE = """
WITH free AS (
    SELECT id FROM claims_evidence
    WHERE id = ANY (%(ids)s) AND quote_state = 'standing' AND withdrawn_at IS NULL
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
    values = {"ids": [row for row, _ in found], "snapshots": [shot for _, shot in found]}
    with connection.cursor() as cursor:
        cursor.execute(STILL_THERE, values)


def apply_findings(
    assessment: Assessment, claims: Mapping[int, Claim], *, cause: Cause, record: Recorder
) -> set[int]:
    """Apply what was found to the locked claims; return the ids of those that changed.

    Quote states always follow the page; flags are raised only where the assessment is
    significant, and on evidence that relays what was corrected, retracted or altered.
    """
    own = Evidence.objects.filter(source=cause.source, withdrawn_at__isnull=True)
    rows = {row.pk: row for row in own.order_by("pk")}
    touched: set[int] = set()
    altered: list[int] = []
    for finding in assessment.quotes:
        row = rows.get(finding.evidence_id)
        if row is None:
            continue
        is_flagged = assessment.significant and _went(row, finding)
        altered += [row.pk] if is_flagged else []
        claim = claims.get(row.claim_id)
        if claim is None:
            continue
        row.claim = claim
        if _move(row, finding, cause=cause, record=record) or is_flagged:
            touched.add(claim.pk)
        if is_flagged:
            _flag_quote(row, finding, cause=cause, record=record)
    return touched | _flag_notice(
        assessment, list(rows.values()), altered, claims, cause=cause, record=record
    )


def _flag_notice(
    assessment: Assessment,
    rows: list[Evidence],
    altered: list[int],
    claims: Mapping[int, Claim],
    *,
    cause: Cause,
    record: Recorder,
) -> set[int]:
    """Flag a correction or retraction on all the page carries, and all that relays it."""
    flags = NOTICE_FLAGS.get(assessment.notice.kind) if assessment.significant else None
    if flags is None:
        kind = FlagKind.RELAYED_CORRECTED
        return _flag_relaying(altered, kind, claims, cause=cause, record=record)
    own, relayed = flags
    here = [row for row in rows if row.claim_id in claims]
    words = assessment.notice.text
    for row in here:
        claim = claims[row.claim_id]
        raise_flag(claim, own, record=record, cause=cause, evidence=row, detail=words)
    ids = [row.pk for row in rows]
    return {row.claim_id for row in here} | _flag_relaying(
        ids, relayed, claims, cause=cause, record=record
    )


def _went(row: Evidence, finding: QuoteFinding) -> bool:
    """Whether a quote that stood before no longer does; one never found cannot go."""
    if finding.state not in WENT or row.quote_snapshot_id is None:
        return False
    return row.quote_state not in WENT or row.quote_found != finding.found


def _move(row: Evidence, finding: QuoteFinding, *, cause: Cause, record: Recorder) -> bool:
    """Bring the quote's state in line with the page; true where the state itself changed."""
    was = QuoteState(row.quote_state)
    now, nearest = _state_after(row, finding)
    if (now, nearest) == (was, row.quote_found):
        return False
    if now is QuoteState.STANDING:
        row.quote_snapshot = cause.after
    row.quote_found = nearest
    row.quote_state = now
    if now is not was:
        row.quote_state_since_at = record.at
        record.add(
            EntryKind.QUOTE_STATE_CHANGED,
            claim=row.claim.reference,
            sets={row.reference: {"quote_state": now}},
            was=was,
            found=Text(row.quote_found),
            snapshot=cause.after.sha256 if cause.after else None,
        )
    row.save(update_fields=["quote_snapshot", "quote_found", "quote_state", "quote_state_since_at"])
    return now is not was


def _flag_quote(row: Evidence, finding: QuoteFinding, *, cause: Cause, record: Recorder) -> None:
    kind = FlagKind.QUOTE_MISSING
    if finding.state is QuoteState.ALTERED:
        kind = FlagKind.FIGURE_ALTERED if finding.figure_altered else FlagKind.QUOTE_ALTERED
    raise_flag(row.claim, kind, record=record, cause=cause, evidence=row, found=finding.found)


def _flag_relaying(
    evidence_ids: list[int],
    kind: FlagKind,
    claims: Mapping[int, Claim],
    *,
    cause: Cause,
    record: Recorder,
) -> set[int]:
    """Flag all that relays the given evidence, though its own pages stand."""
    relaying = {pk for _, pk, _ in _relaying(evidence_ids)} - set(evidence_ids)
    touched: set[int] = set()
    if not relaying:
        return touched
    for row in Evidence.objects.filter(pk__in=relaying, claim__in=claims).order_by("pk"):
        raise_flag(claims[row.claim_id], kind, record=record, cause=cause, evidence=row)
        touched.add(row.claim_id)
    return touched
