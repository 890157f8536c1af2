"""How the OpenAPI description tells a write: what is sent, with an example, and how it ends."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from claims.access import SCOPES
from claims.api.answers.envelopes import ProblemDetails
from claims.api.problems import KINDS, MEDIA_TYPE
from claims.api.writes.json_text import MEDIA
from claims.api.writes.operation import Operation

REFUSALS = (400, 401, 403, 404, 406, 409, 411, 413, 415, 422, 429)
MATCH_REFUSALS = (412, 428)

WORDS = {
    HTTPStatus.OK: "Done: the object as it now is.",
    HTTPStatus.CREATED: "Done: the new object.",
    HTTPStatus.ACCEPTED: "Recorded, and waits until another person signs it off.",
}


IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^(W/)?"[!#-~]*"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the object as you read it, or its revision in quotes.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="1 to 255 visible ASCII characters, yours alone: the same request with the same "
    "key is done once and answered alike for 24 hours.",
)


ANSWERED: tuple[tuple[str, str, frozenset[int]], ...] = (
    (
        "ETag",
        "Of the object as it now is; with 412 of what is there.",
        frozenset({200, 201, 202, 412}),
    ),
    ("Content-Location", "The object's own address.", frozenset({200, 201, 202})),
    ("Location", "The new object's address.", frozenset({201})),
    ("Idempotency-Replayed", "true where it was done before.", frozenset({200, 201, 202})),
    ("Retry-After", "Seconds to wait.", frozenset({409, 429})),
)
"""Headers of answers: name, words, and with which statuses they come."""

_Handler = TypeVar("_Handler", bound=Callable[..., Any])


def described_write(operation: Operation) -> Callable[[_Handler], _Handler]:
    """Describe the handler of one write, by its operation and its own first words."""
    scope = SCOPES[operation.verb].value
    refusals = REFUSALS + (MATCH_REFUSALS if operation.is_matched else ())

    def describe(handler: _Handler) -> _Handler:
        described: _Handler = extend_schema(
            operation_id=operation.name,
            description=f"{handler.__doc__ or ''} A token needs the scope `{scope}`.",
            parameters=[*([IF_MATCH] if operation.is_matched else []), KEY, *_headers(operation)],
            request={MEDIA: operation.body.schema},
            responses=_done(operation) | {(code, MEDIA_TYPE): _refused(code) for code in refusals},
            examples=[
                OpenApiExample(
                    operation.name,
                    value=dict(operation.example),
                    request_only=True,
                    media_type=MEDIA,
                )
            ],
        )(handler)
        return described

    return describe


def _headers(operation: Operation) -> list[OpenApiParameter]:
    """Return the headers of the answers this write may give."""
    given = {*operation.statuses, *REFUSALS, *(MATCH_REFUSALS if operation.is_matched else ())}
    return [
        OpenApiParameter(
            name, str, OpenApiParameter.HEADER, description=words, response=sorted(with_ & given)
        )
        for name, words, with_ in ANSWERED
        if with_ & given
    ]


def _done(operation: Operation) -> dict[Any, Any]:
    return {
        (status.value, MEDIA): OpenApiResponse(operation.answers, description=WORDS[status])
        for status in operation.statuses
    }


def _refused(status: int) -> OpenApiResponse:
    titles = ", ".join(kind.title for kind in KINDS.values() if kind.status == status)
    return OpenApiResponse(ProblemDetails, description=titles)
