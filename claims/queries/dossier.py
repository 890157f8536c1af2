"""Read all there is to show of one claim, in a bounded number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from claims.access import evidence_visible_to, visible_to
from claims.errors import NotFound
from claims.models import Appearance, Claim, ClaimLink, Evidence, Figure, Flag, Origin, Proposal
from claims.models.fields import read_reference
from claims.queries.claim_links import links_of
from claims.queries.decisions import Decision, last_decision
from claims.queries.ledger import Entry, history
from claims.queries.opinion import opinion_on
from claims.rules import Opinion
from claims.states import ProposalState
from claims.types import Actor

LIVE_FIRST = F("withdrawn_at").asc(nulls_first=True)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One claim and all that bears on it, as its reader may see it.

    `relayed` are the pieces of evidence other evidence repeats, where they may be seen; `origins`
    all that the rules followed, by reference.
    """

    claim: Claim
    evidence: list[Evidence]
    relayed: list[Evidence]
    origins: Mapping[str, Origin]
    opinion: Opinion
    figures: list[Figure]
    flags: list[Flag]
    proposal: Proposal | None
    decision: Decision | None
    appearances: list[Appearance]
    links: list[ClaimLink]
    linked_from: list[ClaimLink]
    history: list[Entry]


def read_claim(actor: Actor, reference: str) -> Claim:
    """Return one claim by the reference a person typed, closed and replaced ones too.

    Raises:
        NotFound: no such claim for this actor.
    """
    rows = visible_to(actor).select_related("desk", "claimant__desk", "replaced_by")
    found = rows.filter(reference=read_reference(reference, "ST")).first()
    if found is None:
        raise NotFound("There is no such claim.")
    return found


def read_dossier(actor: Actor, reference: str, *, before: int = 0, entries: int = 50) -> Dossier:
    """Return the dossier of one claim.

    Args:
        actor: who reads; what they may not see is left out.
        reference: of the claim, as typed.
        before: history below this seq; 0 for the newest.
        entries: at most so many entries of history.

    Raises:
        NotFound: no such claim for this actor.
    """
    claim = read_claim(actor, reference)
    opinion = opinion_on(claim.pk)
    chained = {name for item in opinion.weighed for name in item.chain}
    evidence = list(_evidence(actor).filter(claim=claim).order_by(LIVE_FIRST, "pk"))
    own = {row.reference for row in evidence}
    links, linked_from = links_of(actor, claim)
    return Dossier(
        claim=claim,
        evidence=evidence,
        relayed=list(_evidence(actor).filter(reference__in=chained - own)),
        origins=_origins(chained),
        opinion=opinion,
        figures=list(claim.figures.filter(ended_at__isnull=True).order_by("pk")),
        flags=_open_flags(claim),
        proposal=_open_proposal(claim),
        decision=last_decision(claim),
        appearances=list(claim.appearances.select_related("article").order_by("article", "start")),
        links=links,
        linked_from=linked_from,
        history=history(actor, claim.reference, before=before, limit=entries),
    )


def oldest_look_at(evidence: list[Evidence]) -> datetime | None:
    """Return the oldest last look at the watched pages of live evidence.

    None where one of them was never looked at, or none is watched.
    """
    watches = [getattr(row.source, "watch", None) for row in evidence if row.withdrawn_at is None]
    looks = [watch.last_looked_at for watch in watches if watch is not None]
    known = [look for look in looks if look is not None]
    return min(known) if known and len(known) == len(looks) else None


def _evidence(actor: Actor) -> QuerySet[Evidence]:
    return (
        evidence_visible_to(actor)
        .select_related(
            "source__watch",
            "source__publisher__desk",
            "origin__desk",
            "relays_origin__desk",
            "relays_evidence__source",
        )
        .prefetch_related("figures")
    )


def _origins(chained: set[str]) -> dict[str, Origin]:
    rows = Origin.objects.filter(reference__in=chained).select_related("desk")
    return {row.reference: row for row in rows}


def _open_flags(claim: Claim) -> list[Flag]:
    rows = Flag.objects.filter(claim=claim, answered_at__isnull=True)
    return list(rows.select_related("source", "evidence").order_by("-raised_at", "-pk"))


def _open_proposal(claim: Claim) -> Proposal | None:
    rows = Proposal.objects.filter(claim=claim, state=ProposalState.OPEN)
    return rows.select_related("proposed_by").first()
