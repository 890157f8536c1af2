"""The claim sheet: all a claim rests on, on one page to print or as text to paste."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.admin.actors import actor_in
from claims.admin.keys import SHEET_KEYS
from claims.admin.site import desk, show
from claims.present.claim_page import claim_page
from claims.present.sheet import sheet_text
from claims.queries.desks import desks_of
from claims.queries.dossier import read_dossier


@desk.page("claims/claim/<str:reference>/sheet/", name="claims_claim_sheet")
@require_safe
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the sheet; `?as=text` gives the text alone."""
    actor, now = actor_in(request), timezone.now()
    page = claim_page(read_dossier(actor, reference, entries=1), desks=desks_of(actor))
    address = request.build_absolute_uri(reverse("web:claim", args=[page.reference]))
    text = sheet_text(page, address=address, at=now)
    if request.GET.get("as") == "text":
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    context: dict[str, object] = {
        "title": f"{page.reference}: claim sheet",
        "page": page,
        "evidence": [card for card in page.evidence if card.withdrawn_at is None],
        "address": address,
        "text": text,
        "now": now,
        "bindings": SHEET_KEYS,
    }
    return show(request, "admin/desk/sheet.html", context)
