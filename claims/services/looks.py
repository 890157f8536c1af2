"""Record what the watch saw: the one writer between a look and the record.

Looks that saw what was seen before are extended in one statement. A look that saw a change is
recorded whole: run, snapshot, link state, quote states, flags, entries, next due time, in one
transaction (several only where more than `MOST_CLAIMS` claims rest on the page; redone safely).
A look whose lease was lost is discarded.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from claims.models import Claim, Evidence, Observation, Snapshot, Source, Watch
from claims.services.findings import apply_findings, resting_claims
from claims.services.ledger import Recorder, Text, recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import ANSWERED, EntryKind, FlagKind, LinkState, Outcome
from claims.types import MACHINE, Look

MOST_CLAIMS = 80
FULL_FETCH_EVERY = timedelta(days=7)
NAMESPACE = uuid.UUID("5b0f4f2c-6a53-4a0c-9d8e-57e757e757e7")

LINK_FLAGS = {
    LinkState.GONE: FlagKind.SOURCE_GONE,
    LinkState.MOVED: FlagKind.SOURCE_MOVED,
    LinkState.UNREACHABLE: FlagKind.SOURCE_UNREACHABLE,
}

EXTEND = """
UPDATE claims_watch w
SET lease_token = NULL, lease_until_at = NULL, attempts = 0, looks = w.looks + 1,
    due_at = CASE WHEN w.due_at IS NULL THEN NULL ELSE clock_timestamp() + t.due_in END,
    interval_s = extract(epoch FROM t.due_in)::int,
    failures = CASE WHEN t.was_read THEN 0 ELSE w.failures + 1 END,
    last_looked_at = clock_timestamp(),
    last_read_at = CASE WHEN t.was_read THEN clock_timestamp() ELSE w.last_read_at END,
    full_fetch_due_at = CASE WHEN t.is_full THEN clock_timestamp() + %s
        ELSE w.full_fetch_due_at END,
    etag = t.etag, last_modified = t.last_modified,
    raw_sha256 = CASE WHEN t.raw = '' THEN w.raw_sha256 ELSE t.raw END,
    run_outcome = t.outcome, run_last_at = clock_timestamp(), run_count = w.run_count + 1
FROM unnest(%s::bigint[], %s::uuid[], %s::interval[], %s::boolean[], %s::boolean[], %s::text[],
        %s::text[], %s::text[], %s::text[])
    AS t (source_id, token, due_in, was_read, is_full, etag, last_modified, raw, outcome)
