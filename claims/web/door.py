"""What every page of this door does first: who reads, in which zone, and what they may not see."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.access import actor_of
from claims.errors import InvalidInput, NotAllowed, NotFound
from claims.models import User
from claims.queries.desks import zone_of
from claims.types import Actor

Words = ParamSpec("Words")
Page = Callable[Concatenate[HttpRequest, Actor, Words], HttpResponse]
View = Callable[Concatenate[HttpRequest, Words], HttpResponse]


def read_page(page: Page[Words]) -> View[Words]:
    """Give a page its reader; it is only read."""
    return require_safe(_for_signed_in(page))


def form_page(page: Page[Words]) -> View[Words]:
    """Give a page with a form the person who fills it in; no cache keeps it."""
    return require_http_methods(["GET", "HEAD", "POST"])(never_cache(_for_signed_in(page)))


def step(page: Page[Words]) -> View[Words]:
    """Give what is done by POST alone the person who does it; no cache keeps the answer."""
    return require_POST(never_cache(_for_signed_in(page)))


def _for_signed_in(page: Page[Words]) -> View[Words]:
    """Give a page its person; strangers sign in first, what is not theirs is 404."""

    @wraps(page)
    def answer(request: HttpRequest, /, *args: Words.args, **kwargs: Words.kwargs) -> HttpResponse:
        actor = actor_of(cast("User", request.user))
        try:
            with timezone.override(zone_of(actor)):
                return page(request, actor, *args, **kwargs)
        except (NotFound, InvalidInput) as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return login_required(answer, login_url=reverse_lazy("web:sign-in"))
