"""What the record knows of raw bodies: which are named, by what, and how many bytes they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from claims.bodies import BodyState, digest_of, open_body, state_of
from claims.errors import NotFound
from claims.models import Snapshot, Watch
from claims.types import Hop, PageText

PAGE = 500
ROBOTS = "x-robots-tag"
US = "stet"
WITH_VALUES = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)
"""Directives that carry a colon themselves; before any other colon stands a robot's name."""

# A superset on purpose: any word of an entry that may be a body's name keeps that body.
IN_ENTRIES = """
SELECT DISTINCT word[1] FROM claims_ledgerentry,
    LATERAL regexp_matches(body, '[0-9a-f]{64}', 'g') AS word
WHERE word[1] = ANY(%s)
"""

GROWTH = """
SELECT count(*), coalesce(sum(size_bytes), 0) FROM (
    SELECT DISTINCT ON (sha256) sha256, size_bytes, taken_at
    FROM claims_snapshot ORDER BY sha256, taken_at
) AS first_taken WHERE taken_at >= %s
"""


@dataclass(frozen=True, slots=True)
class NamedBody:
    """One body, and the snapshots that name it, oldest first."""

    sha256: str
    size_bytes: int
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """Bodies that came in within the last days, over all sources that are watched."""

    days: float
    bodies: int
    size_bytes: int
    sources: int

    @property
    def per_source_and_day(self) -> float:
        """Bytes a watched source adds in a day."""
        return self.size_bytes / max(self.sources, 1) / self.days


def named_in_rows(hashes: Sequence[str]) -> set[str]:
    """Return which of these bodies a snapshot names, by an index."""
    rows = Snapshot.objects.filter(sha256__in=hashes)
    return set(rows.values_list("sha256", flat=True).distinct())


def named_in_entries(hashes: Sequence[str]) -> set[str]:
    """Return which of these bodies any ledger entry names; reads the whole ledger, in place."""
    if not hashes:
        return set()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(IN_ENTRIES, [list(hashes)])
        return {sha256 for (sha256,) in cursor.fetchall()}


def named_bodies(*, since: date | None = None, source: str | None = None) -> Iterator[NamedBody]:
    """Yield every body that snapshots name, once each, by hash, in constant memory.

    Args:
        since: only snapshots taken on that day (UTC) or later.
        source: only those of the source of this reference.
    """
    rows = Snapshot.objects.select_related("source").only(
        "sha256", "size_bytes", "taken_at", "kind", "source__reference"
    )
    if since is not None:
        rows = rows.filter(taken_at__date__gte=since)
    if source is not None:
        rows = rows.filter(source__reference=source)
    for sha256, group in groupby(_paged(rows), key=attrgetter("sha256")):
        snapshots = tuple(group)
        yield NamedBody(sha256, snapshots[0].size_bytes, snapshots)


def _paged(rows: "QuerySet[Snapshot]") -> Iterator[Snapshot]:
    """Read page by page: no transaction stays open while bodies are read."""
    last: Snapshot | None = None
    while True:
        rest = rows
        if last is not None:
            rest = rest.filter(sha256__gte=last.sha256).exclude(sha256=last.sha256, pk__lte=last.pk)
        page = list(rest.order_by("sha256", "pk")[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]


def growth(*, days: float) -> Growth:
    """Return what came in within the last days, or since the first snapshot where that is later.

    A record younger than a day counts as a day, so that a first fetch is no rate.
    """
    now = timezone.now()
    first_at = Snapshot.objects.aggregate(at=Min("taken_at"))["at"] or now
    begin_at = max(now - timedelta(days=days), first_at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(GROWTH, [begin_at])
        bodies, size_bytes = cursor.fetchone()
    return Growth(
        days=max((now - begin_at) / timedelta(days=1), 1.0),
        bodies=bodies,
        size_bytes=int(size_bytes),
        sources=Watch.objects.filter(due_at__isnull=False).count(),
    )


def state_of_body(sha256: str) -> BodyState:
    """Read a body of the archive through and say what is left of it."""
    return state_of(sha256, opened=_open)


def open_whole(snapshot: Snapshot) -> "File[bytes]":
    """Open the raw bytes of a snapshot, read through first: they are what was archived.

    Raises:
        NotFound: they are missing or damaged, or the archive cannot be read.
    """
    try:
        file = open_body(snapshot.sha256, opened=_open)
        if digest_of(file) != snapshot.sha256:
            file.close()
            raise NotFound("The archive holds this body damaged.")
        file.seek(0)
    except (OSError, ValueError):
        raise NotFound("The archive does not hold this body.") from None
    return cast("File[bytes]", file)


def _open(name: str) -> BinaryIO:
    try:
        return cast("BinaryIO", storages["snapshots"].open(name, "rb"))
    except OSError:
        raise
    except Exception as error:  # each storage has errors of its own
        raise OSError(f"the storage failed: {error}") from error


def may_archive(page: PageText, *, hops: Sequence[Hop]) -> bool:
    """Say whether neither the page nor, by X-Robots-Tag, its server asks for `noarchive`.

    Source: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
    """
    headers = hops[-1].headers if hops else ()
    asked = (value.lower() for name, value in headers if name == ROBOTS)
    return page.may_archive and not any(_asks_us(value) for value in asked)


def _asks_us(value: str) -> bool:
    """Say whether one line asks everybody, or us by name, not to archive."""
    agent, _, directives = value.partition(":")
    is_for_one = directives and "," not in agent and agent.strip() not in WITH_VALUES
    if is_for_one and agent.strip() != US:
        return False
    words = directives if is_for_one else value
    return "noarchive" in [word.strip() for word in words.split(",")]
