"""One event and every claim it flagged: what a desk reads once and answers together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet

from claims.access import visible_to
from claims.errors import NotFound
from claims.models import Claim, Flag, LedgerEntry, Proposal, Review
from claims.queries.desk_claim import Change
from claims.queries.opinion import opinions_on
from claims.rules import Opinion
from claims.states import ProposalState
from claims.types import Actor

MOST_TOGETHER = 50
"""Claims answered on one page; when they are, the next come."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One claim an event flagged.

    `flags` are the event's own, answered or not; `others` the claim's further open flags, which an
    answer would answer too; `last_seq` is the claim's newest entry.
    """

    claim: Claim
    flags: tuple[Flag, ...]
    others: tuple[Flag, ...]
    review: Review | None
    proposal: Proposal | None
    opinion: Opinion
    last_seq: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and to which claims: the open ones, and those answered already.

    `more` open ones wait beyond the `MOST_TOGETHER` shown; the answered are the newest so many.
    """

    cause: UUID
    change: Change
    open: tuple[Touched, ...]
    answered: tuple[Flag, ...]
    more: int


def read_event(actor: Actor, cause: UUID) -> Event:
    """Return one event with the claims it flagged; a bounded number of queries.

    Raises:
        NotFound: it flagged no claim that exists for this actor.
    """
    flags = Flag.objects.filter(cause=cause, claim__in=visible_to(actor))
    waiting = _grouped(_open(flags))
    answered = _answered(flags)
    if not waiting and not answered:
        raise NotFound("There is no such change.")
    claims = [group[0].claim for group in waiting.values()]
    shown = claims[:MOST_TOGETHER]
    every = [flag for group in waiting.values() for flag in group] or list(answered)
    return Event(
        cause=cause,
        change=_change(every),
        open=_touched(shown, waiting),
        answered=answered,
        more=len(claims) - len(shown),
    )


def _open(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    rows = flags.filter(answered_at__isnull=True).order_by("claim_id", "pk")
    return rows.select_related(
        "source", "evidence__source", "raised_by", "claim__desk", "claim__claimant__desk"
    ).defer("claim__last_slip")


def _answered(flags: QuerySet[Flag]) -> tuple[Flag, ...]:
    """Return one answered flag a claim, the latest answered first."""
    rows = flags.filter(answered_at__isnull=False).order_by("-answered_at", "pk")
    rows = rows.select_related(
        "source", "evidence", "raised_by", "claim__desk", "claim__claimant__desk", "answered_by"
    )
    by_claim: dict[int, Flag] = {}
    for flag in rows[: 4 * MOST_TOGETHER]:
        by_claim.setdefault(flag.claim_id, flag)
    return tuple(by_claim.values())[:MOST_TOGETHER]


def _grouped(flags: QuerySet[Flag]) -> dict[int, list[Flag]]:
    found: dict[int, list[Flag]] = {}
    for flag in flags:
        found.setdefault(flag.claim_id, []).append(flag)
    return found


def _change(flags: Sequence[Flag]) -> Change:
    """Return what the event's flags say of the page; all of them carry the same two texts."""
    first = flags[0]
    return Change(source=first.source, before=first.before, after=first.after, flags=tuple(flags))


def _touched(claims: Sequence[Claim], flags: Mapping[int, list[Flag]]) -> tuple[Touched, ...]:
    ids = [claim.pk for claim in claims]
    others = _other_flags(ids, {flag.pk for group in flags.values() for flag in group})
    opened = Review.objects.filter(claim__in=ids, ended_at__isnull=True)
    reviews = {row.claim_id: row for row in opened.select_related("assignee", "taken_by")}
    waiting = Proposal.objects.filter(claim__in=ids, state=ProposalState.OPEN)
    proposals = {row.claim_id: row for row in waiting.select_related("proposed_by")}
    opinions, seqs = opinions_on(ids), _last_seqs(claims)
    return tuple(
        Touched(
            claim=claim,
            flags=tuple(flags[claim.pk]),
            others=tuple(others[claim.pk]),
            review=reviews.get(claim.pk),
            proposal=proposals.get(claim.pk),
            opinion=opinions[claim.pk],
            last_seq=seqs.get(claim.reference, 0),
        )
        for claim in claims
    )


def _other_flags(ids: Sequence[int], own: set[int]) -> Mapping[int, list[Flag]]:
    found: dict[int, list[Flag]] = defaultdict(list)
    rows = Flag.objects.filter(claim__in=ids, answered_at__isnull=True).exclude(pk__in=own)
    for flag in rows.order_by("raised_at", "pk"):
        found[flag.claim_id].append(flag)
    return found


def _last_seqs(claims: Sequence[Claim]) -> Mapping[str, int]:
    names = [claim.reference for claim in claims]
    rows = LedgerEntry.objects.filter(claim_ref__in=names).values_list("claim_ref")
    return {name: seq for name, seq in rows.annotate(seq=Max("seq")) if name}
