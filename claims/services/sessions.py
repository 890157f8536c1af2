"""End sessions: a person's others, or all."""

from django.contrib.sessions.models import Session

from claims.models import User
from claims.queries.people import stored_sessions


def end_sessions(user: User, *, but: str = "") -> int:
    """End a person's sessions, except the one of key `but`; return how many there were."""
    keys = [key for key, _ in stored_sessions(user) if key != but]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
