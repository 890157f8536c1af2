"""What may be done with a claim now: a form for each step, or the sentence that says why not.

Nothing is decided here: the services refuse what must not be; this spares people a dead button.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from claims.access import may
from claims.admin.forms import decisions, talk, work
from claims.admin.forms.base import ClaimForm
from claims.models import Claim
from claims.queries.desk_claim import DeskClaim
from claims.rules import Opinion, why_not_corroborated, why_not_disputed
from claims.services.status import UNDO_WITHIN
from claims.states import Basis, ClaimStatus, Ground, Verb
from claims.types import Actor

SIGN_OFF = "Sign off"
SIGN_OFF_KEY = "g"
ALREADY = "A proposal is open already: it is signed off or withdrawn first."


@dataclass(frozen=True, slots=True)
class Offer:
    """One step: its form, or the reason why it cannot be taken now; `key` leads to it."""

    title: str
    form: ClaimForm | None = None
    reason: str = ""
    note: str = ""
    key: str = ""


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
    return Offer(form.title, form, note=note, key=form.key)


def _closed(form: type[ClaimForm], reason: str) -> Offer:
    return Offer(form.title, reason=reason, key=form.key)


def _undo(actor: Actor, page: DeskClaim, *, now: datetime) -> Iterator[Offer]:
    slip = page.claim.last_slip
    is_fresh = now - page.claim.status_since_at <= UNDO_WITHIN
    if slip and slip.get("by") == actor.user_id and is_fresh:
        yield _form(decisions.Undo(actor=actor, claim=page.claim))


def _stands(actor: Actor, page: DeskClaim) -> Offer:
    if page.claim.status != ClaimStatus.CORROBORATED:
        return _form(decisions.Stands(actor=actor, claim=page.claim))
    if page.dossier.proposal is not None:
        return _closed(decisions.ProposeStands, ALREADY)
    return _form(decisions.ProposeStands(actor=actor, claim=page.claim))


def _by_status(actor: Actor, page: DeskClaim) -> Iterator[Offer]:
    """Yield the moves of the status table from where the claim is."""
    match ClaimStatus(page.claim.status):
        case ClaimStatus.REPORTED:
            yield _corroborate(actor, page)
            yield _dispute(actor, page)
        case ClaimStatus.CORROBORATED:
            yield _lower(actor, page)
            yield _dispute(actor, page)
        case ClaimStatus.DISPUTED:
            yield _corroborate(actor, page)
            rule = decisions.lost_words(page.claim, page.dossier.opinion)
            yield _proposal(decisions.ProposeReported, actor, page, rule=rule)
            if page.claim.ground != Ground.SHOWN_FALSE:
                yield _proposal(decisions.ProposeFalse, actor, page, grounds=(Ground.SHOWN_FALSE,))


def _proposal(
    form: type[decisions.StatusForm],
    actor: Actor,
    page: DeskClaim,
    *,
    grounds: tuple[Ground, ...] = (),
    likely: Ground | None = None,
    note: str = "",
    rule: str = "",
) -> Offer:
    if page.dossier.proposal is not None:
        return _closed(form, ALREADY)
    made = form(actor=actor, claim=page.claim, grounds=grounds, likely=likely, rule=rule)
    return _form(made, note=note)


def _lower(actor: Actor, page: DeskClaim) -> Offer:
    """Offer the rule's words and ground where the basis is lost; otherwise a person finds both."""
    claim = page.claim
    return _form(
        decisions.Lower(
            actor=actor,
            claim=claim,
            likely=Ground.SUPPORT_LOST if claim.basis == Basis.LOST else None,
            rule=decisions.lost_words(claim, page.dossier.opinion),
        )
    )


def _corroborate(actor: Actor, page: DeskClaim) -> Offer:
    """Offer it with the rule's words, or to an editor as an override, or say what is missing."""
    opinion = page.dossier.opinion
    grounds = decisions.open_grounds(actor, page.claim, opinion)
    if not grounds:
        return _closed(decisions.Corroborate, what_it_needs(opinion))
    note = "" if opinion.may_corroborate else what_it_needs(opinion)
    if opinion.disputing:
        names = ", ".join(opinion.disputing)
        note = f"{note} Standing disputing evidence must be answered by name: {names}.".strip()
    return _proposal(
        decisions.Corroborate,
        actor,
        page,
        grounds=grounds,
        likely=grounds[0] if opinion.may_corroborate else None,
        note=note,
        rule=opinion.sentence if opinion.may_corroborate else "",
    )


def what_it_needs(opinion: Opinion) -> str:
    """Say in the rules' words what is missing for two independent origins."""
    return why_not_corroborated(
        opinion, ground=Ground.INDEPENDENT_ORIGINS, rationale=" ".join(opinion.disputing), names={}
    )


def _dispute(actor: Actor, page: DeskClaim) -> Offer:
    is_editor = may(actor, Verb.OVERRIDE, page.claim)
    reason = why_not_disputed(page.dossier.opinion, is_editor=is_editor)
    if reason:
        return _closed(decisions.Dispute, reason)
    return _form(decisions.Dispute(actor=actor, claim=page.claim))


def sign_off_offers(actor: Actor, page: DeskClaim) -> list[Offer]:
    """Return what this person may do with the open proposal, and why they do not sign it off.

    Who may sign it off does so on its own page, where the evidence is ticked.
    """
    proposal = page.dossier.proposal
    if proposal is None or not may(actor, Verb.SIGN_OFF, page.claim):
        return []
    why_not = why_not_signed(actor, page)
    offers = [Offer(SIGN_OFF, reason=why_not, key=SIGN_OFF_KEY)] if why_not else []
    if proposal.proposed_by_id == actor.user_id or may(actor, Verb.OVERRIDE, page.claim):
        seen = {"proposal": proposal.reference}
        form = decisions.WithdrawProposal(actor=actor, claim=page.claim, initial=seen)
        offers.append(_form(form))
    return offers


def why_not_signed(actor: Actor, page: DeskClaim) -> str:
    """Say why this person does not sign off the open proposal; nothing where they may."""
    proposal = page.dossier.proposal
    if proposal is None or not may(actor, Verb.SIGN_OFF, page.claim):
        return "There is nothing here for you to sign off."
    if proposal.proposed_by_id == actor.user_id:
        return "You proposed this: another person signs it off."
    if proposal.version != page.version:
        return "The claim or its evidence changed after the proposal: it must be made again."
    return ""


def talk_offers(actor: Actor, claim: Claim) -> list[Offer]:
    """Return how this person may say something about a claim: for good, or to its desk alone."""
    if not may(actor, Verb.WRITE, claim):
        return []
    return [_form(form(actor=actor, claim=claim)) for form in (talk.Comment, talk.WriteNote)]


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
