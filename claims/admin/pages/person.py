"""A person's page, for the administrator: roles, sign-in, tokens, and the ways to end each."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from claims.admin.actors import actor_in
from claims.admin.site import desk, show
from claims.errors import NotAllowed, RecordError
from claims.models import User
from claims.present.words import counted, label
from claims.queries.people import memberships_of, read_person, sessions_of, tokens_known_to
from claims.services import second_factor
from claims.services.people import end_person
from claims.services.sessions import end_sessions
from claims.states import Role
from claims.types import Actor

MOST_TOKENS = 200


@desk.page("claims/user/<str:reference>/", name="claims_user_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a person."""
    return _answer(request, _administrator(request), read_person(reference))


@desk.page("claims/user/<str:reference>/<slug:step>/", name="claims_user_step")
@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Reset two-step sign-in, end the sessions, or end the access."""
    actor = _administrator(request)
    if step not in STEPS:
        raise Http404("There is no such step.")
    user = read_person(reference)
    try:
        messages.success(request, STEPS[step](actor, user))
    except RecordError as error:
        messages.error(request, str(error))
    return redirect("admin:claims_user_page", user.reference)


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_in(request)
    if not actor.is_administrator:
        raise NotAllowed("Only the administrator manages people.")
    return actor


def _reset(actor: Actor, user: User) -> str:
    second_factor.reset(actor, user=user)
    return f"{user} signs in with the password alone now, and was signed out everywhere."


def _sign_out(_actor: Actor, user: User) -> str:
    ended = end_sessions(user)
    return f"{user} was signed out: {counted(ended, one='session')} ended."


def _end(actor: Actor, user: User) -> str:
    end_person(actor, user=user)
    return f"The access of {user} ended: sign-in, sessions, roles and tokens."


STEPS: dict[str, Callable[[Actor, User], str]] = {
    "reset-second-step": _reset,
    "sign-out": _sign_out,
    "end-access": _end,
}


def _answer(request: HttpRequest, actor: Actor, user: User) -> HttpResponse:
    context: dict[str, object] = {
        "title": str(user),
        "person": user,
        "roles": [(row.desk, label(Role(row.role))) for row in memberships_of(user)],
        "has_second_step": second_factor.is_on(user),
        "codes_left": second_factor.codes_left(user),
        "sessions": sessions_of(user),
        "tokens": tokens_known_to(actor).filter(user=user, revoked_at=None)[:MOST_TOKENS],
        "is_self": actor.user_id == user.pk,
    }
    return show(request, "admin/desk/person.html", context)
