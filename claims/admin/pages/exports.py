"""The list of claims as a file, as it is filtered, for the person who reads it."""

from collections.abc import Iterator
from http import HTTPStatus

import structlog
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from claims.access import visible_to
from claims.admin.actors import actor_in, sees_the_record
from claims.admin.claim_lists import claims_listed
from claims.admin.forms.code import CodeOnly, check_code
from claims.admin.second_step import asks_code, note_code
from claims.admin.site import desk, show
from claims.errors import InvalidInput, NotAllowed
from claims.models import Claim
from claims.models.fields import read_reference
from claims.queries.export import csv_lines, exported, json_lines
from claims.queries.ledger import head_seq
from claims.services.bulk import MOST_AT_ONCE

log = structlog.get_logger(__name__)

MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@desk.page("claims/claim/export/", name="claims_export")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Stream the claims of the list, or those named in `only`, as `form` csv or json.

    Who signs in with two steps and gave no code of late gives one first, by POST.
    """
    actor = actor_in(request)
    if not sees_the_record(actor):
        raise NotAllowed("You hold no role at any desk yet.")
    if asks_code(request):
        return _ask_code(request)
    if request.method == "POST":
        return redirect(request.get_full_path())
    form = request.GET.get("form", "csv")
    if form not in MEDIA:
        return _refused(request, "Export as CSV or as JSON.")
    try:
        claims, chosen = _claims(request)
    except InvalidInput:
        return _refused(request, "The list cannot be filtered so.")
    if request.method == "HEAD":
        return HttpResponse(content_type=MEDIA[form])
    # Who took along how much; not what was searched for, which may name a source.
    log.info("export", person=actor.reference, form=form, filters=sorted(request.GET))
    at = timezone.now()
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = {"exported_at": stamp, "ledger_seq": head_seq(), "filter": chosen}
    rows = exported(actor, claims)
    lines: Iterator[str]
    if form == "json":
        lines = json_lines(rows, head=head)
    else:
        remarks = ["# Stet claims", f"exported {stamp}", f"ledger entry {head['ledger_seq']}"]
        lines = csv_lines(rows, head=[*remarks, f"filter {chosen or 'none'}"])
    response = StreamingHttpResponse((line.encode() for line in lines), content_type=MEDIA[form])
    name = f"stet-claims-{at:%Y%m%dT%H%M%SZ}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _ask_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code; the right one leads to the file that was asked for."""
    is_sent = request.method == "POST"
    form = CodeOnly(request.POST if is_sent else None, auto_id="export-%s")
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    if form.is_valid():
        try:
            check_code(actor_in(request), form.cleaned_data["code"])
        except InvalidInput as error:
            status = form.refuse(error)
        else:
            note_code(request)
            return redirect(request.get_full_path())
    context = {"title": "Export claims", "form": form, "to": request.get_full_path()}
    return show(request, "admin/desk/export_code.html", context, status=status)


def _claims(request: HttpRequest) -> tuple[QuerySet[Claim], str]:
    """Return what to export, and in words what chose it."""
    query = request.GET.copy()
    query.pop("form", None)
    only = query.pop("only", None)
    if only is None:
        return claims_listed(request, query), query.urlencode()
    typed = (read_reference(word, "ST") for word in str(only[-1]).split(",")[:MOST_AT_ONCE])
    references = sorted({reference for reference in typed if reference})
    found = visible_to(actor_in(request)).filter(reference__in=references)
    return found, f"{len(references)} chosen"


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.warning(request, words)
    return redirect("admin:claims_claim_changelist")
