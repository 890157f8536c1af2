"""How long a session lasts: some time at most, and less while nobody uses it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from claims.queries.people import ADDRESS, BROWSER, SEEN, SINCE
from claims.web.visitors import address_of, browser_of

Answer = Callable[[HttpRequest], HttpResponseBase]
USE_NOTED_EVERY_S = 60
HEALTH = "healthz"


def begin_session(sender: object, *, request: HttpRequest, **_: object) -> None:  # noqa: ARG001 - a signal's form
    """Note in a new session since when it is and where: what Django sends at every sign-in."""
    now = int(timezone.now().timestamp())
    request.session[SINCE] = now
    _note(request, now=now)


class SessionLimits:
    """Ends a session that is too old or was left alone; notes its use, once a minute at most.

    What a page asks for by itself, such as a board that renews itself, is nobody's use.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _words: object
    ) -> None:
        """Make who asks a stranger where the session is over."""
        match = request.resolver_match
        # a request without the cookie costs no look at the session; health is told without a record
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or (
            match and match.view_name == HEALTH
        ):
            return
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            if _is_over(request, now=now) or not _note_use(request, now=now):
                logout(request)


def _is_over(request: HttpRequest, *, now: int) -> bool:
    since = request.session.get(SINCE, now)
    seen = request.session.get(SEEN, now)
    return bool(now - since > settings.SESSION_LIMIT_S or now - seen > settings.SESSION_IDLE_S)


def _note_use(request: HttpRequest, *, now: int) -> bool:
    """Return False where the session was ended while this request was on its way."""
    session = request.session
    is_by_itself = request.headers.get("Sec-Fetch-Dest") == "empty"
    if SINCE in session and (is_by_itself or now - session[SEEN] < USE_NOTED_EVERY_S):
        return True
    session.setdefault(SINCE, now)  # a session from before there were limits
    _note(request, now=now)
    try:
        # at once, not after the answer: a slow page must not bring back what was ended meanwhile
        session.save()
    except UpdateError:
        return False
    session.modified = False
    return True


def _note(request: HttpRequest, *, now: int) -> None:
    seen = {SEEN: now, ADDRESS: address_of(request), BROWSER: browser_of(request)}
    request.session.update(seen)
