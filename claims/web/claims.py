"""One claim: what it says, on what it rests, and all that happened to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.errors import InvalidInput
from claims.present.claim_page import claim_page
from claims.queries.desks import desks_of
from claims.queries.dossier import read_dossier
from claims.types import Actor
from claims.web.door import read_page

PAGE_OF_HISTORY = 50
MOST_DIGITS = 18


@read_page
def claim(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show one claim with evidence, origin chain, figures, flags and history."""
    before = request.GET.get("before", "0")
    if not (before.isascii() and before.isdecimal() and len(before) <= MOST_DIGITS):
        raise InvalidInput("before", "is a whole number.")
    dossier = read_dossier(actor, reference, before=int(before), entries=PAGE_OF_HISTORY)
    entries = dossier.history
    older = f"?before={entries[-1].seq}#history-head" if len(entries) == PAGE_OF_HISTORY else ""
    page = claim_page(dossier, desks=desks_of(actor))
    return render(request, "web/claim.html", {"page": page, "older_history_url": older})
