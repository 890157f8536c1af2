"""Read what waits for a second person: one proposal with all it rests on, or a page of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from claims.access import NEEDED, RANK, desks_seen_by, evidence_visible_to, visible_to
from claims.models import Claim, Evidence, Flag, Proposal
from claims.models.fields import read_reference
from claims.queries.desks import AtDesks
from claims.queries.dossier import Dossier, read_dossier
from claims.queries.opinion import opinions_on
from claims.queries.version import version_of
from claims.rules import Opinion
from claims.states import ProposalKind, ProposalState, Stance, Verb
from claims.types import Actor

MOST_ROWS = 20
"""Proposals on one page: each is to be read before it is ticked."""
MOST_OWN = 20


@dataclass(frozen=True, slots=True)
class SignOffPage:
    """One claim with the proposal that waits, or the last one that did; None before the first.

    `version` is what a sign-off now would approve; `to_see` names the evidence its signer must
    have seen.
    """

    dossier: Dossier
    proposal: Proposal | None
    version: str
    to_see: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether a proposal waits."""
        return self.proposal is not None and self.proposal.state == ProposalState.OPEN


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """One proposal of a list: its claim, the evidence it rests on, and the claim's open flags."""

    proposal: Proposal
    opinion: Opinion
    evidence: tuple[Evidence, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Proposals a person may sign, oldest first; `after` is what to ask for next, empty at the end.

    `relayed` is what their evidence repeats, where it is not among it.
    """

    rows: tuple[WaitingProposal, ...]
    relayed: tuple[Evidence, ...] = ()
    after: str = ""


def read_sign_off(actor: Actor, reference: str) -> SignOffPage:
    """Return one claim for the person who signs off its proposal.

    Raises:
        NotFound: no such claim for this actor.
    """
    # The proposal is read before what it rests on: what changes in between voids it.
    dossier = read_dossier(actor, reference)
    proposal = dossier.proposal or _last_ended(dossier)
    version = version_of(dossier.claim)
    live = [row for row in dossier.evidence if row.withdrawn_at is None]
    to_see = () if proposal is None else evidence_to_see(proposal, dossier.opinion, live)
    return SignOffPage(dossier, proposal, version, to_see)


def _last_ended(dossier: Dossier) -> Proposal | None:
    rows = Proposal.objects.filter(claim=dossier.claim)
    return rows.select_related("proposed_by", "sign_off__signed_by").order_by("-pk").first()


def evidence_to_see(
    proposal: Proposal, opinion: Opinion, live: Sequence[Evidence]
) -> tuple[str, ...]:
    """Name the evidence a signer must have seen, in the order of the record.

    What counts, what contradicts and what is edited; where nothing of that is there, as under an
    editor's override, all that supports or disputes.
    """
    edited: Mapping[str, object] = {}
    if proposal.kind == ProposalKind.EDIT:
        edited = proposal.payload.get("evidence") or {}
    wanted = {*opinion.counted, *opinion.disputing, *edited}
    named = tuple(row.reference for row in live if row.reference in wanted)
    return named or tuple(row.reference for row in live if row.stance != Stance.CONTEXT)


def proposals_to_sign(actor: Actor, *, after: str = "") -> WaitingPage:
    """Return the open proposals the actor may sign off, oldest first.

    At most `MOST_ROWS`, in a number of queries that does not depend on how many.

    Args:
        actor: a person; their own proposals are left out.
        after: the reference of the last proposal of the page before.
    """
    rows = _open_at(actor, _signing_desks(actor)).exclude(proposed_by=actor.user_id)
    last = Proposal.objects.filter(reference=read_reference(after, "PR") or "").first()
    if last is not None:
        at = last.proposed_at
        rows = rows.filter(Q(proposed_at__gt=at) | Q(proposed_at=at, pk__gt=last.pk))
    found = list(rows[: MOST_ROWS + 1])
    shown = found[:MOST_ROWS]
    return _page(actor, shown, after=shown[-1].reference if len(found) > MOST_ROWS else "")


def pending_of(claim: str = "pk") -> Subquery:
    """Return `kind`, `to` and `ground` of the outer row's open proposal; null where none waits.

    At most one does (a partial unique index); `claim` is how the outer row names its claim.
    """
    rows = Proposal.objects.filter(claim=OuterRef(claim), state=ProposalState.OPEN)
    item = JSONObject(kind="kind", to="to_status", ground="ground")
    return Subquery(rows.values(item=item)[:1])


def pending_on(references: Collection[str]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return, by the claim's reference, its kind and what `pending_of` tells of its open proposal.

    Args:
        references: of claims the reader may see.
    """
    rows = Proposal.objects.filter(claim__reference__in=references, state=ProposalState.OPEN)
    found = rows.values_list("claim__reference", "claim__kind", "kind", "to_status", "ground")
    return {
        claim: (of, {"kind": kind, "to": to, "ground": ground})
        for claim, of, kind, to, ground in found
    }


def claims_proposed(actor: Actor, references: Collection[str]) -> dict[str, Claim]:
    """Return the claims of some proposals, open or not, by the proposal's reference."""
    rows = Proposal.objects.filter(reference__in=references, claim__in=visible_to(actor))
    return {row.reference: row.claim for row in rows.select_related("claim")}


def own_proposals(actor: Actor) -> list[Proposal]:
    """Return the actor's own open proposals, oldest first, at most `MOST_OWN`."""
    rows = _open_at(actor, [desk for desk, _ in actor.roles])
    return list(rows.filter(proposed_by=actor.user_id)[:MOST_OWN])


def next_to_sign(actor: Actor) -> Proposal | None:
    """Return the oldest open proposal the actor may sign off."""
    rows = _open_at(actor, _signing_desks(actor)).exclude(proposed_by=actor.user_id)
    return rows.first()


def _signing_desks(actor: Actor) -> list[str]:
    least = RANK[NEEDED[Verb.SIGN_OFF]]
    return [desk for desk, role in actor.roles if RANK[role] >= least]


def _open_at(actor: Actor, desks: Collection[str]) -> QuerySet[Proposal]:
    seen = [desk for desk in desks if desk in desks_seen_by(actor)]
    rows = Proposal.objects.filter(AtDesks(seen), state=ProposalState.OPEN)
    read = rows.select_related("claim__desk", "claim__claimant__desk", "proposed_by")
    return read.order_by("proposed_at", "pk")


def _page(actor: Actor, proposals: Sequence[Proposal], *, after: str = "") -> WaitingPage:
    ids = [row.claim_id for row in proposals]
    opinions = opinions_on(ids) if ids else {}
    evidence, flags = _evidence_on(actor, ids), _flags_on(ids)
    rows = []
    for proposal in proposals:
        live, opinion = evidence[proposal.claim_id], opinions[proposal.claim_id]
        to_see = evidence_to_see(proposal, opinion, live)
        shown = tuple(row for row in live if row.reference in to_see)
        rows.append(WaitingProposal(proposal, opinion, shown, tuple(flags[proposal.claim_id])))
    own = {row.pk for item in rows for row in item.evidence}
    named = {row.relays_evidence_id for item in rows for row in item.evidence} - {None} - own
    relayed = _with_sources(actor).filter(pk__in=named) if named else ()
    return WaitingPage(tuple(rows), tuple(relayed), after)


def _with_sources(actor: Actor) -> QuerySet[Evidence]:
    return evidence_visible_to(actor).select_related(
        "source__watch",
        "source__publisher__desk",
        "origin__desk",
        "relays_origin__desk",
        "relays_evidence",
    )


def _evidence_on(actor: Actor, claim_ids: Sequence[int]) -> Mapping[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = _with_sources(actor).filter(claim__in=claim_ids, withdrawn_at__isnull=True)
    for row in rows.prefetch_related("figures").order_by("pk"):
        found[row.claim_id].append(row)
    return found


def _flags_on(claim_ids: Sequence[int]) -> Mapping[int, list[Flag]]:
    found: dict[int, list[Flag]] = defaultdict(list)
    rows = Flag.objects.filter(claim__in=claim_ids, answered_at__isnull=True).order_by("pk")
    for flag in rows:
        found[flag.claim_id].append(flag)
    return found
