"""Claims made one, made several, or linked: each on a page of its own beside the claim."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from claims.access import require
from claims.admin.actors import actor_in
from claims.admin.forms.base import ClaimForm, attempt
from claims.admin.forms.merge import Link, Merge, Unlink
from claims.admin.forms.split import Split, parts_asked
from claims.admin.meanwhile import last_seq, meanwhile_of
from claims.admin.site import desk, show
from claims.models import Claim, ClaimLink
from claims.present.claim_page import badge_of, claimant_words
from claims.present.words import label
from claims.queries.claim_links import links_of
from claims.queries.desks import desks_of
from claims.queries.dossier import read_claim
from claims.queries.similar import similar_claims
from claims.services.split import MOST_PARTS
from claims.states import ClaimLinkKind, Verb
from claims.types import Actor


@desk.page("claims/claim/<str:reference>/merge/", name="claims_claim_merge")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a claim as a duplicate of another, which may take its evidence."""
    claim = _claim(request, reference, Verb.DECIDE)
    actor = actor_in(request)
    if request.method == "POST":
        return _carried_out(request, Merge(request.POST, actor=actor, claim=claim))
    return _page(request, Merge(actor=actor, claim=claim))


@desk.page("claims/claim/<str:reference>/split/", name="claims_claim_split")
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a claim that says several things, and open one for each."""
    claim = _claim(request, reference, Verb.DECIDE)
    actor = actor_in(request)
    if request.method != "POST":
        return _page(request, Split(actor=actor, claim=claim))
    count = parts_asked(request.POST)
    form = Split(request.POST, actor=actor, claim=claim, count=count)
    if request.POST.get("more"):
        form.forget_errors()
        return _page(request, form)
    return _carried_out(request, form)


@desk.page("claims/claim/<str:reference>/links/", name="claims_claim_links")
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how a claim stands to others, or take back that it does."""
    claim = _claim(request, reference, Verb.WRITE)
    actor = actor_in(request)
    if request.method == "POST":
        asked = Unlink if request.POST.get("step") == Unlink.slug else Link
        return _carried_out(request, asked(request.POST, actor=actor, claim=claim))
    return _page(request, Link(actor=actor, claim=claim))


def _claim(request: HttpRequest, reference: str, verb: Verb) -> Claim:
    actor = actor_in(request)
    claim = read_claim(actor, reference)
    require(actor, verb, claim.desk)
    return claim


def _carried_out(request: HttpRequest, form: ClaimForm) -> HttpResponse:
    told, status = attempt(form)
    if not told:
        return _page(request, form, status=status)
    messages.success(request, told)
    if isinstance(form, (Link, Unlink)):
        return redirect("admin:claims_claim_links", form.claim.reference)
    return redirect("admin:claims_claim_page", form.claim.reference)


def _page(request: HttpRequest, form: ClaimForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    actor = actor_in(request)
    claim = read_claim(actor, form.claim.reference)
    refused = form if form.is_bound else None
    slug = Link.slug if isinstance(form, Unlink) else form.slug
    context: dict[str, object] = {
        "title": f"{form.title}: {claim.reference}",
        "claim": claim,
        "badge": badge_of(claim),
        "form": Link(actor=actor, claim=claim) if isinstance(form, Unlink) else form,
        "seq": last_seq(actor, claim),
        "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        "similar": _similar(actor, claim) if not isinstance(form, Split) else (),
        "links": _link_rows(actor, claim, refused) if slug == Link.slug else (),
        "not_taken_back": form.non_field_errors() if isinstance(form, Unlink) else (),
        "may_more": isinstance(form, Split) and len(form.part_forms) < MOST_PARTS,
        "closed": claim.closed_at is not None,
    }
    return show(request, f"admin/desk/{slug}.html", context, status=status)


def _link_rows(actor: Actor, claim: Claim, refused: ClaimForm | None) -> list[dict[str, object]]:
    """Put each link into words as read from this claim's side; its own can be taken back."""
    ours, theirs = links_of(actor, claim)
    told = [
        _link_row(f"{claim.reference} {label(ClaimLinkKind(row.kind))}", row.other)
        | {"unlink": _unlink_form(row, actor, refused)}
        for row in ours
    ]
    told += [
        _link_row(
            f"{row.claim.reference} {label(ClaimLinkKind(row.kind))} {claim.reference}", row.claim
        )
        for row in theirs
    ]
    return told


def _unlink_form(row: ClaimLink, actor: Actor, refused: ClaimForm | None) -> Unlink:
    to = row.other.reference
    if isinstance(refused, Unlink) and refused.is_of(row.kind, to):
        return refused
    form = Unlink(actor=actor, claim=row.claim, initial={"kind": row.kind, "to": to})
    form.auto_id = f"unlink-{row.pk}-%s"
    return form


def _link_row(words: str, other: Claim) -> dict[str, object]:
    return {
        "words": words,
        "reference": other.reference,
        "statement": other.statement,
        "language": other.language,
        "badge": badge_of(other),
    }


def _similar(actor: Actor, claim: Claim) -> list[dict[str, object]]:
    return [
        {
            "reference": item.claim.reference,
            "statement": item.claim.statement,
            "language": item.claim.language,
            "badge": badge_of(item.claim),
            "claimant": claimant_words(item.claim, desks=desks_of(actor)),
            "percent": round(item.score * 100),
            "has_other_figures": item.has_other_figures,
        }
        for item in similar_claims(actor, claim.statement, but=claim.pk)
    ]
