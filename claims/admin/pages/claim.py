"""A claim's page at the desk, and the steps taken on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.access import may
from claims.admin.actors import actor_in, works_at
from claims.admin.changes import changes_of
from claims.admin.forms import decisions, talk, work
from claims.admin.forms.base import ClaimForm, attempt
from claims.admin.keys import claim_keys
from claims.admin.meanwhile import meanwhile_of
from claims.admin.offers import (
    SIGN_OFF,
    SIGN_OFF_KEY,
    Offer,
    offers_of,
    other_offers,
    sign_off_offers,
    talk_offers,
    what_it_needs,
    why_not_signed,
)
from claims.admin.proposed import proposed_edit
from claims.admin.queue_lines import taken_words
from claims.admin.site import desk, show
from claims.admin.taking import next_review
from claims.admin.undoing import told_with_way_back
from claims.errors import NotFound
from claims.present.badges import Badge
from claims.present.claim_page import badge_of, claim_page
from claims.present.history import HistoryLine, history_lines
from claims.queries.articles import newest_articles
from claims.queries.desk_claim import DeskClaim, read_desk_claim
from claims.queries.desks import desks_of
from claims.queries.dossier import read_claim
from claims.queries.similar import similar_claims
from claims.states import ClaimKind, EntryKind, Verb
from claims.types import Actor

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
        decisions.WithdrawProposal,
        decisions.Undo,
        talk.Comment,
        talk.WriteNote,
        talk.RemoveNote,
        work.Close,
        work.Reopen,
        work.RaiseFlag,
        work.ShowTo,
        work.Recheck,
        work.PlaceInArticle,
    )
}
WITHOUT_INPUT = frozenset({talk.RemoveNote.slug, work.Recheck.slug})
"""Steps that are one button: refused, they leave nothing to keep."""
MOST_ARTICLES = 30
MOST_COMMENTS = 5
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class SimilarWords:
    """Another claim that says nearly the same."""

    reference: str
    statement: str
    language: str
    badge: Badge
    has_other_figures: bool


@desk.page("claims/claim/<str:reference>/", name="claims_claim_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one claim and what may be done with it."""
    before = request.GET.get("before", "0")
    if not (before.isascii() and before.isdecimal() and len(before) <= MOST_DIGITS):
        raise NotFound("History goes on from the number of an entry.")
    return claim_answer(request, read_desk_claim(actor_in(request), reference, before=int(before)))


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
        now = read_claim(actor, claim.reference)
        messages.success(request, told_with_way_back(told, actor, now, step=step))
        if "next" in request.POST:
            return next_review(request)
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
    steps = _steps(actor, read, refused)
    offered = [offer for offers in steps.values() for offer in offers]
    may_sign = not why_not_signed(actor, read)
    keys = [(SIGN_OFF_KEY, SIGN_OFF)] if may_sign else []
    context: dict[str, object] = {
        "title": f"{claim.reference}: {claim.statement}",
        "claim": claim,
        "page": told,
        "read": read,
        "changes": changes_of(read),
        "needs": _needs(read),
        "similar": _similar(actor, read),
        "comments": _comments(read),
        "proposed": proposed_edit(read.dossier.proposal, claim, desks=desks),
        **steps,
        "may_sign": may_sign,
        "bindings": claim_keys([*keys, *((offer.key, offer.title) for offer in offered)]),
        "refused": refused,
        "unplaced": _unplaced(refused, offered),
        "seq": read.last_seq,
        "taken": taken_words(read.review, actor, now=timezone.now()) if read.review else None,
        "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        "may_work": may(actor, Verb.WRITE, claim),
        "may_recheck": bool(works_at(actor)),
        "may_remove": may(actor, Verb.OVERRIDE, claim),
        "is_of_the_desk": actor.role_at(claim.desk.slug) is not None,
        "articles": newest_articles(actor, before="", limit=MOST_ARTICLES, is_tallied=False),
    }
    return show(request, "admin/desk/claim.html", context, status=status)


def _steps(actor: Actor, read: DeskClaim, refused: ClaimForm | None) -> Mapping[str, list[Offer]]:
    """Return what may be done, by the place on the page, the refused form in its own."""
    return {
        "sign_off": _with(refused, sign_off_offers(actor, read)),
        "offers": _with(refused, offers_of(actor, read, now=timezone.now())),
        "talk": _with(refused, talk_offers(actor, read.claim)),
        "others": _with(refused, other_offers(actor, read)),
    }


def _needs(read: DeskClaim) -> str:
    """Say what is missing to corroborate, after the opinion itself."""
    opinion = read.dossier.opinion
    if opinion.may_corroborate:
        return ""
    return what_it_needs(opinion).removeprefix(opinion.sentence).strip()


def _similar(actor: Actor, read: DeskClaim) -> list[SimilarWords]:
    found = similar_claims(actor, read.claim.statement, but=read.claim.pk)
    return [
        SimilarWords(
            reference=item.claim.reference,
            statement=item.claim.statement,
            language=item.claim.language,
            badge=badge_of(item.claim),
            has_other_figures=item.has_other_figures,
        )
        for item in found
    ]


def _comments(read: DeskClaim) -> tuple[HistoryLine, ...]:
    """Return the newest comments among the entries shown."""
    said = [entry for entry in read.dossier.history if entry.kind == EntryKind.COMMENTED]
    return history_lines(said[:MOST_COMMENTS], kind=ClaimKind(read.claim.kind))


def _with(refused: ClaimForm | None, offers: Iterable[Offer]) -> list[Offer]:
    """Put the refused form in the place of the fresh one of its kind."""
    return [
        replace(offer, form=refused)
        if refused is not None and offer.form is not None and offer.form.slug == refused.slug
        else offer
        for offer in offers
    ]


def _unplaced(refused: ClaimForm | None, offered: Iterable[Offer]) -> list[tuple[str, str]]:
    """Return what was typed into a step the page no longer offers, for nothing to be lost."""
    if refused is None or refused.slug in WITHOUT_INPUT:
        return []
    if any(offer.form is refused for offer in offered):
        return []
    typed = [(str(field.label), str(field.value() or "")) for field in refused.visible_fields()]
    return [(label, value) for label, value in typed if value]
