"""What the desk reads of one linked source: how it answers, what it said, what rests on it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from claims.access import evidence_visible_to, sources_visible_to
from claims.errors import NotFound
from claims.models import Evidence, Observation, Snapshot, Source, Watch
from claims.models.fields import read_reference
from claims.queries.hosts import host_failing_since
from claims.queries.ledger import Entry, source_history
from claims.states import SnapshotKind
from claims.types import Actor

MOST_SNAPSHOTS = 50
MOST_OBSERVATIONS = 50
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class DeskSource:
    """One source with its watch, its newest snapshots and runs of looks, and what rests on it.

    Snapshots and captures come without their text. `host_failing_since` is set while every linked
    page of the host fails.
    """

    source: Source
    watch: Watch | None
    snapshots: tuple[Snapshot, ...]
    captures: tuple[Snapshot, ...]
    observations: tuple[Observation, ...]
    evidence: tuple[Evidence, ...]
    history: tuple[Entry, ...]
    host_failing_since: datetime | None


def read_source(actor: Actor, reference: str) -> Source:
    """Return one source by the reference a person typed.

    Raises:
        NotFound: no such source for this actor.
    """
    rows = sources_visible_to(actor).select_related(
        "publisher__desk", "watch", "merged_into", "snapshot"
    )
    found = rows.filter(reference=read_reference(reference, "SO")).first()
    if found is None:
        raise NotFound("There is no such source.")
    return found


def read_desk_source(actor: Actor, source: Source) -> DeskSource:
    """Read the page of one source that exists for this actor."""
    kept = Snapshot.objects.filter(source=source).defer("text", "hops").order_by("-pk")
    snapshots = kept.filter(kind=SnapshotKind.FETCHED)
    captures = kept.filter(kind=SnapshotKind.CAPTURE).select_related("supplied_by")
    observations = Observation.objects.filter(source=source).order_by("-pk")
    return DeskSource(
        source=source,
        watch=getattr(source, "watch", None),
        snapshots=tuple(snapshots[:MOST_SNAPSHOTS]),
        captures=tuple(captures[:MOST_SNAPSHOTS]),
        observations=tuple(observations[:MOST_OBSERVATIONS]),
        evidence=quoted_rows(actor, source),
        history=tuple(source_history(actor, source.reference, limit=MOST_ENTRIES)),
        host_failing_since=host_failing_since(source.pk),
    )


def quoted_rows(actor: Actor, source: Source) -> tuple[Evidence, ...]:
    """Return the live evidence of a source the actor may see, oldest first."""
    rows = evidence_visible_to(actor).filter(source=source, withdrawn_at__isnull=True)
    return tuple(rows.select_related("claim").order_by("pk"))


def read_snapshot(source: Source, *, text_sha256: str) -> Snapshot:
    """Return the newest snapshot of a source with this text.

    Raises:
        NotFound: the source never said this.
    """
    rows = Snapshot.objects.filter(
        source=source, text_sha256=text_sha256, kind=SnapshotKind.FETCHED
    )
    found = rows.order_by("-pk").first()
    if found is None:
        raise NotFound("There is no such snapshot.")
    return found


def read_capture(source: Source, *, sha256: str) -> Snapshot:
    """Return a capture of a source by the hash of its bytes.

    Raises:
        NotFound: nobody attached such a file to it.
    """
    rows = Snapshot.objects.filter(source=source, kind=SnapshotKind.CAPTURE, sha256=sha256)
    found = rows.order_by("-pk").first()
    if found is None:
        raise NotFound("There is no such capture.")
    return found


def host_of(source: Source) -> str:
    """Return the host of a page, empty for what is not on the web."""
    return urlsplit(source.final_url or source.url or "").netloc
