"""The board's panels on what stands now: disputed, status, what waits for sign-off."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from claims.access import may
from claims.models import Appearance, Article, Claim, Proposal
from claims.models.tally import TallyName
from claims.queries.panels import (
    BoardFilters,
    Disputed,
    DisputedClaim,
    SignOffs,
    StatusNow,
    WaitingProposal,
)
from claims.queries.tallies import EPOCH, counted_for, hour_of, standing_now, tallies_of
from claims.states import ActorKind, ProposalState, Verb
from claims.types import Actor

MOST_LISTED = 5
DAY = timedelta(days=1)

STATUS_NAMES = (
    TallyName.REPORTED,
    TallyName.NOT_REVIEWED,
    TallyName.HOLDS,
    TallyName.IN_QUESTION,
    TallyName.LOST,
    TallyName.DISPUTED,
    TallyName.OVERRIDDEN,
)


def disputed_now(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> Disputed:
    """Count the disputed claims, and how many more than a day ago; three queries.

    `count`: claims with status disputed that are not closed. `change`: over the entries since 24
    whole hours before this hour began, those by which a claim became disputed and open, less those
    by which it ceased to be either. `newest`: by `status_since_at`, each with the article it was
    put into last.
    """
    since = hour_of(now or timezone.now()) - DAY
    names = (TallyName.DISPUTED, TallyName.DISPUTED_CHANGE)
    wanted = Q(at__gte=since, name=TallyName.DISPUTED_CHANGE) | Q(at=EPOCH)
    rows = tallies_of(actor, filters=filters, names=names).filter(wanted)
    found = dict(rows.values_list("name").annotate(Sum("value")))
    claims = _newest_disputed(actor, filters)
    articles = _articles_of(claims)
    return Disputed(
        count=found.get(TallyName.DISPUTED, 0),
        change=found.get(TallyName.DISPUTED_CHANGE, 0),
        since_at=since,
        newest=tuple(DisputedClaim(claim, articles.get(claim.pk)) for claim in claims),
    )


def _newest_disputed(actor: Actor, filters: BoardFilters) -> list[Claim]:
    seen = counted_for(actor, filters=filters, prefix="counted__")
    rows = Claim.objects.filter(seen, counted__standing=TallyName.DISPUTED)
    newest = rows.order_by("-counted__since_at").select_related("desk", "claimant__desk")
    return list(newest[:MOST_LISTED])


def _articles_of(claims: Sequence[Claim]) -> Mapping[int, Article]:
    """Return, by claim, the article it was put into last; the text is left where it is."""
    rows = Appearance.objects.filter(claim__in=[claim.pk for claim in claims])
    rows = rows.order_by("claim", "-pk").distinct("claim").select_related("article")
    return {row.claim_id: row.article for row in rows.defer("article__text")}


def status_now(actor: Actor, *, filters: BoardFilters) -> StatusNow:
    """Count the claims that are not closed by status, corroborated by basis; one query."""
    found = standing_now(actor, filters=filters, names=STATUS_NAMES)
    return StatusNow(
        reported=found[TallyName.REPORTED],
        not_yet_reviewed=found[TallyName.NOT_REVIEWED],
        corroborated_holding=found[TallyName.HOLDS],
        corroborated_in_question=found[TallyName.IN_QUESTION],
        corroborated_lost=found[TallyName.LOST],
        disputed=found[TallyName.DISPUTED],
        overrides=found[TallyName.OVERRIDDEN],
    )


def waiting_for_sign_off(actor: Actor, *, filters: BoardFilters) -> SignOffs:
    """Count the open proposals and list the oldest; two queries.

    `may_sign`: the reader is a signed-in fact-checker or editor of the claim's desk, and somebody
    else than the proposer.
    """
    count = standing_now(actor, filters=filters, names=[TallyName.PROPOSED])[TallyName.PROPOSED]
    seen = counted_for(actor, filters=filters, prefix="claim__counted__")
    rows = Proposal.objects.filter(seen, state=ProposalState.OPEN).order_by("proposed_at", "pk")
    rows = rows.select_related("claim__desk", "claim__claimant__desk", "proposed_by")
    oldest = [
        WaitingProposal(row, row.claim, may_sign=_may_sign(actor, row))
        for row in rows[:MOST_LISTED]
    ]
    return SignOffs(count=count, oldest=tuple(oldest))


def _may_sign(actor: Actor, proposal: Proposal) -> bool:
    is_another = actor.kind is ActorKind.PERSON and proposal.proposed_by_id != actor.user_id
    return is_another and may(actor, Verb.SIGN_OFF, proposal.claim)
