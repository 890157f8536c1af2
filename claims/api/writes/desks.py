"""Whose a new thing is: the desk named, or the only one its maker has."""

from claims.api.writes.fields import Field, slug
from claims.api.writes.operation import Act
from claims.errors import InvalidInput
from claims.models import Desk

DESK = Field(slug(most=50), "its slug; a token's own, and yours where you have one only")


def desk_of(act: Act) -> Desk:
    """Return the desk a body names, or the only one its sender has a role at.

    Raises:
        InvalidInput: field `desk`: no such desk, or it must be named.
    """
    named = act.given.get("desk")
    own = [desk for desk, _ in act.actor.roles]
    if named is None and len(own) != 1:
        raise InvalidInput("desk", f"is required; yours are: {', '.join(own) or 'none'}.")
    desk = Desk.objects.filter(slug=own[0] if named is None else named).first()
    if desk is None:
        raise InvalidInput("desk", "is no desk's slug.")
    return desk
