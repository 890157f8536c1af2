"""What we printed: which claims articles of ours rest on, and where a correction is due."""

import json
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from claims.access import articles_visible_to, may_at, visible_to
from claims.errors import InvalidInput, NotFound
from claims.models import Article, Claim, LedgerEntry, Use
from claims.models.fields import read_reference
from claims.queries.desks import desks_of
from claims.states import Basis, ClaimStatus, Verb
from claims.types import Actor

MOST_COUNTED = 1_000
"""Corrections due are counted up to here, and said to be more."""

DUE = Q(due_since_at__isnull=False, answered_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands, or stood: status and basis."""

    status: ClaimStatus
    basis: Basis


def standing_at(reference: str, seq: int) -> Standing:
    """Return how a claim stood when the ledger ended at `seq`, at or after its first entry.

    Read from the newest entry back, no further than it takes.
    """
    found: dict[str, str] = {"basis": "", "status": ""}
    rows = LedgerEntry.objects.filter(claim_ref=reference, seq__lte=seq).order_by("-seq")
    for body in rows.values_list("body", flat=True).iterator(chunk_size=50):
        sets = json.loads(body).get("sets", {}).get(reference, {})
        found |= {name: sets[name] for name in found if not found[name] and name in sets}
        if all(found.values()):
            break
    return Standing(ClaimStatus(found["status"]), Basis(found["basis"]))


def article_of_ours(actor: Actor, *, reference: str = "", external_id: str = "") -> Article:
    """Return an article by its reference, or by what the publishing system calls it.

    Args:
        actor: the `external_id` is looked for at the desks they hold a role at.
        reference: AR-..., as a person may type it.
        external_id: exactly as given when the article was put on record.

    Raises:
        NotFound: there is none.
        InvalidInput: field `external_id`: two desks call an article so.
    """
    rows = articles_visible_to(actor).select_related("desk").defer("text")
    if reference:
        found = list(rows.filter(reference=read_reference(reference, "AR")))
    else:
        named = rows.exclude(external_id="").filter(external_id=external_id)
        found = list(named.filter(desk__slug__in=desks_of(actor))[:2])
    if len(found) > 1:
        raise InvalidInput("external_id", "names articles of two desks; give the reference.")
    if not found:
        raise NotFound("There is no such article.")
    return found[0]


def uses_of_article(actor: Actor, article: Article) -> list[Use]:
    """Return what an article relies on, and what it relied on with a correction still due.

    Only claims that exist for `actor`; in the order they were first recorded, with their claims.
    """
    return list(_seen(actor).filter(article=article).filter(_shown()).order_by("pk"))


def uses_of_claim(actor: Actor, claim: Claim, *, limit: int = 50) -> list[Use]:
    """Return where a claim stands in print, those due first and longest; with their articles."""
    rows = _seen(actor).filter(claim=claim).filter(_shown())
    return list(rows.order_by("-is_due", "due_since_at", "pk")[:limit])


def read_use(actor: Actor, reference: str) -> Use:
    """Return one use by the reference a person typed.

    Raises:
        NotFound: none of a claim that exists for this actor.
    """
    found = _seen(actor).filter(reference=read_reference(reference, "US")).first()
    if found is None:
        raise NotFound("There are no such words in print.")
    return found


def corrections_due(
    actor: Actor, *, desk: str = "", topic: str = "", after: str = "", limit: int
) -> list[Use]:
    """Return the uses on which a correction is due, longest first.

    Args:
        actor: sees those of claims that exist for them.
        desk: slug of the desk whose article it is; empty for all.
        topic: of the claim; empty for all.
        after: reference of a use: only those that come after it.
        limit: how many at most.

    Raises:
        NotFound: `after` names no use this actor sees.
    """
    rows = _due(actor, desk=desk, topic=topic)
    if after:
        last = read_use(actor, after)
        later = Q(due_since_at__gt=last.due_since_at)
        rows = rows.filter(later | Q(due_since_at=last.due_since_at, pk__gt=last.pk))
    return list(rows.order_by("due_since_at", "pk")[:limit])


def count_corrections_due(actor: Actor, *, desk: str = "", topic: str = "") -> int:
    """Count the uses on which a correction is due, up to `MOST_COUNTED`."""
    return int(_due(actor, desk=desk, topic=topic)[:MOST_COUNTED].count())


def may_answer(actor: Actor, use: Use) -> bool:
    """Whether an actor answers for these words: a signed-in editor of the article's desk."""
    return actor.signed_in and may_at(actor, Verb.OVERRIDE, use.article.desk)


def _due(actor: Actor, *, desk: str, topic: str) -> QuerySet[Use]:
    rows = _seen(actor).filter(DUE)
    if desk:
        rows = rows.filter(article__desk__slug=desk)
    return rows.filter(claim__topic=topic) if topic else rows


def _seen(actor: Actor) -> QuerySet[Use]:
    rows = Use.objects.filter(claim__in=visible_to(actor)).defer("article__text")
    return rows.alias(is_due=DUE).select_related("article__desk", "claim__desk", "answered_by")


def _shown() -> Q:
    return Q(ended_at__isnull=True) | DUE