WHERE w.source_id = t.source_id AND w.lease_token = t.token
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many looks of a batch extended a run, changed something, or had lost their lease."""

    extended: int
    changed: int
    lost: int


def record_looks(looks: Sequence[Look]) -> Recorded:
    """Record a batch of finished looks.

    Args:
        looks: at most one a source; made outside any transaction.

    Returns:
        Recorded; its numbers add up to the batch.
    """
    quiet, loud = _sort(looks)
    extended = _extend(quiet)
    changed = sum(_record(look) for look in loud)
    return Recorded(extended, changed, len(looks) - extended - changed)


def _sort(looks: Sequence[Look]) -> tuple[list[Look], list[Look]]:
    """Tell looks that extend the open run from those that change something."""
    rows = Watch.objects.filter(source_id__in=[look.source_id for look in looks])
    known = {row.source_id: row for row in rows.select_related("source")}
    quiet = [look for look in looks if _extends(look, known[look.source_id])]
    return quiet, [look for look in looks if look not in quiet]


def _extends(look: Look, watch: Watch) -> bool:
    if look.assessment is not None or look.link_state != watch.source.link_state:
        return False
    if look.outcome is Outcome.UNCHANGED:
        return watch.run_outcome in ANSWERED
    same = (watch.run_outcome, watch.run_status) == (look.outcome, look.status)
    return same and look.outcome not in ANSWERED


def _extend(looks: Sequence[Look]) -> int:
    if not looks:
        return 0
    columns: list[Any] = [
        FULL_FETCH_EVERY,
        [look.source_id for look in looks],
        [look.token for look in looks],
        [timedelta(seconds=look.due_in_s) for look in looks],
        [look.outcome in ANSWERED for look in looks],
        [look.is_full for look in looks],
        [look.etag for look in looks],
        [look.last_modified for look in looks],
        [look.raw_sha256 for look in looks],
        [look.outcome.value for look in looks],
    ]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(EXTEND, columns)
        return int(cursor.rowcount)


def _record(look: Look) -> bool:
    """Record one look that changes something; false where its lease was lost."""
    claim_ids = resting_claims(look)
    chunks = list(_chunks(claim_ids)) or [[]]
    return all(
        _record_chunk(look, chunk, is_last=place == len(chunks))
        for place, chunk in enumerate(chunks, 1)
    )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), MOST_CLAIMS):
        yield ids[start : start + MOST_CLAIMS]


def _record_chunk(look: Look, claim_ids: Sequence[int], *, is_last: bool) -> bool:
    with recording(MACHINE) as record:
        claims = _lock(claim_ids)
        watch = (
            Watch.objects.select_for_update(of=("self",), no_key=True)
            .select_related("source__snapshot")
            .filter(source_id=look.source_id, lease_token=look.token)
            .first()
        )
        if watch is None:
            return False
        source, before = watch.source, watch.source.snapshot
        after = _snapshot(look, source, record=record)
        touched: set[int] = set()
        if look.assessment is not None and after is not None:
            cause = _cause(source, before, after, is_stealth=look.assessment.is_stealth)
            touched |= apply_findings(look.assessment, claims, cause=cause, record=record)
        if look.link_state != source.link_state:
            touched |= _flag_link(look, source, claims, record=record)
        for claim_id in sorted(touched):
            settle(claims[claim_id], record=record)
        if is_last:
            _change_link(look, source, after, record=record)
            _finish(look, watch, before, record=record)
        return True


def _lock(claim_ids: Iterable[int]) -> dict[int, Claim]:
    rows: QuerySet[Claim] = Claim.objects.filter(pk__in=list(claim_ids)).order_by("pk")
    locked = rows.select_related("desk").select_for_update(of=("self",), no_key=True)
    return {claim.pk: claim for claim in locked}


def _cause(source: Source, before: Snapshot | None, after: Snapshot, *, is_stealth: bool) -> Cause:
    """Name the change by its snapshot, so that a redone recording raises no flag twice."""
    return Cause(
        source=source,
        before=before,
        after=after,
        is_stealth=is_stealth,
        id=uuid.uuid5(NAMESPACE, f"snapshot:{after.pk}"),
    )


def _snapshot(look: Look, source: Source, *, record: Recorder) -> Snapshot | None:
    """Return the snapshot of what was read: the last one where the text is the same."""
    page = look.page
    if page is None:
        return source.snapshot
    digest = hashlib.sha256(page.text.encode()).hexdigest()
    if source.snapshot is not None and source.snapshot.text_sha256 == digest:
        return source.snapshot
    unfinished = Snapshot.objects.filter(
        source=source, text_sha256=digest, pk__gt=source.snapshot_id or 0
    ).last()
    return unfinished or _take_snapshot(look, source, digest, record=record)


def _take_snapshot(look: Look, source: Source, digest: str, *, record: Recorder) -> Snapshot:
    page = look.page
    assert page is not None  # noqa: S101 - the caller looked
    snapshot = Snapshot.objects.create(
        source=source,
        taken_at=record.at,
        sha256=look.raw_sha256,
        size_bytes=look.blob_size,
        media_type=look.media_type[:100],
        url=look.final_url,
        text=page.text,
        text_sha256=digest,
        title=page.title,
        language=page.language[:35],
        charset=page.charset[:40],
        correction=page.correction,
        published_at=page.published_at,
        modified_at=page.modified_at,
        is_truncated=page.is_truncated,
        hops=[asdict(hop) for hop in look.hops],
        tool="stet/1",
    )
    record.add(
        EntryKind.SNAPSHOT_TAKEN,
        source=source.reference,
        sets={source.reference: {"snapshot": look.raw_sha256, "text_sha256": digest}},
        size_bytes=look.blob_size,
        url=Text(look.final_url),
        change=look.assessment.kind if look.assessment else None,
        notice=look.assessment.notice.kind if look.assessment else None,
        is_stealth=look.assessment.is_stealth if look.assessment else False,
    )
    return snapshot


def _flag_link(
    look: Look, source: Source, claims: dict[int, Claim], *, record: Recorder
) -> set[int]:
    """Flag the claims whose source vanished, moved, or has not been reachable for long."""
    kind = LINK_FLAGS.get(look.link_state)
    if kind is None:
        return set()
    name = f"link:{source.pk}:{look.link_state}:{source.link_state_since_at.isoformat()}"
    cause = Cause(source=source, before=source.snapshot, id=uuid.uuid5(NAMESPACE, name))
    rows = Evidence.objects.filter(
        source=source, claim__in=claims, withdrawn_at__isnull=True
    ).order_by("pk")
    for row in rows:
        raise_flag(
            claims[row.claim_id],
            kind,
            record=record,
            cause=cause,
            evidence=row,
            detail=look.link_reason,
        )
    return {row.claim_id for row in rows}


def _change_link(look: Look, source: Source, after: Snapshot | None, *, record: Recorder) -> None:
    """Write link state, snapshot and title on the source, with an entry where the state moved."""
    was = source.link_state
    source.snapshot = after
    if look.page is not None and look.page.title:
        source.title = look.page.title
    if look.final_url:
        source.final_url = look.final_url
    source.link_reason = look.link_reason
    if was != look.link_state:
        source.link_state, source.link_state_since_at = look.link_state, record.at
        record.add(
            EntryKind.LINK_STATE_CHANGED,
            source=source.reference,
            sets={
                source.reference: {
                    "link_state": look.link_state,
                    "link_state_since_at": record.at,
                    "link_reason": Text(look.link_reason),
                }
            },
            was=was,
            look=look.outcome,
            http_status=look.status,
        )
    source.save()


def _finish(look: Look, watch: Watch, before: Snapshot | None, *, record: Recorder) -> None:
    """End the lease: close the run this look broke, or extend it, and set the next due time."""
    was_read = look.outcome in ANSWERED
    same_text = was_read and watch.run_outcome in ANSWERED and watch.source.snapshot == before
    same_failure = (watch.run_outcome, watch.run_status) == (look.outcome, look.status)
    if not (same_text or (same_failure and not was_read)):
        _close_run(watch, before)
        watch.run_outcome, watch.run_status = look.outcome, look.status
        watch.run_detail, watch.run_first_at, watch.run_count = look.detail, record.at, 0
    watch.run_last_at, watch.run_count = record.at, watch.run_count + 1
    watch.changes_seen += look.outcome is Outcome.CHANGED and watch.looks > 0
    watch.looks += 1
    watch.failures = 0 if was_read else watch.failures + 1
    watch.lease_token, watch.lease_until_at, watch.attempts = None, None, 0
    watch.interval_s = round(look.due_in_s)
    if watch.due_at is not None:
        watch.due_at = record.at + timedelta(seconds=look.due_in_s)
    watch.etag, watch.last_modified = look.etag[:1024], look.last_modified[:200]
    watch.raw_sha256 = look.raw_sha256 or watch.raw_sha256
    watch.last_looked_at = record.at
    if was_read:
        watch.last_read_at = record.at
    if look.is_full:
        watch.full_fetch_due_at = record.at + FULL_FETCH_EVERY
    watch.save()


def _close_run(watch: Watch, snapshot: Snapshot | None) -> None:
    if watch.run_first_at is None or watch.run_last_at is None:
        return
    Observation.objects.create(
        source_id=watch.source_id,
        outcome=watch.run_outcome,
        status=watch.run_status,
        detail=watch.run_detail,
        snapshot=snapshot if watch.run_outcome in ANSWERED else None,
        first_seen_at=watch.run_first_at,
        last_seen_at=watch.run_last_at,
        count=watch.run_count,
    )
