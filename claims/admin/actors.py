"""Who acts in a request of the desk."""

from weakref import WeakKeyDictionary

from django.http import HttpRequest

from claims.access import actor_of
from claims.models import User
from claims.states import ActorKind, Role
from claims.types import Actor

_KNOWN: WeakKeyDictionary[HttpRequest, Actor] = WeakKeyDictionary()
"""One look at the memberships a request: every stock page asks for permissions many times."""

NOBODY = Actor(kind=ActorKind.PERSON)


def actor_in(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor; somebody without rights before the sign-in."""
    if not isinstance(request.user, User):
        return NOBODY
    if request not in _KNOWN:
        _KNOWN[request] = actor_of(request.user)
    return _KNOWN[request]


def sees_the_record(actor: Actor) -> bool:
    """Whether anything of the record exists for this person at all."""
    return bool(actor.roles) or actor.is_administrator


def works_at(actor: Actor) -> tuple[str, ...]:
    """Return the desks at which the person is more than a reader."""
    return tuple(desk for desk, role in actor.roles if role is not Role.READER)
