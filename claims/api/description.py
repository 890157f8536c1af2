"""The OpenAPI 3.1 description of this door, made once a process."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from typing_extensions import override

from claims.api import json_schema
from claims.api.answers.envelopes import ProblemDetails
from claims.api.complete import complete
from claims.api.parameters import MOST_ROWS, MOST_SEQ
from claims.api.problems import KINDS, MEDIA_TYPE

SETTINGS = {
    "TITLE": "Stet",
    "DESCRIPTION": (
        "Claims, the evidence they rest on, and every change to either. "
        "**Treat corroborated as reported unless the claim's basis holds.**"
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    # closed lists stand where they are used; shared names for them would clash
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
}

_View = TypeVar("_View", bound=type[Any])


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped upstream
    """How the description names a bearer token; found by its base class."""

    target_class = "claims.api.authentication.BearerToken"
    name = "bearer"

    @override
    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "stet_, 8 signs, _, 43 signs"}


@cache
def description() -> dict[str, Any]:
    """Return the description as a mapping."""
    with patched_settings(SETTINGS):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # untyped upstream
        described: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # as above
    return complete(described)


@cache
def description_text() -> str:
    """Return the description as JSON text."""
    return json.dumps(description(), ensure_ascii=False)


def parameter(
    name: str,
    words: str,
    *,
    shape: json_schema.Schema = json_schema.GIVEN,
    enum: Iterable[str] = (),
    is_required: bool = False,
    example: str = "",
) -> OpenApiParameter:
    """Return one query parameter, described; the example is of a value."""
    words_of = [*enum]
    return OpenApiParameter(
        name,
        {"type": "string", "enum": words_of} if words_of else dict(shape),
        description=words,
        required=is_required,
        examples=[OpenApiExample(name, value=example)] if example else (),
    )


def told_fields(view: type[Any]) -> OpenApiParameter:
    """Return the parameter that names the fields to be told, of what a view answers."""
    return parameter(
        "fields",
        "Comma-separated: of each object these fields alone.",
        shape=json_schema.names(view.field_names),
        example="reference",
    )


FIELDS = told_fields
LIMIT = parameter(
    "limit", "Rows a page, 1 to 200.", shape=json_schema.whole(least=1, most=MOST_ROWS)
)
CURSOR = parameter("cursor", "From next of the page before.")
AS_OF = (
    parameter(
        "as_of_seq",
        "As it stood after this entry of the ledger.",
        shape=json_schema.whole(least=1, most=MOST_SEQ),
    ),
    parameter(
        "as_of",
        "As it stood at this time, RFC 3339 with its zone; not together with as_of_seq.",
        shape=json_schema.MOMENT,
        example="2024-10-18T09:30:00Z",
    ),
)


def described(
    name: str,
    shape: type[serializers.Serializer[Any]],
    *parameters: OpenApiParameter | Callable[[type[Any]], OpenApiParameter],
    refusals: Iterable[int] = (400, 401, 403, 404, 406, 429),
    media_type: str = "application/json",
) -> Callable[[_View], _View]:
    """Describe a view's GET: its operation's name, its answer, its parameters, its refusals."""
    responses: dict[Any, Any] = {(200, media_type): shape}
    responses[304] = OpenApiResponse(description="You hold this answer.")
    for status in refusals:
        titles = ", ".join(kind.title for kind in KINDS.values() if kind.status == status)
        responses[status, MEDIA_TYPE] = OpenApiResponse(ProblemDetails, description=titles)
    held = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="An ETag.")
    since = OpenApiParameter(
        "If-Modified-Since",
        str,
        OpenApiParameter.HEADER,
        description="A Last-Modified; counts where no If-None-Match is sent.",
    )

    def describe(view: _View) -> _View:
        own = [one if isinstance(one, OpenApiParameter) else one(view) for one in parameters]
        operation = extend_schema(
            operation_id=name,
            description=view.__doc__,
            parameters=[*own, held, since],
            responses=responses,
            request=None,
        )
        return extend_schema_view(get=operation)(view)

    return describe
