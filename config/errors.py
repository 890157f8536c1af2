"""What a visitor is told when a request fails for a reason that is not theirs."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from psycopg.errors import ReadOnlySqlTransaction

from claims.present.kept import kept_texts

RETRY_AFTER_S = "5"
UNAVAILABLE = "The record cannot be reached at the moment. Nothing was changed; try again shortly."
UNREADABLE = (
    "This request cannot be read: its host, its path or its fields are not as they should be."
)
BROKEN = "Something is broken on our side. Nothing was changed; the fault has been logged."


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database cannot be reached or written, else 500.

    Problem details (RFC 9457) to systems, a page to people.
    """
    is_away = _is_away(sys.exc_info()[1])
    status, detail = (503, UNAVAILABLE) if is_away else (500, BROKEN)
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Error", "status": status, "detail": detail}
        response: HttpResponse = JsonResponse(
            problem, status=status, content_type="application/problem+json"
        )
    else:
        response = page(detail=detail, status=status)
    if is_away:
        response["Retry-After"] = RETRY_AFTER_S
    return response


def _is_away(error: BaseException | None) -> bool:
    """Whether the database is out of reach, or takes nothing at the moment."""
    is_read_only = isinstance(getattr(error, "__cause__", None), ReadOnlySqlTransaction)
    return is_read_only or isinstance(error, (OperationalError, InterfaceError))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """Answer what was refused before any door saw it, such as a host that is not ours."""
    detail = UNREADABLE
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail}
        return JsonResponse(problem, status=400, content_type="application/problem+json")
    return page(detail=detail, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it by name
    """Answer a form whose token is not this session's; what was written in it is shown."""
    words = {"kept": kept_texts(request.POST), "site_notice": settings.SITE_NOTICE}
    return HttpResponse(loader.render_to_string("403_csrf.html", words), status=403)


def page(*, detail: str, status: int) -> HttpResponse:
    """Return the status's own page, else `500.html`.

    Rendered without the request: who is reading stands in the database.
    """
    words = {"detail": detail, "site_notice": settings.SITE_NOTICE}
    text = loader.render_to_string([f"{status}.html", "500.html"], words)
    return HttpResponse(text, status=status)
