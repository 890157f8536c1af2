"""Tokens: those a person has and may revoke, and a new one, shown once."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst

from claims.errors import InvalidInput, NotFound, RecordError
from claims.models import ApiToken, User
from claims.queries.people import memberships_of, tokens_known_to
from claims.services.people import issue_token, revoke_token
from claims.states import Scope
from claims.types import Actor
from claims.web.door import form_page, step
from claims.web.forms import TokenForm

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One token as its reader sees it; `state` is live, expired or revoked."""

    token: ApiToken
    state: str


@form_page
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List tokens, and issue one."""
    user = cast("User", request.user)
    form = TokenForm(request.POST or None, held=list(memberships_of(user)))
    if request.method != "POST":
        return _show(request, actor, form)
    if form.is_valid():
        try:
            token, secret = _issue(actor, user, form)
        except RecordError as error:
            form.add_error(*_place(error, form))
        else:
            return _show(request, actor, issued=token, secret=secret, status=HTTPStatus.CREATED)
    return _show(request, actor, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@step
def revoke(request: HttpRequest, actor: Actor, prefix: str) -> HttpResponse:
    """Revoke a token; what carries it is refused from the next request on."""
    token = tokens_known_to(actor).filter(prefix=prefix).first()
    if token is None:
        raise NotFound("There is no such token.")
    revoke_token(actor, token=token)
    messages.success(request, f"Revoked: {token.name}. It is refused from now on.")
    return redirect("web:tokens")


def _issue(actor: Actor, user: User, form: TokenForm) -> tuple[ApiToken, str]:
    given = form.cleaned_data
    return issue_token(
        actor,
        name=given["name"],
        user=user,
        desk=form.held[given["desk"]].desk,
        scopes=tuple(Scope(word) for word in given["scopes"]),
        days=given["days"],
        networks=given["networks"].replace(",", " ").split(),
    )


def _place(error: RecordError, form: TokenForm) -> tuple[str | None, str]:
    if isinstance(error, InvalidInput) and error.field in form.fields:
        return error.field, capfirst(f"this {error.reason}")
    return None, str(error)


def _show(
    request: HttpRequest,
    actor: Actor,
    form: TokenForm | None = None,
    *,
    issued: ApiToken | None = None,
    secret: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = cast("User", request.user)
    held, known = list(memberships_of(user)), tokens_known_to(actor)
    context = {
        "own": _rows(known.filter(user=user)),
        "others": _rows(known.exclude(user=user)),
        "form": form or TokenForm(held=held),
        "may_issue": bool(held),
        "issued": issued,
        "secret": secret,
    }
    return render(request, "web/tokens.html", context, status=status)


def _rows(tokens: QuerySet[ApiToken]) -> list[Row]:
    return [Row(token, _state(token)) for token in tokens[:MOST_ROWS]]


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at <= timezone.now() else "live"
