"""How much a person has yet to read, for the top bar of every page."""

from django import template

from claims.access import actor_of
from claims.models import User
from claims.queries.notifications import MOST_COUNTED, has_unread, unread_of

register = template.Library()


@register.simple_tag
def unread(user: object) -> str:
    """Return how many things somebody who works at a desk has not read, as "3" or "99+"."""
    if not isinstance(user, User) or not user.is_staff or not has_unread(user):
        return ""
    number = unread_of(actor_of(user))
    if number >= MOST_COUNTED:
        return f"{MOST_COUNTED - 1}+"
    return str(number) if number else ""
