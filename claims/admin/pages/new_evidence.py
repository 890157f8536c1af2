"""Adding evidence to a claim: give an address, read the page, pick the quote, say who knows it."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from claims.access import require
from claims.admin.actors import actor_in
from claims.admin.forms.base import attempt
from claims.admin.forms.new_evidence import (
    AddEvidence,
    AddFromPage,
    AddItem,
    NewEvidence,
    ReadPage,
)
from claims.admin.pages.reading import reading_context
from claims.admin.site import desk, show
from claims.admin.suggestions import copies, said_by, said_by_quote
from claims.errors import RecordError
from claims.models import Claim, Evidence, Source
from claims.present.claim_page import badge_of
from claims.present.evidence import source_words
from claims.present.grades import CREDIBILITY, RELIABILITY
from claims.queries.desk import origins_to_choose
from claims.queries.desk_source import read_source
from claims.queries.dossier import read_claim
from claims.queries.reading import read_page
from claims.states import Verb
from claims.types import Actor

MOST_OFFSET_DIGITS = 9


@desk.page("claims/claim/<str:reference>/evidence/new/", name="claims_evidence_new")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose how: a page the watch reads first, a page by hand, or something offline."""
    actor = actor_in(request)
    claim = read_claim(actor, reference)
    require(actor, Verb.WRITE, claim.desk)
    if request.method != "POST":
        return _choose(request, actor, claim)
    step = request.POST.get("step", "")
    if step == ReadPage.slug:
        return _read(request, actor, claim)
    kind: type[AddItem | AddEvidence] = AddItem if step == AddItem.slug else AddEvidence
    form = kind(request.POST, actor=actor, claim=claim)
    return _posted(request, claim, form) or _choose(request, actor, claim, refused=form)


def _read(request: HttpRequest, actor: Actor, claim: Claim) -> HttpResponse:
    form = ReadPage(request.POST, actor=actor, claim=claim)
    if not form.is_valid():
        form.status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _choose(request, actor, claim, refused=form)
    try:
        found = form.preview()
    except RecordError as error:
        form.status = form.refuse(error)
        return _choose(request, actor, claim, refused=form)
    if found.evidence is not None:
        messages.success(
            request,
            "The page is on the claim as context, so that no other desk learns of it: "
            "pick its quote, or withdraw it.",
        )
        return redirect("admin:claims_evidence_page", claim.reference, found.evidence.reference)
    return redirect("admin:claims_evidence_from", claim.reference, found.source.reference)


def _posted(request: HttpRequest, claim: Claim, form: NewEvidence) -> HttpResponse | None:
    """Carry a form out and go on; nothing where it was refused."""
    told, form.status = attempt(form)
    if not told:
        return None
    messages.success(request, told)
    if isinstance(form, AddItem) and form.made is not None:
        return redirect("admin:claims_evidence_page", claim.reference, form.made.reference)
    return redirect("admin:claims_claim_page", claim.reference)


def _choose(
    request: HttpRequest,
    actor: Actor,
    claim: Claim,
    *,
    refused: ReadPage | NewEvidence | None = None,
) -> HttpResponse:
    ways: dict[str, ReadPage | NewEvidence] = {
        "read": ReadPage(actor=actor, claim=claim),
        "by_hand": AddEvidence(actor=actor, claim=claim),
        "offline": AddItem(actor=actor, claim=claim),
    }
    if refused is not None:
        ways |= {name: refused for name, form in ways.items() if form.slug == refused.slug}
    context: dict[str, object] = {
        **_beside(actor, claim),
        **ways,
        "title": "Add evidence",
        "form": refused,
        "refused": refused,
    }
    status = refused.status if refused is not None else HTTPStatus.OK
    return show(request, "admin/desk/add_evidence.html", context, status=status)


def _beside(actor: Actor, claim: Claim) -> dict[str, object]:
    """Return what stands beside every form of evidence: the claim, names to choose, grades."""
    live = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True)
    return {
        "claim": claim,
        "badge": badge_of(claim),
        "origins": origins_to_choose(actor),
        "others": live.select_related("source"),
        "reliability": RELIABILITY,
        "credibility": CREDIBILITY,
    }


@desk.page("claims/claim/<str:reference>/evidence/new/<str:source>/", name="claims_evidence_from")
@require_http_methods(["GET", "HEAD", "POST"])
def add_from_page(request: HttpRequest, reference: str, source: str) -> HttpResponse:
    """Pick a passage of a linked page, and say what it is to the claim."""
    actor = actor_in(request)
    claim, linked = _claim_and_source(actor, reference, source)
    if linked.merged_into is not None:
        return redirect("admin:claims_evidence_from", claim.reference, linked.merged_into.reference)
    posted: Any = request.POST if request.method == "POST" else None
    form = AddFromPage(posted, actor=actor, claim=claim, source=linked)
    if posted is not None:
        done = _posted(request, claim, form)
        if done is not None:
            return done
    context: dict[str, object] = {
        **_beside(actor, claim),
        **reading_context(actor, claim, linked),
        "title": f"Evidence from {source_words(linked)}",
        "form": form,
        "suggestions": (
            *(said_by_quote(actor, linked, form.data.get("quote", "")) if posted else ()),
            *copies(actor, claim, linked),
        ),
    }
    return show(request, "admin/desk/evidence_from.html", context, status=form.status)


def _claim_and_source(actor: Actor, reference: str, source: str) -> tuple[Claim, Source]:
    claim = read_claim(actor, reference)
    require(actor, Verb.WRITE, claim.desk)
    return claim, read_source(actor, source)


@desk.page("claims/claim/<str:reference>/reading/<str:source>/", name="claims_reading")
@require_safe
def reading(request: HttpRequest, reference: str, source: str) -> HttpResponse:
    """Show how far the reading of a page is, and its text: what the page above asks for again."""
    actor = actor_in(request)
    claim, linked = _claim_and_source(actor, reference, source)
    tag = f'"{hashlib.sha256(read_page(actor, linked).marker.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = show(request, "admin/desk/reading_alone.html", reading_context(actor, claim, linked))
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@desk.page("claims/claim/<str:reference>/reading/<str:source>/near/", name="claims_reading_near")
@require_safe
def near(request: HttpRequest, reference: str, source: str) -> HttpResponse:
    """Offer whom the words around a passage name: `start` and `end` in code points of the text."""
    actor = actor_in(request)
    _, linked = _claim_and_source(actor, reference, source)
    start, end = (_offset(request.GET.get(name, "")) for name in ("start", "end"))
    if start >= end:
        raise Http404("There is no such passage.")
    offers = said_by(actor, linked, start=start, end=end)
    return show(request, "admin/desk/suggestions.html", {"suggestions": offers})


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_OFFSET_DIGITS):
        raise Http404("There is no such passage.")
    return int(text)
