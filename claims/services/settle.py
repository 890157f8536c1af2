"""The last step of every change to a claim: what it now rests on, and what that voids.

One place computes the basis, counts flags, voids a proposal whose version moved, makes corrections
due on what was printed, and raises the revision, so that no writer can forget one of them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from claims.access import require, visible_to
from claims.errors import NotFound, RevisionMoved
from claims.models import Claim, Flag, Proposal
from claims.queries.notifications import who_decided
from claims.queries.opinion import opinions_on
from claims.queries.version import version_of
from claims.rules import Opinion, basis_of
from claims.services.ledger import Plain, Recorder, Text
from claims.services.notifications import tell_each
from claims.services.proposal_rows import end_proposal
from claims.services.reliance import mark_fallen, read_relied
from claims.states import (
    Basis,
    ClaimStatus,
    EntryKind,
    FlagKind,
    Ground,
    NotificationKind,
    ProposalState,
    Verb,
)
from claims.types import Actor

FLAG_WORDS: dict[FlagKind, str] = {
    FlagKind.QUOTE_ALTERED: "a quoted passage was altered",
    FlagKind.FIGURE_ALTERED: "a quoted figure was altered",
    FlagKind.QUOTE_MISSING: "a quoted passage is no longer there",
    FlagKind.CORRECTION_NOTICE: "a linked source published a correction",
    FlagKind.RETRACTION: "a linked source was retracted",
    FlagKind.RELAYED_CORRECTED: "a report it relays was corrected or altered",
    FlagKind.RELAYED_RETRACTED: "a report it relays was retracted",
    FlagKind.SOURCE_GONE: "a linked source is gone",
    FlagKind.SOURCE_MOVED: "a linked source moved",
    FlagKind.SOURCE_UNREACHABLE: "a linked source cannot be reached",
    FlagKind.CONTRADICTION_ADDED: "contradicting evidence was added",
    FlagKind.REVIEW_DATE_PASSED: "its review date passed",
    FlagKind.OBJECTION: "another desk objects",
    FlagKind.COMPLAINT: "somebody complained",
    FlagKind.TIP: "somebody sent a tip",
}


def lock_claim(actor: Actor, claim_id: int, *, verb: Verb, seen: int | None = None) -> Claim:
    """Lock one claim for a change, as the first statement of its transaction.

    Args:
        actor: must see the claim and be allowed `verb` at its desk.
        claim_id: which.
        verb: what the caller is about to do.
        seen: the revision the caller saw; None where the change does not depend on it.

    Raises:
        NotFound: it does not exist for this actor.
        NotAllowed: it does, but they may not do this.
        RevisionMoved: somebody changed it meanwhile.
    """
    rows = visible_to(actor).select_related("desk").select_for_update(of=("self",), no_key=True)
    claim = rows.filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("There is no such claim.")
    if verb is not Verb.SEE:
        require(actor, verb, claim.desk)
    if seen is not None and claim.revision != seen:
        raise RevisionMoved(seen=seen, now=claim.revision)
    return claim


def settle(claim: Claim, *, record: Recorder) -> Opinion:
    """Bring basis, counters, proposal and revision in line with what the claim now rests on.

    The caller holds the claim's lock and has saved everything else. Returns the rules' opinion.
    """
    return settle_all([claim], record=record)[claim.pk]


def settle_all(claims: Sequence[Claim], *, record: Recorder) -> Mapping[int, Opinion]:
    """Settle several locked claims in one go; return the rules' opinions by claim id."""
    ids = [claim.pk for claim in claims]
    relied = read_relied(ids)
    opinions = opinions_on(ids)
    flags = defaultdict(list)
    for flag in Flag.objects.filter(claim__in=ids, answered_at__isnull=True).order_by("pk"):
        flags[flag.claim_id].append(FLAG_WORDS[FlagKind(flag.kind)])
    proposals = Proposal.objects.filter(claim__in=ids, state=ProposalState.OPEN)
    proposed = {proposal.claim_id: proposal for proposal in proposals}
    _tell_who_decided(
        [claim for claim in claims if len(flags[claim.pk]) > claim.open_flags], record=record
    )
    for claim in claims:
        _settle(claim, opinions[claim.pk], flags[claim.pk], record=record)
        if claim.pk in proposed:
            _void_if_stale(proposed[claim.pk], claim, record=record)
    mark_fallen(relied, claims, record=record)
    return opinions


def _tell_who_decided(flagged: Sequence[Claim], *, record: Recorder) -> None:
    """Tell people that a claim they decided on has new flags; before its counter is raised."""
    tell_each(NotificationKind.CLAIM_FLAGGED, who_decided(flagged), record=record)


def _settle(claim: Claim, opinion: Opinion, flags: Sequence[str], *, record: Recorder) -> None:
    basis, reason = basis_of(
        ClaimStatus(claim.status), Ground(claim.ground), opinion=opinion, open_flags=flags
    )
    before = _counts(claim)
    claim.independent_origins = len(opinion.roots)
    claim.open_flags = len(flags)
    is_moved = (claim.basis, claim.basis_reason) != (basis, reason)
    if is_moved or (_counts(claim) != before and not _told_beside(claim, record=record)):
        _change_basis(claim, basis, reason, record=record)
    claim.revision += 1
    claim.save()


def _counts(claim: Claim) -> dict[str, Plain]:
    return {"independent_origins": claim.independent_origins, "open_flags": claim.open_flags}


def _told_beside(claim: Claim, *, record: Recorder) -> bool:
    """Tell new counts with what else this transaction enters about the claim, if anything."""
    return record.beside(claim.reference, sets={claim.reference: _counts(claim)})


def _change_basis(claim: Claim, basis: Basis, reason: str, *, record: Recorder) -> None:
    if claim.basis != basis:
        claim.basis_since_at = record.at
    claim.basis = basis
    claim.basis_reason = reason
    record.add(
        EntryKind.BASIS_CHANGED,
        claim=claim.reference,
        sets={
            claim.reference: {
                "basis": basis,
                "basis_since_at": claim.basis_since_at,
                "basis_reason": Text(reason),
                **_counts(claim),
            }
        },
    )


def _void_if_stale(proposal: Proposal, claim: Claim, *, record: Recorder) -> None:
    """Void the open proposal if the claim is no longer what its proposer saw."""
    if proposal.version == version_of(claim):
        return
    end_proposal(
        proposal,
        claim,
        state=ProposalState.VOID,
        reason="The claim or its evidence changed after the proposal.",
        record=record,
    )
