"""Signing in and out; each role begins where its work is."""

from typing import cast

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import reverse
from typing_extensions import override

from claims.access import actor_of
from claims.models import User
from claims.states import Role


class SignIn(LoginView):
    """The sign-in page: fact-checkers go on to the desk, editors and readers to the board."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    @override
    def get_default_redirect_url(self) -> str:
        actor = actor_of(cast("User", self.request.user))
        roles = {role for _, role in actor.roles}
        works_at_desk = Role.FACT_CHECKER in roles or (actor.is_administrator and not roles)
        return reverse("admin:index" if works_at_desk else "web:board")


class SignOut(LogoutView):
    """Ends the session, by POST only."""

    next_page = "web:sign-in"
    http_method_names = ["post"]
