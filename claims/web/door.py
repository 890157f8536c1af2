"""What every page of this door does first: who reads, in which zone, and what they may not see."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.access import actor_of
from claims.errors import InvalidInput, NotAllowed, NotFound
from claims.models import User
from claims.queries.desks import zone_of
from claims.types import Actor

Words = ParamSpec("Words")
Page = Callable[Concatenate[HttpRequest, Actor, Words], HttpResponse]


def read_page(page: Page[Words]) -> Callable[Concatenate[HttpRequest, Words], HttpResponse]:
    """Give a page its reader; strangers sign in first, what is not theirs is 404."""

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

    return require_safe(login_required(answer, login_url=reverse_lazy("web:sign-in")))
