"""What the watch has read of a page a person wants to quote, and what else rests on it."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count

from claims.access import evidence_visible_to
from claims.models import Evidence, Origin, Snapshot, Source, Watch
from claims.queries.desk import origins_known_to
from claims.states import SourceKind
from claims.types import Actor

MOST_RESTING = 20


class Reading(StrEnum):
    """How far the reading of a source is."""

    WAITING = "waiting"
    READ = "read"
    UNREAD = "unread"
    NOT_FETCHED = "not_fetched"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class PageRead:
    """A source as it was read; `publisher_guess` publishes other pages of the same host."""

    source: Source
    watch: Watch | None
    snapshot: Snapshot | None
    state: Reading
    publisher_guess: Origin | None
    resting: tuple[Evidence, ...]

    @property
    def marker(self) -> str:
        """What changes whenever there is something new to show."""
        looked_at = self.watch.last_looked_at if self.watch else None
        shot = self.snapshot.pk if self.snapshot else 0
        return f"{self.state}:{shot}:{self.source.link_state}:{looked_at}"


def read_page(actor: Actor, source: Source) -> PageRead:
    """Return what is known of a source that exists for this actor; four queries at most.

    Args:
        actor: sees the evidence that rests on it.
        source: with publisher, watch and snapshot.
    """
    watch = getattr(source, "watch", None)
    rows = evidence_visible_to(actor).filter(source=source, withdrawn_at__isnull=True)
    return PageRead(
        source=source,
        watch=watch,
        snapshot=source.snapshot,
        state=_state(source, watch),
        publisher_guess=source.publisher or _guess(actor, watch),
        resting=tuple(rows.select_related("claim").order_by("pk")[:MOST_RESTING]),
    )


def _state(source: Source, watch: Watch | None) -> Reading:
    if source.kind != SourceKind.PAGE:
        return Reading.OFFLINE
    if source.snapshot is not None and source.snapshot.text:
        return Reading.READ
    if not source.is_fetched:
        return Reading.NOT_FETCHED
    if watch is None or watch.last_looked_at is None:
        return Reading.WAITING
    return Reading.UNREAD


def _guess(actor: Actor, watch: Watch | None) -> Origin | None:
    """Return who publishes most other pages of the host, as far as that is on record."""
    if watch is None or watch.host_id is None:
        return None
    rows = Source.objects.filter(watch__host=watch.host_id, publisher__isnull=False)
    found = rows.values("publisher").annotate(pages=Count("pk")).order_by("-pages", "publisher")
    first = found.first()
    if first is None:
        return None
    return origins_known_to(actor).filter(pk=first["publisher"]).first()
