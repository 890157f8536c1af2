"""Read what the board counts and lists: claims by status and basis, and open flags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Count, Max, Q

from claims.access import evidence_visible_to, reviews_visible_to, visible_to
from claims.models import Claim, Flag, Proposal, Source
from claims.queries.sign_off import pending_of
from claims.states import Basis, ClaimStatus, FlagKind, Ground, ProposalState
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How many claims that are not closed stand how; corroborated is two numbers."""

    reported: int
    not_yet_reviewed: int
    corroborated_holding: int
    corroborated_shaking: int
    overrides: int
    disputed: int
    flagged_claims: int
    open_reviews: int
    waiting_for_sign_off: int


@dataclass(frozen=True, slots=True)
class FlaggedClaim:
    """A claim with open flags: when the newest was raised, and what waits for sign-off."""

    claim: Claim
    latest_at: datetime
    pending: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class FlaggedSource:
    """A linked source with open flags of `kinds`, and the claims that rest on it."""

    source: Source
    latest_at: datetime
    kinds: tuple[FlagKind, ...]
    is_stealth: bool
    claims: tuple[str, ...]


def counts(actor: Actor) -> BoardCounts:
    """Count what `actor` sees, in three queries."""
    is_corroborated = Q(status=ClaimStatus.CORROBORATED)
    holds = Q(basis=Basis.HOLDS)
    found = visible_to(actor).aggregate(
        reported=_count(Q(status=ClaimStatus.REPORTED)),
        not_yet_reviewed=_count(Q(decided_at__isnull=True)),
        corroborated_holding=_count(is_corroborated & holds),
        corroborated_shaking=_count(is_corroborated & ~holds),
        overrides=_count(Q(ground=Ground.EDITOR_OVERRIDE)),
        disputed=_count(Q(status=ClaimStatus.DISPUTED)),
        flagged_claims=_count(Q(open_flags__gt=0)),
    )
    proposals = Proposal.objects.filter(state=ProposalState.OPEN, claim__in=visible_to(actor))
    return BoardCounts(
        **found,
        open_reviews=reviews_visible_to(actor).filter(ended_at__isnull=True).count(),
        waiting_for_sign_off=proposals.count(),
    )


def _count(condition: Q) -> Count:
    return Count("pk", filter=Q(closed_at__isnull=True) & condition)


def flagged_claims(actor: Actor, *, limit: int) -> list[FlaggedClaim]:
    """Return the claims with open flags, newest flag first."""
    latest = Max("flags__raised_at", filter=Q(flags__answered_at__isnull=True))
    rows = (
        visible_to(actor).filter(open_flags__gt=0).annotate(latest_at=latest, pending=pending_of())
    )
    found = rows.order_by("-latest_at", "-pk")[:limit]
    return [FlaggedClaim(row, row.latest_at, row.pending) for row in found]


def flagged_sources(actor: Actor, *, limit: int) -> list[FlaggedSource]:
    """Return the linked sources behind open flags, newest first; three queries."""
    open_flags = Flag.objects.filter(
        answered_at__isnull=True, source__isnull=False, claim__in=visible_to(actor)
    )
    grouped = open_flags.values("source").annotate(
        latest_at=Max("raised_at"),
        kinds=ArrayAgg("kind", distinct=True),
        is_stealth=BoolOr("is_stealth"),
    )
    found = list(grouped.order_by("-latest_at")[:limit])
    sources = Source.objects.in_bulk([row["source"] for row in found])
    claims = _claims_by_source(actor, sources)
    return [
        FlaggedSource(
            source=sources[row["source"]],
            latest_at=row["latest_at"],
            kinds=tuple(FlagKind(kind) for kind in row["kinds"]),
            is_stealth=row["is_stealth"],
            claims=claims.get(row["source"], ()),
        )
        for row in found
    ]


def _claims_by_source(actor: Actor, source_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    live = evidence_visible_to(actor).filter(source_id__in=source_ids, withdrawn_at__isnull=True)
    pairs = live.order_by("claim__reference").values_list("source_id", "claim__reference")
    found: dict[int, tuple[str, ...]] = {}
    for source_id, reference in pairs.distinct():
        found[source_id] = (*found.get(source_id, ()), reference)
    return found
