"""A person's two-step sign-in: setting it up, its recovery codes, turning it off."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from claims.errors import InvalidInput, RuleRefused
from claims.models import User
from claims.queries.people import SECOND_STEP
from claims.services import second_factor
from claims.types import Actor
from claims.web.door import read_page, step
from claims.web.forms import CodeForm, RemovalForm, told

Answer = Callable[[HttpRequest], HttpResponseBase]
ALWAYS_OPEN = frozenset(
    {
        "web:second-factor",
        "web:second-factor-step",
        "web:sign-in",
        "web:sign-in-code",
        "web:sign-out",
        "healthz",
    }
)
REQUIRED = "Set up two-step sign-in first: it is required here of everybody who works at a desk."


class RequiredSecondFactor:
    """Where `REQUIRE_SECOND_FACTOR` is set, staff without a second step can do nothing else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _words: object
    ) -> HttpResponse | None:
        """Lead to the set-up page, systems to a refusal, before any page is asked."""
        if not settings.REQUIRE_SECOND_FACTOR or not _is_session_of_staff(request):
            return None
        match = request.resolver_match
        if SECOND_STEP in request.session or (match and match.view_name in ALWAYS_OPEN):
            return None
        if request.path_info.startswith("/api/"):
            problem = {"type": "about:blank", "title": "Forbidden", "status": 403}
            return JsonResponse(
                problem | {"detail": REQUIRED},
                status=HTTPStatus.FORBIDDEN,
                content_type="application/problem+json",
            )
        messages.warning(request, REQUIRED)
        return redirect("web:second-factor")


def _is_session_of_staff(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or "Authorization" in request.headers:
        return False
    return request.user.is_authenticated and request.user.is_staff


@read_page
def second_factor_page(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Show whether two-step sign-in is on, and the next thing to do."""
    return _show(request)


@step
def take_step(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Begin, confirm, renew the recovery codes, or remove."""
    if name not in STEPS:
        raise Http404("There is no such step.")
    try:
        return STEPS[name](request, actor)
    except RuleRefused as error:
        messages.warning(request, str(error))
        return redirect("web:second-factor")


def _begin(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - one signature for all steps
    second_factor.begin(actor)
    return redirect("web:second-factor")


def _confirm(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = CodeForm(request.POST, is_next=True)
    codes = _tried(
        form,
        lambda code: second_factor.confirm(
            actor, code=code, session=str(request.session.session_key)
        ),
    )
    if codes is None:
        return _show(request, confirm=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    request.session[SECOND_STEP] = int(timezone.now().timestamp())
    return render(request, "web/recovery_codes.html", {"codes": codes, "is_first": True})


def _renew(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = CodeForm(request.POST, auto_id="renew-%s")
    codes = _tried(form, lambda code: second_factor.renew_codes(actor, code=code))
    if codes is None:
        return _show(request, renew=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return render(request, "web/recovery_codes.html", {"codes": codes})


def _remove(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = RemovalForm(request.POST, auto_id="remove-%s")
    if form.is_valid() and not _knows_password(request, form.cleaned_data["password"]):
        form.add_error("password", "That is not your password.")
    session = str(request.session.session_key)
    ended = _tried(form, lambda code: second_factor.remove(actor, code=code, session=session))
    if ended is None:
        return _show(request, remove=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    request.session.pop(SECOND_STEP, None)
    messages.success(request, "Two-step sign-in is off. Your password alone signs you in now.")
    return redirect("web:second-factor")


STEPS = {"begin": _begin, "confirm": _confirm, "renew": _renew, "remove": _remove}


def _tried(form: CodeForm, act: Callable[[str], Any]) -> Any:
    """Return what came of a code, or None with the refusal told at its field."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data["code"])
    except InvalidInput as error:
        form.add_error("code", told(error))
        return None


def _knows_password(request: HttpRequest, password: str) -> bool:
    """Ask the way the sign-in asks, so that wrong passwords are counted here too."""
    user = cast("User", request.user)
    return authenticate(request, username=user.get_username(), password=password) == user


def _show(
    request: HttpRequest,
    *,
    confirm: CodeForm | None = None,
    renew: CodeForm | None = None,
    remove: RemovalForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = cast("User", request.user)
    device = second_factor.begun(user)
    context = {
        "is_on": second_factor.is_on(user),
        "is_required": settings.REQUIRE_SECOND_FACTOR and user.is_staff,
        "device": device,
        "secret": second_factor.secret_of(device) if device else "",
        "qr": second_factor.qr_code(device) if device else None,
        "codes_left": second_factor.codes_left(user),
        "confirm": confirm or CodeForm(is_next=True),
        "renew": renew or CodeForm(auto_id="renew-%s"),
        "remove": remove or RemovalForm(auto_id="remove-%s"),
    }
    response = render(request, "web/second_factor.html", context, status=status)
    response["Cache-Control"] = "no-store, private"  # the secret stands on it
    return response
