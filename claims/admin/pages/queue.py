"""The queue: what waits for the person's desks, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from claims.admin.actors import actor_in, sees_the_record, works_at
from claims.admin.site import desk, show
from claims.models import Claim, Proposal
from claims.present.badges import Badge, BasisFacts
from claims.present.claim_page import badge_of, claimant_words
from claims.present.evidence import source_words
from claims.present.words import label
from claims.queries.desk import QueueLine, new_claims_of, proposals_of, queue_of
from claims.queries.desks import desks_of
from claims.services.settle import FLAG_WORDS
from claims.states import Basis, ClaimKind, ClaimStatus, FlagKind, Ground, ProposalKind
from claims.types import Actor

_GRAVEST = (FlagKind.RETRACTION, FlagKind.RELAYED_RETRACTED, FlagKind.FIGURE_ALTERED)
GRAVEST_FIRST = (*_GRAVEST, *(kind for kind in FlagKind if kind not in _GRAVEST))


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim in a list of the desk."""

    reference: str
    statement: str
    claimant: str
    desk: str
    badge: Badge
    ground: str
    basis: BasisFacts
    flags: tuple[FlagKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One cause of work and the claims it touches."""

    why: str
    source: str
    source_reference: str
    is_stealth: bool
    since: datetime
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One proposal that waits for another person."""

    claim: ClaimRow
    who: str
    what: str
    to: Badge | None
    ground: str
    rationale: str
    since: datetime
    is_own: bool


@desk.page("queue/", name="claims_queue")
@require_safe
def queue(request: HttpRequest) -> TemplateResponse:
    """Show what waits."""
    actor = actor_in(request)
    context: dict[str, object] = {
        "title": "Queue",
        "lines": [_line(line, actor) for line in queue_of(actor)],
        "proposals": [_sign_off(row, actor) for row in proposals_of(actor)],
        "new_claims": [_row(claim, actor) for claim in new_claims_of(actor)],
        "is_known": sees_the_record(actor),
        "is_at_a_desk": bool(actor.roles),
        "may_open_claims": bool(works_at(actor)),
    }
    return show(request, "admin/desk/queue.html", context)


def _row(claim: Claim, actor: Actor, *, flags: Iterable[FlagKind] = ()) -> ClaimRow:
    return ClaimRow(
        reference=claim.reference,
        statement=claim.statement,
        claimant=claimant_words(claim, desks=desks_of(actor)),
        desk=claim.desk.name,
        badge=badge_of(claim),
        ground=label(Ground(claim.ground)),
        basis=BasisFacts(
            basis=Basis(claim.basis),
            since=claim.basis_since_at,
            why=claim.basis_reason,
            origins=claim.independent_origins,
        ),
        flags=tuple(flags),
    )


def _line(line: QueueLine, actor: Actor) -> Line:
    kinds = {FlagKind(flag.kind) for flag in line.flags}
    reasons = [FLAG_WORDS[kind] for kind in GRAVEST_FIRST if kind in kinds]
    return Line(
        why="; ".join(reasons) or line.waiting[0].review.reason or "asked for by a person",
        source=source_words(line.source) if line.source else "",
        source_reference=line.source.reference if line.source else "",
        is_stealth=any(flag.is_stealth for flag in line.flags),
        since=line.since_at,
        claims=tuple(
            _row(
                item.claim,
                actor,
                flags=dict.fromkeys(FlagKind(flag.kind) for flag in item.flags),
            )
            for item in line.waiting
        ),
    )


def _sign_off(row: Proposal, actor: Actor) -> SignOffRow:
    is_status = ProposalKind(row.kind) is ProposalKind.STATUS
    kind = ClaimKind(row.claim.kind)
    return SignOffRow(
        claim=_row(row.claim, actor),
        who=str(row.proposed_by),
        what=label(ProposalKind(row.kind)),
        to=Badge(ClaimStatus(row.to_status), kind) if is_status else None,
        ground=label(Ground(row.ground)) if row.ground else "",
        rationale=row.rationale,
        since=row.proposed_at,
        is_own=row.proposed_by_id == actor.user_id,
    )
