"""Every refusal of this door as problem details (RFC 9457), each under its own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from rest_framework import exceptions

from claims import errors
from claims.services.kept_answers import OtherRequest, StillAtWork

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="stet"'
"""The `WWW-Authenticate` of RFC 6750 section 3."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its HTTP status, a title, and what the caller does about it."""

    status: int
    title: str
    remedy: str


KINDS: Mapping[str, Kind] = {
    "not_authenticated": Kind(401, "Who is asking?", "Send Authorization: Bearer and a token."),
    "token_malformed": Kind(
        401, "Not a token", "Send one bearer token exactly as it was shown: stet_, 8 signs, _, 43."
    ),
    "token_unknown": Kind(401, "Unknown token", "Have a new token issued."),
    "token_revoked": Kind(401, "Revoked token", "Somebody revoked it; have a new one issued."),
    "token_expired": Kind(401, "Expired token", "Tokens end; have a new one issued."),
    "person_ended": Kind(401, "Person without access", "Its person's access was ended."),
    "insufficient_scope": Kind(403, "Scope missing", "Have a token issued with the scope named."),
    "no_role": Kind(403, "No role at a desk", "Ask the administrator for a role at a desk."),
    "address_not_allowed": Kind(
        403, "Not from this address", "The token may be used from its networks only."
    ),
    "not_allowed": Kind(403, "Not allowed", "What you see you may not always change."),
    "invalid_input": Kind(400, "Invalid input", "errors names each field and the reason."),
    "malformed": Kind(400, "Malformed request", "The request cannot be read."),
    "not_found": Kind(
        404, "Not found", "Nothing of that name exists for you; addresses end in a slash."
    ),
    "method_not_allowed": Kind(405, "Method not allowed", "Allow names the methods."),
    "not_acceptable": Kind(406, "Not acceptable", "Accept application/json."),
    "already_exists": Kind(409, "Already on record", "reference names what there is."),
    "rule_refused": Kind(409, "Refused by the rules", "detail is the rule, in words."),
    "request_in_progress": Kind(
        409, "Still at work", "The first request with this Idempotency-Key is not answered yet."
    ),
    "length_required": Kind(411, "Length required", "Send Content-Length."),
    "revision_moved": Kind(412, "Changed meanwhile", "Read it again, then decide again."),
    "too_large": Kind(413, "Too large", "Send less."),
    "unsupported_media_type": Kind(415, "Unsupported media type", "Send application/json."),
    "key_reused": Kind(
        422, "Key of another request", "A new Idempotency-Key for every new request."
    ),
    "precondition_required": Kind(
        428, "Which version?", "Send If-Match with the ETag of what you read."
    ),
    "too_many_requests": Kind(429, "Too many requests", "Wait Retry-After seconds."),
}

RECORD_ERRORS: Mapping[type[errors.RecordError], str] = {
    errors.InvalidInput: "invalid_input",
    errors.NotFound: "not_found",
    errors.NotAllowed: "not_allowed",
    errors.RevisionMoved: "revision_moved",
    errors.RuleRefused: "rule_refused",
    errors.AlreadyExists: "already_exists",
    StillAtWork: "request_in_progress",
    OtherRequest: "key_reused",
}
"""The record's error tree, once. `LedgerBroken` is our fault, not the caller's: a 500."""

_FRAMEWORK: Mapping[type[Exception], str] = {
    Http404: "not_found",
    PermissionDenied: "not_allowed",
    DataError: "invalid_input",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "too_many_requests",
    exceptions.APIException: "malformed",
}
_BY_STATUS = {kind.status: code for code, kind in KINDS.items() if kind.status in {413, 429}}


class Problem(exceptions.APIException):
    """A refusal this door makes itself.

    Args:
        code: one of `KINDS`.
        detail: one sentence for the person behind the system.
        fields: reasons by field or parameter.
        headers: that go with it.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        fields: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.code = code
        self.status_code = KINDS[code].status
        self.sentence = detail
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


def answer_problem(error: Exception, context: Mapping[str, Any]) -> JsonResponse | None:
    """Return the answer to a refusal, or None for a fault of our own, which is raised on.

    Args:
        error: what a view or the framework raised.
        context: as Django REST framework hands it over; holds `request`.
    """
    problem = as_problem(error)
    return None if problem is None else problem_response(problem, context["request"])


def as_problem(error: Exception) -> Problem | None:
    """Return any refusal as a Problem; None where the fault is ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, errors.RecordError):
        return _of_record(error)
    for ancestor in type(error).__mro__:
        if ancestor in _FRAMEWORK:
            code = _BY_STATUS.get(getattr(error, "status_code", 0), _FRAMEWORK[ancestor])
            return Problem(code, _sentence(error, code), headers=_headers(error))
    return None


def _of_record(error: errors.RecordError) -> Problem | None:
    code = next((RECORD_ERRORS[of] for of in type(error).__mro__ if of in RECORD_ERRORS), None)
    if code is None:
        return None
    fields = {}
    if isinstance(error, errors.InvalidInput):
        fields = {error.field: [error.reason]}
    if isinstance(error, errors.AlreadyExists):
        fields = {"reference": [error.reference]}
    return Problem(code, str(error), fields=fields, headers=_headers(error))


def _sentence(error: Exception, code: str) -> str:
    if isinstance(error, DataError):
        return "A value is out of the bounds of what can be stored."
    if isinstance(error, exceptions.APIException) and isinstance(error.detail, str):
        return error.detail
    return KINDS[code].remedy


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, StillAtWork):
        return {"Retry-After": "1"}
    wait = getattr(error, "wait", None)
    return {} if wait is None else {"Retry-After": str(max(1, int(wait)))}


def problem_response(problem: Problem, request: HttpRequest) -> JsonResponse:
    """Return a problem as its response, named by the request's id."""
    kind = KINDS[problem.code]
    body: dict[str, object] = {
        "type": f"{request.build_absolute_uri(reverse('api-docs'))}#{problem.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.sentence,
        "code": problem.code,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    if problem.fields:
        body["errors"] = problem.fields
    response = JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)
    response.reason_phrase = HTTPStatus(kind.status).phrase
    for name, text in (
        {"Cache-Control": "no-store"} | _challenge(problem) | problem.headers
    ).items():
        response[name] = text
    return response


def _challenge(problem: Problem) -> dict[str, str]:
    if problem.code == "insufficient_scope":
        return {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope"'}
    if problem.code.startswith(("token_", "person_")):
        return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
    return {"WWW-Authenticate": CHALLENGE} if problem.status_code in {401, 403} else {}
