"""The second person's page: one proposal, all it rests on, and the sign-off."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from claims.access import may
from claims.admin.actors import actor_in
from claims.admin.forms.base import ClaimForm, attempt
from claims.admin.forms.decisions import WithdrawProposal
from claims.admin.forms.sign_off import SendBack, SignOff
from claims.admin.keys import Bindings
from claims.admin.meanwhile import meanwhile_of
from claims.admin.proposed import proposed_edit
from claims.admin.queue_lines import sign_off_row
from claims.admin.second_step import asks_code, note_code
from claims.admin.site import desk, show
from claims.models import Proposal
from claims.present.claim_page import claim_page
from claims.present.history import HistoryLine, history_lines
from claims.present.words import label
from claims.queries.desks import desks_of
from claims.queries.sign_off import SignOffPage, next_to_sign, read_sign_off
from claims.states import ClaimKind, ProposalState, Verb
from claims.types import Actor

KEYS: Bindings = (
    (("g",), "tick: I have seen this"),
    (("j", "k"), "next evidence, evidence before"),
    (("Space",), "tick or untick where you are"),
    (("Ctrl", "Enter"), "sign off"),
    (("Ctrl", "Shift", "Enter"), "sign off, and open the next"),
    (("b",), "send back"),
    (("Esc",), "leave the field"),
    (("u",), "back to the claim"),
    (("?",), "this list"),
)
YOURS = "You proposed this: another person signs it off."


@desk.page("claims/claim/<str:reference>/sign-off/", name="claims_sign_off")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_one(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what one proposal rests on, and take its sign-off."""
    actor = actor_in(request)
    read = read_sign_off(actor, reference)
    if request.method != "POST":
        return _answer(request, read)
    if _is_done_by(actor, read, sent=request.POST.get("proposal", "")):
        messages.info(request, "You have signed this off already; nothing more was written.")
        return redirect("admin:claims_claim_page", read.dossier.claim.reference)
    form = SignOff(
        request.POST,
        actor=actor,
        page=read,
        is_signer=not _why_not(actor, read),
        asks_code=asks_code(request),
    )
    told, status = attempt(form)
    if form.gave_code:
        note_code(request)
    if told:
        messages.success(request, told)
        return _onwards(request, actor, read)
    return _answer(request, read_sign_off(actor, reference), refused=form, status=status)


@desk.page("claims/claim/<str:reference>/send-back/", name="claims_send_back")
@require_POST
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the proposer for changes."""
    actor = actor_in(request)
    read = read_sign_off(actor, reference)
    claim = read.dossier.claim
    form = SendBack(request.POST, actor=actor, claim=claim)
    told, status = attempt(form)
    if told:
        messages.success(request, told)
        return redirect("admin:claims_claim_page", claim.reference)
    return _answer(request, read_sign_off(actor, reference), refused=form, status=status)


def _is_done_by(actor: Actor, read: SignOffPage, *, sent: str) -> bool:
    """Whether this is the second press of a sign-off that went through."""
    proposal = read.proposal
    if proposal is None or proposal.reference != sent or proposal.state != ProposalState.SIGNED_OFF:
        return False
    return proposal.sign_off.signed_by_id == actor.user_id


def _onwards(request: HttpRequest, actor: Actor, read: SignOffPage) -> HttpResponseRedirect:
    if "next" not in request.POST:
        return redirect("admin:claims_claim_page", read.dossier.claim.reference)
    following = next_to_sign(actor)
    if following is None:
        return redirect("admin:claims_sign_offs")
    return redirect("admin:claims_sign_off", following.claim.reference)


def _answer(
    request: HttpRequest,
    read: SignOffPage,
    *,
    refused: ClaimForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor, claim, proposal = actor_in(request), read.dossier.claim, read.proposal
    desks = desks_of(actor)
    page = claim_page(read.dossier, desks=desks)
    form = _form(request, actor, read, refused=refused)
    seen = [card for card in page.evidence if card.reference in read.to_see]
    context: dict[str, object] = {
        "title": f"{claim.reference}: sign off",
        "claim": claim,
        "page": page,
        "read": read,
        "words": sign_off_row(_of(proposal, read), actor) if proposal else None,
        "state": label(ProposalState(proposal.state)) if proposal else "",
        "proposed": proposed_edit(proposal, claim, desks=desks) if read.is_open else (),
        "cards": [(card, form.tick(card.reference) if form else None) for card in seen],
        "uncounted": len([card for card in page.evidence if not card.withdrawn_at]) - len(seen),
        "form": form,
        "reason": _why_not(actor, read),
        "send_back": _other(SendBack, actor, read, refused) if form else None,
        "withdraw": _withdrawal(actor, read),
        "refused": refused,
        "since": _since(read),
        "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        "seq": read.dossier.history[0].seq if read.dossier.history else 0,
        "bindings": KEYS,
    }
    return show(request, "admin/desk/sign_off.html", context, status=status)


def _of(proposal: Proposal, read: SignOffPage) -> Proposal:
    proposal.claim = read.dossier.claim
    return proposal


def _form(
    request: HttpRequest, actor: Actor, read: SignOffPage, *, refused: ClaimForm | None
) -> SignOff | None:
    """Return the form to show: none where this person cannot sign this now."""
    if not read.is_open or _why_not(actor, read):
        return None
    if isinstance(refused, SignOff):
        return refused
    return SignOff(actor=actor, page=read, is_signer=True, asks_code=asks_code(request))


def _why_not(actor: Actor, read: SignOffPage) -> str:
    """Say why this person does not sign; nothing where they may."""
    proposal, claim = read.proposal, read.dossier.claim
    if proposal is None:
        return ""
    if proposal.proposed_by_id == actor.user_id:
        return YOURS
    if not may(actor, Verb.SIGN_OFF, claim):
        return f"The fact-checkers and editors of {claim.desk} sign it off."
    if read.is_open and proposal.version != read.version:
        return "The claim or its evidence changed after the proposal: it must be made again."
    return ""


def _other(
    form: type[ClaimForm], actor: Actor, read: SignOffPage, refused: ClaimForm | None
) -> ClaimForm:
    if isinstance(refused, form):
        return refused
    initial = {"proposal": read.proposal.reference if read.proposal else ""}
    return form(actor=actor, claim=read.dossier.claim, initial=initial)


def _withdrawal(actor: Actor, read: SignOffPage) -> ClaimForm | None:
    """Return the form by which its proposer, or an editor, takes the proposal back."""
    proposal = read.proposal
    if proposal is None or not read.is_open:
        return None
    is_own = proposal.proposed_by_id == actor.user_id
    if not is_own and not may(actor, Verb.OVERRIDE, read.dossier.claim):
        return None
    return _other(WithdrawProposal, actor, read, None)


def _since(read: SignOffPage) -> Sequence[HistoryLine]:
    """Return what happened from the proposal on, newest first, where it waits no longer."""
    if read.proposal is None or read.is_open:
        return ()
    at = read.proposal.proposed_at
    entries = [entry for entry in read.dossier.history if entry.recorded_at >= at]
    return history_lines(entries, kind=ClaimKind(read.dossier.claim.kind))
