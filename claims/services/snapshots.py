"""Keep what sources said: a snapshot where the words differ from the last, else none."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db import connection
from django.db.models.functions import Coalesce

from claims.models import Snapshot, Source
from claims.queries.archive import may_archive
from claims.services.ledger import Recorder, Text
from claims.states import EntryKind
from claims.types import Hop, Look, PageText

# The driver and the ORM handle a value at a time; of a page's many, the database takes one.
INSERT = """
INSERT INTO claims_snapshot (source_id, kind, taken_at, sha256, size_bytes, media_type, url, text,
    text_sha256, title, language, charset, correction, published_at, modified_at, is_truncated,
    may_archive, elapsed_ms, hops, tool)
SELECT t.* FROM json_to_recordset(%s) AS t (source_id bigint, kind text, taken_at timestamptz,
    sha256 text, size_bytes bigint, media_type text, url text, text text, text_sha256 text,
    title text, language text, charset text, correction text, published_at timestamptz,
    modified_at timestamptz, is_truncated boolean, may_archive boolean, elapsed_ms integer,
    hops jsonb, tool text)
RETURNING source_id, id
"""
COLUMNS = (
    "source_id",
    "kind",
    "taken_at",
    "sha256",
    "size_bytes",
    "media_type",
    "url",
    "text",
    "text_sha256",
    "title",
    "language",
    "charset",
    "correction",
    "published_at",
    "modified_at",
    "is_truncated",
    "may_archive",
    "elapsed_ms",
    "hops",
    "tool",
)


def take_snapshots(
    reads: Sequence[tuple[Look, Source]], *, record: Recorder
) -> Mapping[int, Snapshot | None]:
    """Return, by source id, the snapshot that holds what each look read.

    Args:
        reads: looks with their locked sources, each with its last snapshot.
        record: of the running transaction.

    Returns:
        The last snapshot where the words are the same or nothing was read, else a new one. One
        that an interrupted recording of the same words left behind is used again.
    """
    answer: dict[int, Snapshot | None] = {source.pk: source.snapshot for _, source in reads}
    new = [
        (look, source, look.page)
        for look, source in reads
        if look.page is not None and says_more(look.page, source.snapshot)
    ]
    left = _left_behind([source for _, source, _ in new])
    made = []
    for look, source, page in new:
        snapshot = left.get((source.pk, sha256_of(page.text), page.correction))
        if snapshot is None:
            snapshot = _snapshot(look, source, page, record=record)
            made.append(snapshot)
            _enter(look, source, snapshot, record=record)
        answer[source.pk] = snapshot
    _insert(made)
    return answer


def says_more(page: PageText, last: Snapshot | None) -> bool:
    """Say whether a page has other words than the last snapshot, its correction included."""
    if last is None:
        return True
    return (sha256_of(page.text), page.correction) != (last.text_sha256, last.correction)


@lru_cache(maxsize=64)
def sha256_of(text: str) -> str:
    """Return the hex SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _left_behind(sources: Sequence[Source]) -> Mapping[tuple[int, str, str], Snapshot]:
    rows = Snapshot.objects.filter(source__in=sources, pk__gt=Coalesce("source__snapshot_id", 0))
    return {
        (row.source_id, row.text_sha256, row.correction): row for row in rows.defer("text", "hops")
    }


def _snapshot(look: Look, source: Source, page: PageText, *, record: Recorder) -> Snapshot:
    return Snapshot(
        source=source,
        taken_at=record.at,
        sha256=look.raw_sha256,
        size_bytes=look.blob_size,
        media_type=look.media_type[:100],
        url=look.final_url,
        text=page.text,
        text_sha256=sha256_of(page.text),
        title=page.title,
        language=page.language[:35],
        charset=page.charset[:40],
        correction=page.correction,
        published_at=page.published_at,
        modified_at=page.modified_at,
        is_truncated=page.is_truncated,
        hops=[_hop(hop) for hop in look.hops],
        may_archive=may_archive(page, hops=look.hops),
        elapsed_ms=look.elapsed_ms,
        tool=look.tool[:100],
    )


def _insert(snapshots: Sequence[Snapshot]) -> None:
    """Insert snapshots of different sources in one statement, and note their ids."""
    if not snapshots:
        return
    rows = [{name: getattr(snapshot, name) for name in COLUMNS} for snapshot in snapshots]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [json.dumps(rows, ensure_ascii=False, default=str)])
        ids = dict(cursor.fetchall())
    for snapshot in snapshots:
        snapshot.pk = ids[snapshot.source_id]


def _hop(hop: Hop) -> dict[str, object]:
    return {
        "url": hop.url,
        "status": hop.status,
        "peer": hop.peer,
        "location": hop.location,
        "certificate_sha256": hop.certificate_sha256,
        "headers": hop.headers,
    }


def _enter(look: Look, source: Source, snapshot: Snapshot, *, record: Recorder) -> None:
    assessment = look.assessment
    record.add(
        EntryKind.SNAPSHOT_TAKEN,
        source=source.reference,
        sets={
            source.reference: {
                "snapshot": snapshot.sha256,
                "text_sha256": snapshot.text_sha256,
            }
        },
        size_bytes=look.blob_size,
        url=Text(look.final_url),
        change=assessment.kind if assessment else None,
        notice=assessment.notice.kind if assessment else None,
        is_stealth=assessment.is_stealth if assessment else False,
    )
