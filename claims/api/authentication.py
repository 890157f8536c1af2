"""Who asks: a bearer token's person at one desk, or a person signed in with a browser."""

import hashlib
import re
from hmac import compare_digest
from typing import cast

import structlog
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from typing_extensions import override

from claims.access import actor_of, may_at
from claims.api.callers import Caller, Row, caller_of, note_use, token_row
from claims.api.networks import is_within
from claims.api.problems import CHALLENGE, Problem
from claims.models import Desk, User
from claims.states import Scope, Verb
from claims.types import Actor

log = structlog.get_logger(__name__)

SECRET = re.compile(r"stet_([0-9a-hjkmnp-tv-z]{8})_[A-Za-z0-9_-]{43}")
"""What `services.people.issue_token` makes: a public prefix and 32 random bytes in base64url."""


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer` (RFC 6750); the scheme in any case, a query string never."""

    @override
    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        token = token_of(header)
        if not is_within(request, token.networks):
            raise _refused(
                "address_not_allowed",
                "This token may not be used from your address.",
                prefix=token.prefix,
            )
        note_use(token)
        user = User(pk=token.user_id, reference=token.reference, username=token.username)
        return user, caller_of(token)

    @override
    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def token_of(header: str) -> Row:
    """Return the row of the live token an `Authorization` header carries.

    Only who holds the whole secret learns that it expired or was revoked.

    Raises:
        Problem: malformed, unknown, revoked, expired, or its person's access ended.
    """
    scheme, _, secret = header.partition(" ")
    found = SECRET.fullmatch(secret)
    if scheme.lower() != "bearer" or found is None:
        raise Problem("token_malformed", "The Authorization header holds no bearer token of ours.")
    token = token_row(found[1])
    digest = hashlib.sha256(secret.encode()).digest()
    if token is None or not compare_digest(bytes(token.digest), digest):
        raise _refused("token_unknown", "There is no such token.", prefix=found[1])
    if token.is_revoked:
        raise _refused("token_revoked", "This token was revoked.", prefix=found[1])
    if token.is_expired:
        raise _refused("token_expired", "This token has expired.", prefix=found[1])
    if not token.is_active:
        raise _refused("person_ended", "The access of this token's person ended.", prefix=found[1])
    return token


def _refused(code: str, sentence: str, *, prefix: str) -> Problem:
    log.warning("token refused", code=code, prefix=prefix)
    return Problem(code, sentence)


def actor_of_request(request: Request) -> Actor:
    """Return who asks, with the rights they hold now.

    Raises:
        Problem: they may read nothing: the scope or every role is missing.
    """
    if not isinstance(request.auth, Caller):
        actor = actor_of(cast("User", request.user))
        if not actor.roles and not actor.is_administrator:
            raise Problem("no_role", "You hold no role at any desk.")
        return actor
    actor, desk = request.auth.actor, Desk(slug=request.auth.desk, name=request.auth.desk_name)
    if may_at(actor, Verb.SEE, desk):
        return actor
    if Scope.CLAIMS_READ in actor.scopes:
        raise Problem("no_role", f"{actor.name} holds no role at {desk} any more.")
    raise Problem("insufficient_scope", f"This takes the scope {Scope.CLAIMS_READ}.")
