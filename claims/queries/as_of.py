"""Claims and articles as they stood after any entry of the ledger, or at any time.

What is shown is folded out of the entries up to that one (`as_of_fold`); the rules are asked again,
of the evidence as it then stood. Who may see it is judged by what they may see now: what does not
exist for a reader today does not exist at any seq. What makes no entry is not told: `LeftOut`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import Subquery

from claims.access import articles_visible_to, visible_to
from claims.errors import InvalidInput, NotFound
from claims.models import Appearance, Article, Evidence, LedgerEntry
from claims.models.fields import read_reference
from claims.queries.as_of_dossier import dossier_of, told_of
from claims.queries.as_of_entries import around
from claims.queries.as_of_past import Past, read_past
from claims.queries.dossier import Dossier
from claims.queries.ledger import Entry, changes
from claims.types import Actor

HEAD = Subquery(LedgerEntry.objects.order_by("-seq").values("seq")[:1])
LAST_AT = """
WITH RECURSIVE between (low, high) AS (
    SELECT 0::bigint, coalesce((SELECT seq FROM claims_ledgerentry ORDER BY seq DESC LIMIT 1), 0)
    UNION ALL
    SELECT
        CASE WHEN e.recorded_at <= %(at)s THEN e.seq ELSE low END,
        CASE WHEN e.recorded_at <= %(at)s THEN high ELSE e.seq - 1 END
    FROM between JOIN claims_ledgerentry e ON e.seq = (low + high + 1) / 2
    WHERE low < high
)
SELECT low, (SELECT clock_timestamp()) FROM between WHERE low = high
"""


class LeftOut(StrEnum):
    """What a page of the past does not show: it makes no entry, so nobody can say how it stood."""

    LOOKS = "looks"
    OPEN_RUNS = "open_runs"
    NOTES = "notes"
    TAKEN_BY = "taken_by"


@dataclass(frozen=True, slots=True)
class Moment:
    """What a banner says of a page of the past.

    `entry` is the last one counted, as its reader may see it (maybe withheld). `previous_seq` and
    `next_seq` are those of the entries on what is shown before and after it, None where there is
    none; `head_seq` is the ledger's last.
    """

    seq: int
    at: datetime
    entry: Entry
    previous_seq: int | None
    next_seq: int | None
    head_seq: int
    left_out: tuple[LeftOut, ...] = tuple(LeftOut)


@dataclass(frozen=True, slots=True)
class ArticleAsOf:
    """An article as it stood, and where the claims its reader may see appeared in it.

    The appearances have what those of `queries.articles.appearances_in` have; `evidence` is what
    was not withdrawn, by claim reference.
    """

    article: Article
    appearances: list[Appearance]
    evidence: Mapping[str, list[Evidence]]


def seq_at(at: datetime) -> int:
    """Return the seq of the last entry recorded at a time or before; 0 before the first.

    Found by halving, in one query of as many steps as the length of the ledger has bits.

    Raises:
        InvalidInput: field `at`: it lies in the future.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAST_AT, {"at": at})
        seq, now = cursor.fetchone()
    if at > now:
        raise InvalidInput("at", "lies in the future.")
    return int(seq)


def moment_of(actor: Actor, *, seq: int, claims: Sequence[str] = ()) -> Moment:
    """Return what a banner says of a page as of `seq`.

    Args:
        actor: who reads.
        seq: of the last entry counted.
        claims: references of what the page shows, between whose entries one steps; all where
            there are none.

    Raises:
        InvalidInput: field `seq`: there is no such entry.
    """
    head, previous, following = around(seq, claims=claims)
    if not 1 <= seq <= head:
        raise InvalidInput("seq", f"is not the number of an entry: they are 1 to {head}.")
    (entry,) = changes(actor, after=seq - 1, limit=1)
    return Moment(seq, entry.recorded_at, entry, previous, following, head)


def read_dossier_as_of(
    actor: Actor, reference: str, *, seq: int, before: int = 0, entries: int = 50
) -> Dossier:
    """Return the dossier of one claim as it stood after entry `seq`; at most eight queries.

    Its rows are not saved and have no watches (`as_of_rows`).

    Args:
        actor: who reads; what they may not see now is left out.
        reference: of the claim, as typed.
        seq: of the last entry counted.
        before: history below this seq; 0 for the newest counted.
        entries: at most so many entries of history.

    Raises:
        InvalidInput: field `seq`: it lies in the future.
        NotFound: no such claim for this actor, or it was not yet on record.
    """
    named = read_reference(reference, "ST")
    found = visible_to(actor).select_related("desk").annotate(head=HEAD).filter(reference=named)
    claim = found.first()
    if claim is None:
        raise NotFound("There is no such claim.")
    _refuse_future(seq, head=claim.head)
    desks = {claim.desk.slug: claim.desk}

    def told(rows: Sequence[LedgerEntry]) -> list[LedgerEntry]:
        return told_of(rows, before=before, limit=entries)

    past = read_past(actor, [claim.reference], seq=seq, desks=desks, told=told)
    if not past.entries:
        raise NotFound("This claim was not yet on record.")
    return dossier_of(past, claim.reference, before=before, limit=entries)


def read_article_as_of(actor: Actor, reference: str, *, seq: int) -> ArticleAsOf:
    """Return an article as it stood after entry `seq`; at most eight queries.

    Raises:
        InvalidInput: field `seq`: it lies in the future.
        NotFound: no such article for this actor, or it was not yet on record.
    """
    named = read_reference(reference, "AR")
    found = articles_visible_to(actor).select_related("desk").defer("text").annotate(head=HEAD)
    article = found.filter(reference=named).first()
    if article is None:
        raise NotFound("There is no such article.")
    _refuse_future(seq, head=article.head)
    own = visible_to(actor).filter(appearances__article=article.pk).order_by()
    names = list(own.values_list("reference", flat=True).distinct())
    desks = {article.desk.slug: article.desk}
    past = read_past(actor, names, seq=seq, desks=desks, articles=[article.reference])
    if article.reference not in past.state.objects:
        raise NotFound("This article was not yet on record.")
    return _article_of(past, article.reference)


def _article_of(past: Past, reference: str) -> ArticleAsOf:
    places = past.rows.places(lambda key: key.article == reference)
    evidence: dict[str, list[Evidence]] = {}
    for place in places:
        name = place.claim.reference
        place.pending = _pending(past, name)  # type: ignore[attr-defined]  # as the query annotates it
        if name not in evidence:
            rows = past.rows.evidence_of(name)
            evidence[name] = [row for row in rows if row.withdrawn_at is None]
    return ArticleAsOf(past.rows.article(reference), places, evidence)


def _pending(past: Past, claim: str) -> dict[str, str] | None:
    """Return what waits for a second person on a claim, as `queries.sign_off.pending_of` does."""
    row = past.rows.open_proposal_of(claim)
    if row is None:
        return None
    return {"kind": row.kind, "to": row.to_status, "ground": row.ground}


def _refuse_future(seq: int, *, head: int | None) -> None:
    if not 0 <= seq <= (head or 0):
        raise InvalidInput("seq", f"is not the number of an entry: they are 1 to {head or 0}.")
