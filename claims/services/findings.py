"""Turn an assessment of one page into quote states and flags on the claims that rest on it."""

from collections.abc import Mapping

from django.db import connection

from claims.models import Claim, Evidence
from claims.services.ledger import Recorder, Text
from claims.services.reviews import Cause, raise_flag
from claims.states import EntryKind, FlagKind, NoticeKind, QuoteState
from claims.types import Assessment, Look, QuoteFinding

NOTICE_FLAGS = {
    NoticeKind.CORRECTION: (FlagKind.CORRECTION_NOTICE, FlagKind.RELAYED_CORRECTED),
    NoticeKind.RETRACTION: (FlagKind.RETRACTION, FlagKind.RELAYED_RETRACTED),
}
WENT = frozenset({QuoteState.ALTERED, QuoteState.MISSING})

RELAYING = """
WITH RECURSIVE relaying (id, claim_id) AS (
    SELECT id, claim_id FROM claims_evidence WHERE id = ANY (%s)
    UNION
    SELECT e.id, e.claim_id FROM claims_evidence e JOIN relaying r ON e.relays_evidence_id = r.id
    WHERE e.withdrawn_at IS NULL
) SELECT id, claim_id FROM relaying ORDER BY id
"""


def resting_claims(look: Look) -> list[int]:
    """Return the ids of the claims a look may touch, in the order they are locked.

    Those with live evidence from the source, and those whose evidence relays that evidence.
    """
    own = Evidence.objects.filter(source_id=look.source_id, withdrawn_at__isnull=True)
    return sorted({claim for _, claim in _relaying(list(own.values_list("pk", flat=True)))})


def _relaying(evidence_ids: list[int]) -> list[tuple[int, int]]:
    """Return (evidence, claim) ids of the given evidence and all that relays it, transitively."""
    with connection.cursor() as cursor:
        cursor.execute(RELAYING, [evidence_ids])
        return [(int(evidence), int(claim)) for evidence, claim in cursor.fetchall()]


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
    """Bring the quote's state in line with the page; true where the state itself changed.

    A quote the watch never found keeps its state (unchecked, attested), with the nearest text kept
    for the reviewer; one it finds stands, whoever attested it before.
    """
    was = QuoteState(row.quote_state)
    now = finding.state
    if row.quote_snapshot_id is None and now is not QuoteState.STANDING:
        now = was
    if now is QuoteState.STANDING:
        row.quote_snapshot = cause.after
    row.quote_found = "" if now is QuoteState.STANDING else finding.found
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
    relaying = {pk for pk, _ in _relaying(evidence_ids)} - set(evidence_ids)
    touched = set()
    for row in Evidence.objects.filter(pk__in=relaying, claim__in=claims).order_by("pk"):
        raise_flag(claims[row.claim_id], kind, record=record, cause=cause, evidence=row)
        touched.add(row.claim_id)
    return touched
