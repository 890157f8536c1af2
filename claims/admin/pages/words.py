"""Changing a claim's words, figures and dates."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from claims.access import require
from claims.admin.actors import actor_in
from claims.admin.forms.base import ClaimForm, attempt
from claims.admin.forms.claim import Dates, EditClaim, ProposeWords
from claims.admin.meanwhile import last_seq, meanwhile_of
from claims.admin.site import desk, show
from claims.models import Claim
from claims.present.claim_page import badge_of
from claims.queries.claim_lists import topics_seen
from claims.queries.desk import origins_to_choose
from claims.queries.dossier import read_claim
from claims.states import ClaimStatus, Verb
from claims.types import Actor

EDITS = (EditClaim, ProposeWords, Dates)


@desk.page("claims/claim/<str:reference>/edit/", name="claims_claim_edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change a claim's words and figures, or propose it; and its dates."""
    actor = actor_in(request)
    claim = read_claim(actor, reference)
    require(actor, Verb.WRITE, claim.desk)
    refused, status = None, int(HTTPStatus.OK)
    if request.method == "POST":
        refused = _posted(request.POST, actor, claim)
        told, status = attempt(refused)
        if told:
            messages.success(request, told)
            return redirect("admin:claims_claim_page", claim.reference)
        claim = read_claim(actor, reference)
    context = {
        "title": f"Edit {claim.reference}",
        "claim": claim,
        "badge": badge_of(claim),
        "seq": last_seq(actor, claim),
        "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        "forms": [_shown(form, actor, claim, refused=refused) for form in _offered(claim)],
        "origins": origins_to_choose(actor),
        "topics": topics_seen(actor),
    }
    return show(request, "admin/desk/edit_claim.html", context, status=status)


def _offered(claim: Claim) -> tuple[type[ClaimForm], ...]:
    is_corroborated = claim.status == ClaimStatus.CORROBORATED
    return (ProposeWords if is_corroborated else EditClaim, Dates)


def _posted(data: Any, actor: Actor, claim: Claim) -> ClaimForm:
    by_slug = {form.slug: form for form in EDITS}
    return by_slug.get(data.get("step", ""), EditClaim)(data, actor=actor, claim=claim)


def _shown(
    form: type[ClaimForm], actor: Actor, claim: Claim, *, refused: ClaimForm | None
) -> ClaimForm:
    """Return the refused form in the place of its own kind, else a fresh one."""
    if refused is not None and isinstance(refused, form):
        return refused
    return form(actor=actor, claim=claim)
