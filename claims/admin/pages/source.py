"""A linked source's page: how it answers, what it said and when, how it is treated."""

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from claims.admin.actors import actor_in, works_at
from claims.admin.forms.source import LookNow, Treatment
from claims.admin.site import desk, show
from claims.admin.source_history import source_lines
from claims.errors import RecordError
from claims.models import Source, Watch
from claims.present.claim_page import badge_of
from claims.present.evidence import origin_words, shown_address, source_words, web_url
from claims.queries.desk_source import (
    open_body,
    read_desk_source,
    read_snapshot,
    read_source,
)
from claims.queries.desks import desks_of
from claims.states import LinkState, Outcome, QuoteState, SourceKind, Stance

FORMS: dict[str, type[LookNow] | type[Treatment]] = {
    form.slug: form for form in (Treatment, LookNow)
}
SANDBOX = "sandbox; default-src 'none'"


@desk.page("claims/source/<str:reference>/", name="claims_source_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one source."""
    return source_answer(request, read_source(actor_in(request), reference))


@desk.page("claims/source/<str:reference>/<slug:step>/", name="claims_source_step")
@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Change how a source is treated, or ask for a look."""
    if step not in FORMS:
        raise Http404("There is no such step.")
    actor = actor_in(request)
    source = read_source(actor, reference)
    form = FORMS[step](request.POST, actor=actor, source=source)
    if form.is_valid():
        try:
            messages.success(request, form.carry_out())
            return redirect("admin:claims_source_page", source.reference)
        except RecordError as error:
            return source_answer(request, source, refused=form, status=form.refuse(error))
    return source_answer(request, source, refused=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@desk.page("claims/source/<str:reference>/text/<str:text_sha256>/", name="claims_snapshot_text")
@require_safe
def text(request: HttpRequest, reference: str, text_sha256: str) -> HttpResponse:
    """Show what a source said, as plain text."""
    source = read_source(actor_in(request), reference)
    context: dict[str, object] = {
        "title": f"What {source_words(source)} said",
        "source": source,
        "snapshot": read_snapshot(source, text_sha256=text_sha256),
    }
    return show(request, "admin/desk/snapshot.html", context)


@desk.page("claims/source/<str:reference>/raw/<str:text_sha256>/", name="claims_snapshot_raw")
@require_safe
def raw(request: HttpRequest, reference: str, text_sha256: str) -> FileResponse:
    """Hand out the raw bytes, never to be rendered: an attachment without a type, sandboxed."""
    source = read_source(actor_in(request), reference)
    snapshot = read_snapshot(source, text_sha256=text_sha256)
    response = FileResponse(
        open_body(snapshot),
        as_attachment=True,
        filename=f"snapshot-{snapshot.sha256[:16]}.bin",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


def source_answer(
    request: HttpRequest,
    source: Source,
    *,
    refused: LookNow | Treatment | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the page; a refused form stands in it with its input kept."""
    actor = actor_in(request)
    read = read_desk_source(actor, source)
    desks = desks_of(actor)
    treatment = Treatment(actor=actor, source=source)
    context: dict[str, object] = {
        "title": source_words(source),
        "source": source,
        "kind": SourceKind(source.kind),
        "link_state": LinkState(source.link_state),
        "url": web_url(source.url),
        "final_url": source.final_url if source.final_url != source.url else "",
        "address": shown_address(source.url),
        "publisher": origin_words(source.publisher, desks=desks),
        "watch": read.watch,
        "run": _run(read.watch),
        "snapshots": read.snapshots,
        "looks": [(Outcome(row.outcome), row) for row in read.observations],
        "evidence": [
            (row, Stance(row.stance), QuoteState(row.quote_state), badge_of(row.claim))
            for row in read.evidence
        ],
        "history": source_lines(read.history),
        "treatment": refused if isinstance(refused, Treatment) else treatment,
        "refused": refused,
        "may_work": bool(works_at(actor)),
    }
    return show(request, "admin/desk/source.html", context, status=status)


def _run(watch: Watch | None) -> Outcome | None:
    """Return what the open run of looks gives."""
    return Outcome(watch.run_outcome) if watch is not None and watch.run_outcome else None
