"""Taking claims in from a file: chosen, shown row by row, taken in as a whole or not at all."""

import csv
import io
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from claims.admin.actors import actor_in, works_at
from claims.admin.forms.imports import ChooseFile
from claims.admin.kept_file import KeptFile, keep, kept, let_go
from claims.admin.site import desk, show
from claims.admin.uploads import was_too_large
from claims.errors import InvalidInput, NotAllowed, RecordError
from claims.models import Desk
from claims.present.words import counted
from claims.queries.export import CLAIM_COLUMNS, EVIDENCE_COLUMNS, FIGURE_COLUMNS
from claims.queries.similar import Similar, similar_claims
from claims.services.import_files import EXTERNAL_ID, MOST_BYTES, NOT_TAKEN
from claims.services.import_plans import Plan, PlannedRow, plan_import
from claims.services.imports import Imported, import_claims
from claims.states import ClaimKind, Stance, Visibility
from claims.types import Actor

ROWS_A_PAGE = 50
MOST_FAULTS = 100
NEARLY_THE_SAME = 0.6
GONE = "No file is kept here any more: choose it again. What was taken in before stays on record."

COLUMN_WORDS = (
    ("statement", "One checkable statement; the only column that must be there."),
    ("kind", f"{ClaimKind.FACT} (it is so) or {ClaimKind.STATEMENT} (it was said)."),
    ("claimant", "Who says it: the name or reference of an origin on record."),
    ("claimant_text", "Who says it, as an article names them."),
    ("as_of_on", "As of which day, like 2024-10-18; also expected_by_on, review_by_on."),
    ("priority", "1 high, 2 usual, 3 low."),
    ("visibility", ", ".join(Visibility) + "."),
    ("figure", "A number; further figure_high, figure_unit, figure_qualifier, figure_scope."),
    ("url", "Address of a linked page; a second one in url_2, as far as url_5."),
    ("quote", "Its words, to the letter; quote_2 with url_2."),
    ("stance", ", ".join(Stance) + "."),
    ("origin", "Whom the information comes from: name or reference of an origin on record."),
    (EXTERNAL_ID, "Your own name for the row; told in the note that stays with the claim."),
    ("status", "What you called it so far: told in the note, never taken over."),
)
TEMPLATE_COLUMNS = (
    EXTERNAL_ID,
    *(name for name in CLAIM_COLUMNS if name != "visibility"),
    *list(FIGURE_COLUMNS)[:3],
    *list(EVIDENCE_COLUMNS)[:3],
    "origin",
    "url_2",
    "quote_2",
    "stance_2",
    "origin_2",
    "status",
)


@desk.page("claims/claim/import/", name="claims_import")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_file(request: HttpRequest) -> HttpResponse:
    """Take a file, look whether it can be read, and go on to its rows."""
    desks = _desks(actor_in(request))
    if request.method != "POST":
        return _ask(request, ChooseFile(desks=desks))
    form = ChooseFile(request.POST, request.FILES, desks=desks)
    if was_too_large(request):
        form.is_valid()
        form.errors.pop("file", None)
        form.add_error("file", f"Is larger than {MOST_BYTES // 1024 // 1024} MiB.")
        return _ask(request, form, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not form.is_valid():
        return _ask(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    file = KeptFile(
        data=given["file"].read(),
        name=str(given["file"].name)[:100],
        options={"desk": given["desk"], "visibility": given["visibility"]},
    )
    try:
        _plan(actor_in(request), file, desks)
    except RecordError as error:
        return _ask(request, form, status=form.refuse(error))
    keep(request, file)
    return redirect("admin:claims_import_rows")


@desk.page("claims/claim/import/rows/", name="claims_import_rows")
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: HttpRequest) -> HttpResponse:
    """Show what would become of each row; on POST, take the file in."""
    actor = actor_in(request)
    desks = _desks(actor)
    file = kept(request)
    if file is None or file.options["desk"] not in {place.slug for place in desks}:
        messages.info(request, GONE)
        return redirect("admin:claims_import")
    if request.method == "POST" and request.POST.get("sha256") != file.sha256:
        messages.warning(request, "Another file was chosen meanwhile: look at its rows first.")
        return redirect("admin:claims_import_rows")
    plan, place = _plan(actor, file, desks)
    if request.method != "POST":
        return _show_plan(request, file, plan, place)
    try:
        done = import_claims(actor, plan, desk=place)
    except OperationalError:
        messages.warning(request, "The database was busy; nothing was written. Send it once more.")
        return _show_plan(request, file, plan, place, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except RecordError as error:
        messages.warning(request, str(error))
        return _show_plan(request, file, plan, place, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    let_go(request)
    messages.success(request, _told(done))
    return redirect("admin:claims_claim_changelist")


@desk.page("claims/claim/import/template.csv", name="claims_import_template")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Hand out an empty table with the columns an import knows."""
    _desks(actor_in(request))
    table = io.StringIO()
    csv.writer(table).writerow(TEMPLATE_COLUMNS)
    response = HttpResponse("\ufeff" + table.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="stet-import.csv"'
    return response


def _desks(actor: Actor) -> list[Desk]:
    desks = list(Desk.objects.filter(slug__in=works_at(actor)).order_by("name"))
    if not desks:
        raise NotAllowed("Only fact-checkers and editors import claims.")
    return desks


def _plan(actor: Actor, file: KeptFile, desks: list[Desk]) -> tuple[Plan, Desk]:
    place = next((place for place in desks if place.slug == file.options["desk"]), None)
    if place is None:
        raise InvalidInput("desk", "is none of yours.")
    visibility = Visibility(file.options["visibility"])
    return plan_import(actor, file.data, desk=place, visibility=visibility), place


def _ask(request: HttpRequest, form: ChooseFile, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context: dict[str, object] = {
        "title": "Import claims",
        "form": form,
        "columns": COLUMN_WORDS,
        "not_taken": sorted(NOT_TAKEN - {"status"}),
    }
    return show(request, "admin/desk/import.html", context, status=status)


def _show_plan(
    request: HttpRequest, file: KeptFile, plan: Plan, place: Desk, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    faults = plan.faults
    page = _page(request, plan)
    context: dict[str, object] = {
        "title": "Import claims: what would happen",
        "file": file,
        "sha256": file.sha256,
        "place": place,
        "opened": len(plan.opened),
        "left": sum(1 for row in plan.rows if row.twin or row.double_of),
        "number": len(plan.rows),
        "faults": faults[:MOST_FAULTS],
        "faulty": len(faults),
        "page": page,
        "rows": [(row, _near(actor_in(request), row)) for row in page],
    }
    return show(request, "admin/desk/import_rows.html", context, status=status)


def _page(request: HttpRequest, plan: Plan) -> Page[PlannedRow]:
    return Paginator(plan.rows, ROWS_A_PAGE).get_page(request.GET.get("page", "")[:9])


def _near(actor: Actor, row: PlannedRow) -> tuple[Similar, ...]:
    """Return tracked claims that say nearly the same as a row."""
    if not row.is_opened:
        return ()
    near = similar_claims(actor, row.statement, limit=2)
    return tuple(found for found in near if found.score >= NEARLY_THE_SAME)


def _told(done: Imported) -> str:
    left = f" {counted(done.left, one='row')} left alone." if done.left else ""
    if not done.opened:
        return f"Nothing new was in the file: all of it is on record already.{left}"
    return f"{counted(len(done.opened), one='claim')} opened, all as reported.{left}"
