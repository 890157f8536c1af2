"""Read who works here, what they hold: open sessions and tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from claims.errors import NotFound
from claims.models import ApiToken, Membership, User
from claims.models.fields import read_reference
from claims.states import Role
from claims.types import Actor

SINCE, SEEN, ADDRESS, BROWSER = "signed_in_at", "seen_at", "address", "browser"
"""What the web keeps in a session beside its person: two times in seconds since 1970, two texts."""
SECOND_STEP = "second_step_at"
"""Stands in a session once its person gave a code in it, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser in which somebody is signed in; `key` never leaves the server."""

    key: str
    since_at: datetime
    seen_at: datetime
    address: str
    browser: str


def sessions_of(user: User) -> list[OpenSession]:
    """Return a person's open sessions, last used first.

    Only who knows a password can make a session, so there are few enough to be read whole.
    """
    idle_since = timezone.now() - timedelta(seconds=settings.SESSION_IDLE_S)
    own = user.get_session_auth_hash()
    found = [
        _session(key, data)
        for key, data in stored_sessions(user)
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), own)
    ]
    live = [session for session in found if session.seen_at > idle_since]
    return sorted(live, key=lambda session: session.seen_at, reverse=True)


def stored_sessions(user: User) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield key and content of every stored session of a person."""
    rows = Session.objects.filter(expire_date__gt=timezone.now())
    for row in rows.iterator():
        data = row.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield row.session_key, data


def _session(key: str, data: dict[str, str]) -> OpenSession:
    since = int(data.get(SINCE) or timezone.now().timestamp())
    return OpenSession(
        key=key,
        since_at=datetime.fromtimestamp(since, UTC),
        seen_at=datetime.fromtimestamp(int(data.get(SEEN) or since), UTC),
        address=data.get(ADDRESS, ""),
        browser=data.get(BROWSER, ""),
    )


def tokens_known_to(actor: Actor) -> QuerySet[ApiToken]:
    """Return the tokens an actor may revoke, newest first: own, of desks edited, or all."""
    rows = ApiToken.objects.defer("digest").select_related("user", "desk").order_by("-pk")
    if actor.is_administrator:
        return rows
    edited = [desk for desk, role in actor.roles if role is Role.EDITOR]
    return rows.filter(Q(user_id=actor.user_id) | Q(desk__slug__in=edited))


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return what a person may do where, now."""
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    return rows.select_related("desk").order_by("desk__name")


def read_person(reference: str) -> User:
    """Return a person by reference.

    Raises:
        NotFound: there is none.
    """
    found = User.objects.filter(reference=read_reference(reference, "PE") or "").first()
    if found is None:
        raise NotFound("There is no such person.")
    return found
