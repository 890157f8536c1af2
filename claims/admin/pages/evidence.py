"""Working on one piece of evidence, beside the text it quotes."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from claims.access import evidence_visible_to, require
from claims.admin.actors import actor_in
from claims.admin.forms.base import attempt
from claims.admin.forms.evidence import (
    Attest,
    Grade,
    OneEvidence,
    ProposeGrade,
    Withdraw,
    captures_of,
)
from claims.admin.meanwhile import last_seq, meanwhile_of
from claims.admin.pages.reading import reading_context
from claims.admin.site import desk, show
from claims.admin.suggestions import Suggestion, copies, said_by_quote
from claims.models import Claim, Evidence
from claims.present.claim_page import badge_of
from claims.present.evidence import card_of, source_words
from claims.present.grades import CREDIBILITY, RELIABILITY
from claims.queries.desk import origins_to_choose
from claims.queries.desk_claim import read_evidence
from claims.queries.desks import desks_of
from claims.queries.dossier import read_claim
from claims.queries.opinion import opinion_on
from claims.rules import Opinion
from claims.states import ClaimStatus, Verb
from claims.types import Actor

FORMS: dict[str, type[OneEvidence]] = {
    form.slug: form for form in (Grade, ProposeGrade, Attest, Withdraw)
}


@desk.page("claims/claim/<str:reference>/evidence/<str:evidence>/", name="claims_evidence_page")
@require_http_methods(["GET", "HEAD", "POST"])
def work_on(request: HttpRequest, reference: str, evidence: str) -> HttpResponse:
    """Grade, attest or withdraw one piece of evidence."""
    actor = actor_in(request)
    claim = read_claim(actor, reference)
    require(actor, Verb.WRITE, claim.desk)
    row = read_evidence(actor, claim, reference=evidence)
    refused, status = None, int(HTTPStatus.OK)
    if request.method == "POST":
        refused = _posted(request.POST, actor, claim, row)
        told, status = attempt(refused)
        if told:
            messages.success(request, told)
            return redirect("admin:claims_claim_page", claim.reference)
        claim = read_claim(actor, reference)
    return show(
        request,
        "admin/desk/evidence.html",
        {
            **_context(actor, claim, row, refused=refused),
            "seq": last_seq(actor, claim),
            "meanwhile": meanwhile_of(actor, claim, refused=refused, status=status),
        },
        status=status,
    )


def _posted(data: Any, actor: Actor, claim: Claim, row: Evidence) -> OneEvidence:
    form = FORMS.get(data.get("step", ""), Grade)
    return form(data, actor=actor, claim=claim, row=row)


def _context(
    actor: Actor, claim: Claim, row: Evidence, *, refused: OneEvidence | None
) -> dict[str, object]:
    opinion = opinion_on(claim.pk)
    weighed = {item.evidence.reference: item for item in opinion.weighed}
    relayed = evidence_visible_to(actor).filter(relayed_by=row).select_related("source")
    pages = {other.reference: source_words(other.source) for other in relayed}
    return {
        "title": f"Evidence {row.reference}",
        "claim": claim,
        "badge": badge_of(claim),
        "card": card_of(
            row, weighed=weighed.get(row.reference), desks=desks_of(actor), pages=pages
        ),
        "row": row,
        "forms": [
            refused if isinstance(refused, form) else form(actor=actor, claim=claim, row=row)
            for form in _offered(claim, row, opinion)
        ],
        "origins": origins_to_choose(actor),
        "others": Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True)
        .exclude(pk=row.pk)
        .select_related("source"),
        "reliability": RELIABILITY,
        "credibility": CREDIBILITY,
        "captures": captures_of(row),
        "suggestions": _suggestions(actor, claim, row),
        **reading_context(actor, claim, row.source, marked=row),
    }


def _suggestions(actor: Actor, claim: Claim, row: Evidence) -> tuple[Suggestion, ...]:
    """Offer who may have said it, while nobody is named."""
    if row.withdrawn_at is not None or row.origin_id or row.relays_evidence_id:
        return ()
    named = said_by_quote(actor, row.source, row.quote)
    return (*named, *copies(actor, claim, row.source))


def _offered(claim: Claim, row: Evidence, opinion: Opinion) -> tuple[type[OneEvidence], ...]:
    """Return the forms that apply: counted evidence of a corroborated claim changes by two."""
    if row.withdrawn_at is not None:
        return ()
    is_counted = row.reference in opinion.counted
    takes_two = claim.status == ClaimStatus.CORROBORATED and is_counted
    return (ProposeGrade if takes_two else Grade, Attest, Withdraw)
