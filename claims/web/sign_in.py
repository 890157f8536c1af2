"""Signing in and out; each role begins where its work is."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from typing_extensions import override

from claims.access import actor_of
from claims.errors import InvalidInput
from claims.models import User
from claims.queries.people import SECOND_STEP
from claims.services.second_factor import Means, check_code, codes_left, is_on
from claims.states import Role
from claims.web.forms import CodeForm, told

WAITING = "waits_for_code"
CODE_WITHIN_S = 300


class SignIn(LoginView):
    """The sign-in page; who has set up two steps is asked for a code next."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    @override
    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not is_on(user):
            return super().form_valid(form)
        _wait_for_code(self.request, user, to=self.get_redirect_url())
        return redirect("web:sign-in-code")

    @override
    def get_default_redirect_url(self) -> str:
        return first_page(cast("User", self.request.user))


class SignOut(LogoutView):
    """Ends the session, by POST only."""

    next_page = "web:sign-in"
    http_method_names = ["post"]


def first_page(user: User) -> str:
    """Return where a person's work is: the desk for fact-checkers, the board for the others."""
    actor = actor_of(user)
    roles = {role for _, role in actor.roles}
    works_at_desk = Role.FACT_CHECKER in roles or (actor.is_administrator and not roles)
    return reverse("admin:index" if works_at_desk else "web:board")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody who gave the right password and has yet to give a code; signed in nowhere."""

    user: User
    to: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and sign in."""
    waiting = _waiting(request)
    if waiting is None:
        return redirect("web:sign-in")
    form = CodeForm(request.POST or None, is_next=True)
    if request.method == "POST" and form.is_valid():
        try:
            means = check_code(waiting.user, code=form.cleaned_data["code"])
        except InvalidInput as error:
            form.add_error("code", told(error))
        else:
            return _enter(request, waiting, means=means)
    status = 422 if form.errors else 200
    return render(request, "web/sign_in_code.html", {"form": form}, status=status)


def locked_out(
    request: HttpRequest, _response: HttpResponse, _credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer who gave wrong passwords too often from one address."""
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    response = render(request, "web/locked_out.html", {"minutes": wait_s // 60}, status=429)
    response["Retry-After"] = str(wait_s)
    return response


def _wait_for_code(request: HttpRequest, user: User, *, to: str) -> None:
    # a new key, so that nobody who planted the old one comes half way with the right password
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(timezone.now().timestamp()),
        "to": to,
    }


def _waiting(request: HttpRequest) -> _Waiting | None:
    kept = request.session.get(WAITING)
    if kept is None or timezone.now().timestamp() - kept["at"] > CODE_WITHIN_S:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return _Waiting(user, kept["to"])


def _enter(request: HttpRequest, waiting: _Waiting, *, means: Means) -> HttpResponse:
    del request.session[WAITING]
    login(request, waiting.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SECOND_STEP] = int(timezone.now().timestamp())
    if means is Means.RECOVERY_CODE and codes_left(waiting.user) == 0:
        return redirect("web:second-factor")
    return redirect(waiting.to or first_page(waiting.user))
