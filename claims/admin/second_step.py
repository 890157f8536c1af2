"""A code once more before what two people decide: asked for unless one was given just now.

Source:
    OWASP ASVS 5.0, 7.5.3: a further factor before highly sensitive transactions.
"""

from django.http import HttpRequest
from django.utils import timezone

from claims.models import User
from claims.queries.people import SECOND_STEP
from claims.services.second_factor import is_on

GOOD_FOR_S = 1800


def asks_code(request: HttpRequest) -> bool:
    """Whether the person signs in with two steps and gave no code in this session of late."""
    if not isinstance(request.user, User) or not is_on(request.user):
        return False
    given_at = request.session.get(SECOND_STEP, 0)
    return bool(timezone.now().timestamp() - given_at > GOOD_FOR_S)


def note_code(request: HttpRequest) -> None:
    """Note that a right code was given in this session just now."""
    request.session[SECOND_STEP] = int(timezone.now().timestamp())
