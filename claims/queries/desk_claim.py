"""What the desk reads of one claim beyond its dossier: what changed, its places, its version."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest, Substr

from claims.access import evidence_visible_to
from claims.errors import NotFound
from claims.models import Appearance, Claim, Evidence, Flag, Note, Review, Snapshot, Source
from claims.models.fields import read_reference
from claims.queries.dossier import Dossier, read_dossier
from claims.queries.ledger import history
from claims.queries.notes import notes_on
from claims.queries.version import version_of
from claims.types import Actor

AROUND = 160
"""Code points of the article shown on either side of a claim."""
PAGE_OF_HISTORY = 50
MOST_CHANGES = 5
"""Changes of pages compared on one claim's page; the other flags are told without."""


@dataclass(frozen=True, slots=True)
class Place:
    """A claim's words in an article, and the words around them."""

    article: str
    title: str
    before: str
    quote: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one page: what it said before and after, and the flags it raised here.

    Either snapshot may be missing: a page that went has nothing after.
    """

    source: Source | None
    before: Snapshot | None
    after: Snapshot | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class DeskClaim:
    """One claim as its desk works on it.

    `version` is what a sign-off approves; `last_seq` the newest entry on the claim: what its reader
    has seen. `notes` are the desk's own, empty for anybody else.
    """

    dossier: Dossier
    review: Review | None
    changes: tuple[Change, ...]
    places: tuple[Place, ...]
    notes: list[Note]
    version: str
    last_seq: int

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.dossier.claim

    @property
    def before(self) -> int:
        """The seq below which older history follows; 0 where this is all of it."""
        shown = self.dossier.history
        return shown[-1].seq if len(shown) == PAGE_OF_HISTORY else 0


def read_desk_claim(actor: Actor, reference: str, *, before: int = 0) -> DeskClaim:
    """Return one claim for its desk, with its history below seq `before` (0: the newest).

    Raises:
        NotFound: no such claim for this actor.
    """
    dossier = read_dossier(actor, reference, before=before, entries=PAGE_OF_HISTORY)
    claim = dossier.claim
    newest = history(actor, claim.reference, limit=1) if before else dossier.history
    return DeskClaim(
        dossier=dossier,
        review=Review.objects.filter(claim=claim, ended_at__isnull=True)
        .select_related("taken_by")
        .first(),
        changes=_changes(claim),
        places=tuple(_places(claim)),
        notes=notes_on(actor, claim),
        version=version_of(claim),
        last_seq=newest[0].seq if newest else 0,
    )


def read_evidence(actor: Actor, claim: Claim, *, reference: str) -> Evidence:
    """Return one piece of evidence of a claim.

    Raises:
        NotFound: no such evidence on this claim.
    """
    rows = evidence_visible_to(actor).select_related(
        "source__watch",
        "source__publisher__desk",
        "source__snapshot",
        "origin__desk",
        "relays_origin__desk",
        "relays_evidence__source",
        "claim",
    )
    found = rows.filter(claim=claim, reference=read_reference(reference, "EV")).first()
    if found is None:
        raise NotFound("There is no such evidence.")
    return found


def _changes(claim: Claim) -> tuple[Change, ...]:
    """Read the open flags by cause, newest first; long texts only of the first few."""
    rows = Flag.objects.filter(claim=claim, answered_at__isnull=True)
    flags = rows.select_related("source", "evidence__source", "raised_by").order_by("-raised_at")
    causes: dict[UUID, list[Flag]] = {}
    for flag in flags:
        causes.setdefault(flag.cause, []).append(flag)
    wanted = [group[0] for group in list(causes.values())[:MOST_CHANGES]]
    texts = Snapshot.objects.in_bulk(
        {pk for flag in wanted for pk in (flag.before_id, flag.after_id) if pk is not None}
    )
    return tuple(
        Change(
            source=group[0].source,
            before=texts.get(group[0].before_id or 0),
            after=texts.get(group[0].after_id or 0),
            flags=tuple(group),
        )
        for group in causes.values()
    )


def _places(claim: Claim) -> Iterable[Place]:
    """Read each place with the words around it, never the whole article."""
    first = Greatest(F("start") - AROUND, Value(0))
    rows = Appearance.objects.filter(claim=claim).annotate(
        words_before=Substr("article__text", first + 1, F("start") - first),
        words_after=Substr("article__text", F("end") + 1, AROUND),
    )
    columns = ("article__reference", "article__title", "words_before", "quote", "words_after")
    for reference, title, before, quote, after in rows.order_by("pk").values_list(*columns):
        yield Place(reference, title, before, quote, after)
