"""An origin's page: who it is, what it is part of, how reliable; and putting new ones on record."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from claims.admin.actors import actor_in, works_at
from claims.admin.forms.origins import ConfirmIdentity, EditOrigin, NewOrigin, named
from claims.admin.site import desk, show
from claims.errors import NotAllowed, NotFound, RecordError
from claims.models import Origin
from claims.models.fields import read_reference
from claims.present.grades import RELIABILITY
from claims.queries.desk import origins_known_to, origins_to_choose
from claims.states import Role
from claims.types import Actor

OriginWork = NewOrigin | EditOrigin | ConfirmIdentity


@desk.page("claims/origin/new/", name="claims_origin_new")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put an origin on record."""
    actor = _worker(request)
    form = NewOrigin(request.POST or None, actor=actor)
    return _answer(request, form, title="New origin")


@desk.page("claims/origin/<str:reference>/", name="claims_origin_page")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what is on record of an origin."""
    actor = _worker(request)
    rows = origins_known_to(actor).select_related("part_of", "desk", "identity_confirmed_by")
    origin = rows.filter(reference=read_reference(reference, "OR")).first()
    if origin is None:
        raise NotFound("There is no such origin.")
    if request.POST.get("step") == ConfirmIdentity.slug:
        form: OriginWork = ConfirmIdentity(request.POST, actor=actor, origin=origin)
    else:
        form = EditOrigin(request.POST or None, actor=actor, origin=origin)
    return _answer(request, form, title=origin.name, origin=origin)


def _worker(request: HttpRequest) -> Actor:
    actor = actor_in(request)
    if not works_at(actor):
        raise NotAllowed("Only fact-checkers and editors work on origins.")
    return actor


def _answer(
    request: HttpRequest,
    form: OriginWork,
    *,
    title: str,
    origin: Origin | None = None,
) -> HttpResponse:
    """Save what was posted and go on, or show the form."""
    status = int(HTTPStatus.OK)
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                saved = form.save()
            except RecordError as error:
                status = form.refuse(error)
            else:
                messages.success(request, f"{named(saved)} is on record.")
                return redirect("admin:claims_origin_changelist")
    context: dict[str, object] = {
        "title": title,
        "form": _shown(form),
        "origin": origin,
        "origins": origins_to_choose(form.actor),
        "confirm": _confirmation(form, origin),
        "reliability": RELIABILITY,
    }
    return show(request, "admin/desk/origin.html", context, status=status)


def _shown(form: OriginWork) -> NewOrigin | EditOrigin:
    """Return the form of the origin itself, beside a refused confirmation as it stands."""
    if isinstance(form, ConfirmIdentity):
        return EditOrigin(actor=form.actor, origin=form.origin)
    return form


def _confirmation(form: OriginWork, origin: Origin | None) -> ConfirmIdentity | None:
    """Return the confirmation where it may be given, or was refused."""
    if isinstance(form, ConfirmIdentity):
        return form
    if origin is None or origin.desk is None or origin.identity_confirmed_at is not None:
        return None
    is_editor = form.actor.role_at(origin.desk.slug) is Role.EDITOR
    return ConfirmIdentity(actor=form.actor, origin=origin) if is_editor else None
