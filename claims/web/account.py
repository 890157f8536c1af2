"""A person's own page: who they are here, how they sign in, where they are signed in."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from claims.models import User
from claims.present.words import counted, label
from claims.queries.people import memberships_of, sessions_of, tokens_known_to
from claims.services.second_factor import codes_left, is_on
from claims.services.sessions import end_sessions
from claims.states import Role
from claims.types import Actor
from claims.web.door import read_page, step


@read_page
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show it."""
    user = cast("User", request.user)
    own = tokens_known_to(actor).filter(user=user, revoked_at__isnull=True)
    context = {
        "roles": [(row.desk, label(Role(row.role))) for row in memberships_of(user)],
        "is_administrator": actor.is_administrator,
        "is_on": is_on(user),
        "codes_left": codes_left(user),
        "tokens": own.filter(expires_at__gt=timezone.now()).count(),
        "sessions": sessions_of(user),
        "this_session": request.session.session_key,
    }
    return render(request, "web/account.html", context)


@step
def end_other_sessions(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """End every session but this one."""
    user = cast("User", request.user)
    ended = end_sessions(user, but=str(request.session.session_key))
    messages.success(request, f"Ended: {counted(ended, one='other session')}.")
    return redirect("web:account")
