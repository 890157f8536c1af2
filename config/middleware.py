"""Middleware that belongs to no room: the request's id, the NUL guard, another try."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from psycopg.errors import DeadlockDetected, SerializationFailure

from claims.api.problems import Problem, problem_response

log = structlog.get_logger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
TRIES = 3
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class RequestId:
    """Names each request, in its log lines and in `X-Request-ID`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, under the name given or a new one."""
        given = request.headers.get("X-Request-ID", "")
        name = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=name)
        response = self.get_response(request)
        response["X-Request-ID"] = name
        return response


class NulGuard:
    """Refuses U+0000 in path, query, cookies and form: PostgreSQL text cannot hold it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse with 400."""
        if any("\x00" in text for text in given_texts(request)):
            return bad_request(request)
        return self.get_response(request)


class OtherTries:
    """Asks a view again where the database broke its transaction off in another's favour.

    Nothing of such a transaction was written (PostgreSQL: 40001, 40P01), and a view changes the
    record in one. It stands last, so that it wraps the view alone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[object],
        words: Mapping[str, object],
    ) -> HttpResponseBase:
        """Ask the view up to `TRIES` times; the last failure is told as any other."""
        for _ in range(TRIES - 1):
            try:
                return view(request, *args, **words)
            except OperationalError as error:
                if not isinstance(error.__cause__, (DeadlockDetected, SerializationFailure)):
                    raise
                log.warning("asked again", reason=type(error.__cause__).__name__)
        return view(request, *args, **words)


def given_texts(request: HttpRequest) -> Iterator[str]:
    """Yield every text of a request that may reach the database."""
    yield request.path_info
    yield from (text for pair in request.COOKIES.items() for text in pair)
    forms = [request.GET]
    if request.method == "POST" and request.content_type in FORMS:
        forms.append(request.POST)
    for form in forms:
        for name, texts in form.lists():
            yield name
            yield from (str(text) for text in texts)


def bad_request(request: HttpRequest) -> HttpResponse:
    """Return the 400 for a NUL, as problem details (RFC 9457) to systems."""
    reason = "The request contains the character U+0000."
    if not request.path_info.startswith("/api/"):
        return HttpResponseBadRequest(reason, content_type="text/plain; charset=utf-8")
    return problem_response(Problem("malformed", reason), request)
