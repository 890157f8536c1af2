"""Read what a person was told, and who is to be told of a claim."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import JSONField, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from claims.access import visible_to
from claims.models import Claim, LedgerEntry, Notification, Proposal, User
from claims.queries.decisions import DECISIONS
from claims.states import EntryKind
from claims.types import Actor

MOST_ON_A_PAGE = 30
MOST_PAGES = 200
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One page of what a person was told, newest first.

    `proposals` are those named in `about`, by reference.
    """

    rows: Sequence[Notification]
    proposals: dict[str, Proposal]
    has_more: bool


def told_to(actor: Actor, *, page: int = 1, only_unread: bool = False) -> Told:
    """Return what a person was told of claims that exist for them; two queries.

    Args:
        actor: a signed-in person.
        page: from 1 to `MOST_PAGES`, `MOST_ON_A_PAGE` rows each.
        only_unread: leave out what was read.
    """
    start = (page - 1) * MOST_ON_A_PAGE
    rows = _seen(actor).order_by("-pk").select_related("claim__desk", "claim__claimant__desk", "by")
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    found = list(rows[start : start + MOST_ON_A_PAGE + 1])
    shown = found[:MOST_ON_A_PAGE]
    return Told(
        rows=shown,
        proposals=_proposals({row.about for row in shown if row.about.startswith("PR-")}),
        has_more=len(found) > MOST_ON_A_PAGE,
    )


def has_unread(user: User) -> bool:
    """Whether a person has anything unread; one look at a partial index, nearly always in vain."""
    return bool(Notification.objects.filter(user=user, read_at__isnull=True).exists())


def unread_of(actor: Actor) -> int:
    """Count what a person has not read of claims that exist for them, up to `MOST_COUNTED`."""
    return int(_seen(actor).filter(read_at__isnull=True)[:MOST_COUNTED].count())


def _seen(actor: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(user=actor.user_id, claim__in=visible_to(actor))


def _proposals(references: Collection[str]) -> dict[str, Proposal]:
    rows = Proposal.objects.filter(reference__in=references)
    return {row.reference: row for row in rows}


def who_decided(claims: Sequence[Claim]) -> dict[int, set[int]]:
    """Return the ids of who ever decided on each claim: proposers and signers, and who did alone.

    Two queries; by claim id, claims nobody decided on are left out.
    """
    if not claims:
        return {}
    ids = {claim.reference: claim.pk for claim in claims}
    body = Cast("body", JSONField())
    actor = KeyTextTransform("person", KeyTransform("actor", body))
    named = LedgerEntry.objects.filter(
        claim_ref__in=ids, kind__in=[*DECISIONS, EntryKind.SIGNED_OFF]
    ).annotate(who=actor, proposer=KeyTextTransform("proposer", body))
    people: dict[str, set[int]] = defaultdict(set)
    for claim, who, proposer in named.values_list("claim_ref", "who", "proposer"):
        people[who].add(ids[str(claim)])
        people[proposer or ""].add(ids[str(claim)])
    found: dict[int, set[int]] = defaultdict(set)
    known = User.objects.filter(reference__in=[name for name in people if name], is_active=True)
    for reference, person in known.values_list("reference", "pk"):
        for claim_id in people[reference]:
            found[claim_id].add(person)
    return found
