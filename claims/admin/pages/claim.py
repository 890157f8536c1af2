"""A claim's page at the desk, and the steps taken on it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.access import may
from claims.admin.actors import actor_in, works_at
from claims.admin.changes import changes_of
from claims.admin.forms import decisions, work
from claims.admin.forms.base import ClaimForm, attempt
from claims.admin.meanwhile import meanwhile_of
from claims.admin.offers import Offer, offers_of, other_offers, sign_off_offers, what_it_needs
from claims.admin.proposed import proposed_edit
from claims.admin.queue_lines import taken_words
from claims.admin.site import desk, show
from claims.present.claim_page import claim_page
from claims.queries.articles import newest_articles
from claims.queries.desk_claim import DeskClaim, read_desk_claim
from claims.queries.desks import desks_of
from claims.queries.dossier import read_claim
from claims.states import Verb

STEPS: dict[str, type[ClaimForm]] = {
    form.slug: form
    for form in (
        decisions.Stands,
        decisions.ProposeStands,
        decisions.Lower,
        decisions.Dispute,
        decisions.Corroborate,
        decisions.ProposeReported,
        decisions.ProposeFalse,
        decisions.SignOff,
        decisions.WithdrawProposal,
        decisions.Undo,
        work.Close,
        work.Reopen,
        work.RaiseFlag,
        work.ShowTo,
        work.Recheck,
        work.PlaceInArticle,
    )
}
MOST_ARTICLES = 30


@desk.page("claims/claim/<str:reference>/", name="claims_claim_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one claim and what may be done with it."""
    return claim_answer(request, read_desk_claim(actor_in(request), reference))


@desk.page("claims/claim/<str:reference>/<slug:step>/", name="claims_claim_step")
@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Carry out one form of the page, or show the page again with the refusal in it."""
    if step not in STEPS:
        raise Http404("There is no such step.")
    actor = actor_in(request)
    claim = read_claim(actor, reference)
    form = STEPS[step](request.POST, actor=actor, claim=claim)
    told, status = attempt(form)
    if told:
        messages.success(request, told)
        return redirect("admin:claims_claim_page", claim.reference)
    return claim_answer(
        request, read_desk_claim(actor, claim.reference), refused=form, status=status
    )


def claim_answer(
    request: HttpRequest,
    read: DeskClaim,
    *,
    refused: ClaimForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the page; a refused form stands in it with its input kept."""
    actor, claim = actor_in(request), read.claim
    desks = desks_of(actor)
    told = claim_page(read.dossier, desks=desks)
    counted = read.dossier.opinion.counted
    context: dict[str, object] = {
        "title": f"{claim.reference}: {claim.statement}",
        "claim": claim,
        "page": told,
        "counted": [card for card in told.evidence if card.reference in counted],
        "read": read,
        "changes": changes_of(read),
        "needs": _needs(read),
        "proposed": proposed_edit(read.dossier.proposal, claim),
        "sign_off": _with(refused, sign_off_offers(actor, read)),
        "offers": _with(refused, offers_of(actor, read, now=timezone.now())),
        "others": _with(refused, other_offers(actor, read)),
        "refused": refused,
        "seq": read.last_seq,
        "taken": taken_words(read.review, actor, now=timezone.now()) if read.review else None,
        "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        "may_work": may(actor, Verb.WRITE, claim),
        "may_recheck": bool(works_at(actor)),
        "articles": newest_articles(actor, before="", limit=MOST_ARTICLES),
    }
    return show(request, "admin/desk/claim.html", context, status=status)


def _needs(read: DeskClaim) -> str:
    """Say what is missing to corroborate, after the opinion itself."""
    opinion = read.dossier.opinion
    if opinion.may_corroborate:
        return ""
    return what_it_needs(opinion).removeprefix(opinion.sentence).strip()


def _with(refused: ClaimForm | None, offers: list[Offer]) -> list[Offer]:
    """Put the refused form in the place of the fresh one of its kind."""
    if refused is None:
        return offers
    return [
        Offer(offer.title, refused, note=offer.note)
        if offer.form is not None and offer.form.slug == refused.slug
        else offer
        for offer in offers
    ]
