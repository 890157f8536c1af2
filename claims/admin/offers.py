"""What may be done with a claim now: a form for each step, or the sentence that says why not.

Nothing is decided here: the services refuse what must not be; this spares people a dead button.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from claims.access import may
from claims.admin.forms import decisions, work
from claims.admin.forms.base import ClaimForm
from claims.models import Proposal
from claims.queries.desk_claim import DeskClaim
from claims.rules import Opinion, why_not_corroborated, why_not_disputed
from claims.services.status import UNDO_WITHIN
from claims.states import ClaimStatus, Ground, Verb
from claims.types import Actor

ALREADY = "A proposal is open already: it is signed off or withdrawn first."


@dataclass(frozen=True, slots=True)
class Offer:
    """One step: its form, or the reason why it cannot be taken now."""

    title: str
    form: ClaimForm | None = None
    reason: str = ""
    note: str = ""


def offers_of(actor: Actor, page: DeskClaim, *, now: datetime) -> list[Offer]:
    """Return the decisions this person may take on a claim now, in the order of work."""
    claim = page.claim
    if not may(actor, Verb.DECIDE, claim):
        return []
    if claim.closed_at is not None:
        return [_form(work.Reopen(actor=actor, claim=claim))]
    offers = [*_undo(actor, page, now=now)]
    if page.review is not None or claim.open_flags or claim.decided_at is None:
        offers.append(_stands(actor, page))
    offers += _by_status(actor, page)
    return [*offers, _form(work.Close(actor=actor, claim=claim))]


def _form(form: ClaimForm, *, note: str = "") -> Offer:
    return Offer(form.title, form, note=note)


def _undo(actor: Actor, page: DeskClaim, *, now: datetime) -> Iterator[Offer]:
    slip = page.claim.last_slip
    is_fresh = now - page.claim.status_since_at <= UNDO_WITHIN
    if slip and slip.get("by") == actor.user_id and is_fresh:
        yield _form(decisions.Undo(actor=actor, claim=page.claim))


def _stands(actor: Actor, page: DeskClaim) -> Offer:
    if page.claim.status != ClaimStatus.CORROBORATED:
        return _form(decisions.Stands(actor=actor, claim=page.claim))
    if page.dossier.proposal is not None:
        return Offer(decisions.ProposeStands.title, reason=ALREADY)
    return _form(decisions.ProposeStands(actor=actor, claim=page.claim))


def _by_status(actor: Actor, page: DeskClaim) -> Iterator[Offer]:
    """Yield the moves of the status table from where the claim is."""
    match ClaimStatus(page.claim.status):
        case ClaimStatus.REPORTED:
            yield _corroborate(actor, page)
            yield _dispute(actor, page)
        case ClaimStatus.CORROBORATED:
            yield _form(decisions.Lower(actor=actor, claim=page.claim))
            yield _dispute(actor, page)
        case ClaimStatus.DISPUTED:
            yield _corroborate(actor, page)
            yield _proposal(decisions.ProposeReported, actor, page)
            if page.claim.ground != Ground.SHOWN_FALSE:
                yield _proposal(decisions.ProposeFalse, actor, page, grounds=(Ground.SHOWN_FALSE,))


def _proposal(
    form: type[decisions.StatusForm],
    actor: Actor,
    page: DeskClaim,
    *,
    grounds: tuple[Ground, ...] = (),
    note: str = "",
) -> Offer:
    if page.dossier.proposal is not None:
        return Offer(form.title, reason=ALREADY)
    return _form(form(actor=actor, claim=page.claim, grounds=grounds), note=note)


def _corroborate(actor: Actor, page: DeskClaim) -> Offer:
    opinion = page.dossier.opinion
    grounds = decisions.open_grounds(actor, page.claim, opinion)
    if not grounds:
        return Offer(decisions.Corroborate.title, reason=what_it_needs(opinion))
    note = "" if opinion.may_corroborate else what_it_needs(opinion)
    if opinion.disputing:
        names = ", ".join(opinion.disputing)
        note = f"{note} Standing disputing evidence must be answered by name: {names}.".strip()
    return _proposal(decisions.Corroborate, actor, page, grounds=grounds, note=note)


def what_it_needs(opinion: Opinion) -> str:
    """Say in the rules' words what is missing for two independent origins."""
    return why_not_corroborated(
        opinion, ground=Ground.INDEPENDENT_ORIGINS, rationale=" ".join(opinion.disputing), names={}
    )


def _dispute(actor: Actor, page: DeskClaim) -> Offer:
    is_editor = may(actor, Verb.OVERRIDE, page.claim)
    reason = why_not_disputed(page.dossier.opinion, is_editor=is_editor)
    if reason:
        return Offer(decisions.Dispute.title, reason=reason)
    return _form(decisions.Dispute(actor=actor, claim=page.claim))


def sign_off_offers(actor: Actor, page: DeskClaim) -> list[Offer]:
    """Return what this person may do with the open proposal."""
    proposal = page.dossier.proposal
    if proposal is None or not may(actor, Verb.SIGN_OFF, page.claim):
        return []
    seen = {"proposal": proposal.reference, "version": page.version}
    withdraw = decisions.WithdrawProposal(actor=actor, claim=page.claim, initial=seen)
    if proposal.proposed_by_id == actor.user_id:
        reason = "You proposed this: another person signs it off."
        return [Offer(decisions.SignOff.title, reason=reason), _form(withdraw)]
    offers = [_sign_off(actor, page, proposal, seen=seen)]
    return [*offers, _form(withdraw)] if may(actor, Verb.OVERRIDE, page.claim) else offers


def _sign_off(actor: Actor, page: DeskClaim, proposal: Proposal, *, seen: dict[str, str]) -> Offer:
    if proposal.version != page.version:
        reason = "The claim or its evidence changed after the proposal: it must be made again."
        return Offer(decisions.SignOff.title, reason=reason)
    return _form(decisions.SignOff(actor=actor, claim=page.claim, initial=seen))


def other_offers(actor: Actor, page: DeskClaim) -> list[Offer]:
    """Return what else may be done: ask for a review, place it in an article, hide it."""
    claim = page.claim
    offers = [_form(work.RaiseFlag(actor=actor, claim=claim))]
    if may(actor, Verb.WRITE, claim):
        offers.append(_form(work.PlaceInArticle(actor=actor, claim=claim)))
    if may(actor, Verb.RESTRICT, claim):
        initial = {"to": claim.visibility}
        offers.append(_form(work.ShowTo(actor=actor, claim=claim, initial=initial)))
    return offers
