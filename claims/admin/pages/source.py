"""A linked source's page: how it answers, what it said and when, how it is treated."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.admin.actors import actor_in, works_at
from claims.admin.forms.source import LookNow, Treatment
from claims.admin.forms.source_work import ByHand, Capture, Merge, SourceForm
from claims.admin.site import desk, show
from claims.admin.source_history import source_lines
from claims.admin.source_links import errands, link_lines
from claims.admin.source_runs import STRIP_HEIGHT, STRIP_WIDTH, runs_of, strip_of
from claims.admin.uploads import was_too_large
from claims.errors import NotAllowed, NotFound, RecordError
from claims.models import Evidence, Snapshot, Source
from claims.present.claim_page import badge_of
from claims.present.evidence import origin_words, shown_address, source_words, web_url
from claims.queries.archive import open_whole, state_of_body
from claims.queries.desk_source import (
    quoted_rows,
    read_capture,
    read_desk_source,
    read_snapshot,
    read_source,
)
from claims.queries.desks import desks_of
from claims.states import LinkState, QuoteState, SourceKind, Stance
from claims.types import Actor

STEPS = frozenset(form.slug for form in (Treatment, LookNow, Capture, ByHand, Merge))
Form = Treatment | LookNow | SourceForm
SANDBOX = "sandbox; default-src 'none'"


@desk.page("claims/source/<str:reference>/", name="claims_source_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one source."""
    return source_answer(request, read_source(actor_in(request), reference))


@desk.page("claims/source/<str:reference>/<slug:step>/", name="claims_source_step")
@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Treat a source otherwise, ask for a look, say what one saw, attach a capture, merge it."""
    if step not in STEPS:
        raise Http404("There is no such step.")
    actor = actor_in(request)
    source = read_source(actor, reference)
    if not works_at(actor):
        raise NotAllowed("Only fact-checkers and editors work on sources.")
    form = _form(request, step, actor=actor, source=source)
    if form.is_valid():
        try:
            messages.success(request, form.carry_out())
            return redirect("admin:claims_source_page", source.reference)
        except RecordError as error:
            return source_answer(request, source, refused=form, status=form.refuse(error))
    return source_answer(request, source, refused=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(request: HttpRequest, step: str, *, actor: Actor, source: Source) -> Form:
    data = request.POST
    match step:
        case Capture.slug:
            is_too_large = was_too_large(request)
            return Capture(
                data, request.FILES, actor=actor, source=source, is_too_large=is_too_large
            )
        case ByHand.slug:
            return ByHand(data, actor=actor, source=source, rows=quoted_rows(actor, source))
        case Merge.slug:
            return Merge(data, actor=actor, source=source)
        case Treatment.slug:
            return Treatment(data, actor=actor, source=source)
        case _:
            return LookNow(data, actor=actor, source=source)


@desk.page("claims/source/<str:reference>/text/<str:text_sha256>/", name="claims_snapshot_text")
@require_safe
def text(request: HttpRequest, reference: str, text_sha256: str) -> HttpResponse:
    """Show what a source said, as plain text."""
    source = read_source(actor_in(request), reference)
    return _text_answer(request, source, read_snapshot(source, text_sha256=text_sha256))


@desk.page("claims/source/<str:reference>/raw/<str:text_sha256>/", name="claims_snapshot_raw")
@require_safe
def raw(request: HttpRequest, reference: str, text_sha256: str) -> HttpResponse | FileResponse:
    """Hand out the raw bytes, never to be rendered: an attachment without a type, sandboxed.

    Bytes that are not what was archived are never handed out; the snapshot's page says so.
    """
    source = read_source(actor_in(request), reference)
    snapshot = read_snapshot(source, text_sha256=text_sha256)
    try:
        return _attachment(snapshot, name="snapshot")
    except NotFound:
        return _text_answer(request, source, snapshot, status=HTTPStatus.NOT_FOUND)


@desk.page("claims/source/<str:reference>/capture/<str:sha256>/", name="claims_capture_raw")
@require_safe
def capture(request: HttpRequest, reference: str, sha256: str) -> FileResponse:
    """Hand out a capture as it was supplied, in the same way: never to be rendered."""
    source = read_source(actor_in(request), reference)
    return _attachment(read_capture(source, sha256=sha256), name="capture")


def _attachment(snapshot: Snapshot, *, name: str) -> FileResponse:
    """Return the whole bytes as a download.

    Raises:
        NotFound: they are missing or damaged.
    """
    body = open_whole(snapshot)
    response = FileResponse(
        body,
        as_attachment=True,
        filename=f"{name}-{snapshot.sha256[:16]}.bin",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


def _text_answer(
    request: HttpRequest, source: Source, snapshot: Snapshot, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context: dict[str, object] = {
        "title": f"What {source_words(source)} said",
        "source": source,
        "snapshot": snapshot,
        "body_state": state_of_body(snapshot.sha256),
    }
    return show(request, "admin/desk/snapshot.html", context, status=status)


def source_answer(
    request: HttpRequest,
    source: Source,
    *,
    refused: Form | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the page; a refused form stands in it with its input kept."""
    actor = actor_in(request)
    read = read_desk_source(actor, source)
    desks = desks_of(actor)
    treatment = Treatment(actor=actor, source=source)
    runs = runs_of(read.watch, read.observations)
    context: dict[str, object] = {
        "title": source_words(source),
        "source": source,
        "kind": SourceKind(source.kind),
        "link_state": LinkState(source.link_state),
        "url": web_url(source.url),
        "final_url": source.final_url if source.final_url != source.url else "",
        "is_unencrypted": (source.url or "").startswith("https:")
        and source.final_url.startswith("http:"),
        "address": shown_address(source.url),
        "publisher": origin_words(source.publisher, desks=desks),
        "watch": read.watch,
        "host_failing_since": read.host_failing_since,
        "errands": errands(source, read.watch, read.evidence, now=timezone.now()),
        "links": link_lines(read.history),
        "snapshots": read.snapshots,
        "runs": runs,
        "strip": strip_of(runs),
        "strip_box": f"0 0 {STRIP_WIDTH} {STRIP_HEIGHT}",
        "evidence": [
            (row, Stance(row.stance), QuoteState(row.quote_state), badge_of(row.claim))
            for row in read.evidence
        ],
        "history": source_lines(read.history),
        "treatment": refused if isinstance(refused, Treatment) else treatment,
        "captures": read.captures,
        "work": _work(actor, source, refused, rows=read.evidence),
        "refused": refused,
        "merged_into": source.merged_into,
        "merged_here": source.source_set.order_by("pk"),
        "may_work": bool(works_at(actor)) and source.merged_into is None,
    }
    return show(request, "admin/desk/source.html", context, status=status)


def _work(
    actor: Actor, source: Source, refused: Form | None, *, rows: Sequence[Evidence]
) -> list[SourceForm]:
    """Return the forms that fold away, the refused one with its input kept."""
    fresh = (
        ByHand(actor=actor, source=source, rows=rows),
        Capture(actor=actor, source=source),
        Merge(actor=actor, source=source),
    )
    return [
        refused if isinstance(refused, SourceForm) and refused.slug == form.slug else form
        for form in fresh
    ]
