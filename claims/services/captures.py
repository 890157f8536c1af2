"""Attach a capture to a source: a file a person supplies, kept as it is and never opened here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings

from claims.errors import AlreadyExists, InvalidInput
from claims.models import Snapshot, Source
from claims.services import fields
from claims.services.capture_types import HEAD_BYTES, Refusal, is_plain_text, media_type_of
from claims.services.evidence import local_today
from claims.services.kept_bodies import HandedIn, keep, sha256_of_file
from claims.services.ledger import Recorder, Text, recording
from claims.services.sources import worked_source
from claims.states import EntryKind, SnapshotKind
from claims.types import Actor

BYTES_A_MB = 1024 * 1024
TOOL = "supplied by a person"
NO_STORAGE = "the archive cannot be written to at the moment; nothing was kept. Try again later."


@dataclass(frozen=True, slots=True)
class Supplied:
    """A file with what its supplier says of it."""

    file: HandedIn
    caption: str
    taken_on: date


def attach_capture(actor: Actor, reference: str, *, supplied: Supplied) -> Snapshot:
    """Keep a file as a capture of a source: hashed, in the archive before the row that names it.

    Args:
        actor: a fact-checker or editor of any desk.
        reference: of a source the actor may know of.
        supplied: the file; its type is told by its bytes, its text is never read out.

    Raises:
        InvalidInput: field `file` (empty, too large, of a kind not taken, the archive fails),
            `caption` or `taken_on`.
        AlreadyExists: this very file is a capture of the source already.
    """
    worked_source(actor, reference)
    media_type = _checked(supplied.file)
    caption = fields.text_of("caption", supplied.caption, most=fields.MOST_LINE, is_required=True)
    sha256 = sha256_of_file(supplied.file)
    try:
        keep(supplied.file, sha256=sha256)
    except OSError as error:
        raise InvalidInput("file", NO_STORAGE) from error
    with recording(actor) as record:
        source = worked_source(actor, reference, lock=True)
        _refuse_again(source, sha256)
        if supplied.taken_on > local_today(record.at):
            raise InvalidInput("taken_on", "lies in the future.")
        row = Snapshot.objects.create(
            source=source,
            kind=SnapshotKind.CAPTURE,
            taken_at=_moment(supplied.taken_on, now=record.at),
            sha256=sha256,
            size_bytes=supplied.file.size or 0,
            media_type=media_type,
            title=caption,
            # No text was taken from it, so there is no hash of one either.
            text="",
            text_sha256="",
            tool=TOOL,
            supplied_by_id=actor.user_id,
        )
        _enter(row, record=record)
        return row


def _checked(file: HandedIn) -> str:
    """Return the media type of a file that may be kept."""
    if (file.size or 0) > settings.CAPTURE_MAX_MB * BYTES_A_MB:
        raise InvalidInput("file", f"is larger than {settings.CAPTURE_MAX_MB} MB.")
    head = next(iter(file.chunks(HEAD_BYTES)), b"")[:HEAD_BYTES]
    media_type = media_type_of(head)
    if media_type == "text/plain" and not is_plain_text(file.chunks()):
        media_type = Refusal.UNKNOWN
    if isinstance(media_type, Refusal):
        raise InvalidInput("file", media_type.value)
    return media_type


def _refuse_again(source: Source, sha256: str) -> None:
    rows = Snapshot.objects.filter(source=source, kind=SnapshotKind.CAPTURE, sha256=sha256)
    if rows.exists():
        raise AlreadyExists(source.reference, "This very file is attached already.")


def _moment(day: date, *, now: datetime) -> datetime:
    """Return a moment of the day: now, where it is today."""
    if day == local_today(now):
        return now
    return datetime.combine(day, time(12), tzinfo=UTC)


def _enter(row: Snapshot, *, record: Recorder) -> None:
    record.add(
        EntryKind.SNAPSHOT_TAKEN,
        source=row.source.reference,
        capture=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        taken_on=row.taken_at.date(),
        caption=Text(row.title),
    )
