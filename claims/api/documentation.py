"""The description of this door: for programs as OpenAPI, for people as a page. No token needed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from claims.api import conditional, parameters
from claims.api.description import description, description_text
from claims.api.door import JSON, Door
from claims.api.problems import KINDS

PUBLIC = "public, max-age=300"
"""The description is the same for everybody: any cache may answer it for five minutes."""


class Schema(Door):
    """OpenAPI 3.1."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def get(self, request: Request) -> HttpResponse:
        """Answer the description, the same for everybody."""
        parameters.checked(request.query_params, known=())
        text = description_text()
        tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        if conditional.is_held(request, tag):
            response = conditional.not_modified(tag)
            response["Cache-Control"] = PUBLIC
            return response
        return HttpResponse(text, content_type=JSON, headers={"ETag": tag, "Cache-Control": PUBLIC})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address as the page shows it."""

    name: str
    method: str
    path: str
    words: str
    parameters: tuple[Mapping[str, Any], ...]
    sent: tuple[tuple[str, str, str, bool], ...]
    """The fields of its body: name, kind, words, and whether it is required."""
    example: str
    answer: str
    """The name of what it answers; empty where that has none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One object as the page shows it: its fields by name, kind and words."""

    name: str
    words: str
    fields: tuple[tuple[str, str, str], ...]


def operations() -> Iterator[Operation]:
    """Yield every method of every address of the description."""
    for path, item in description()["paths"].items():
        for method, told in item.items():
            body = told.get("requestBody", {}).get("content", {}).get(JSON, {})
            given = told.get("parameters", ())
            yield Operation(
                name=told["operationId"],
                method=method.upper(),
                path=path,
                words=told.get("description", ""),
                parameters=tuple(one for one in given if method != "get" or one["in"] != "header"),
                sent=tuple(_sent(body.get("schema", {}))),
                example=_example(body),
                answer=_answered(told["responses"]),
            )


def _sent(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    for name, one in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        yield name, kind_of(one), one.get("description", ""), required


def _example(body: Mapping[str, Any]) -> str:
    for shown in body.get("examples", {}).values():
        return json.dumps(shown["value"], ensure_ascii=False)
    return ""


def _answered(responses: Mapping[str, Any]) -> str:
    """Return the name of what is answered where all goes well."""
    first = next(told for status, told in responses.items() if status.startswith("2"))
    (content,) = first["content"].values()
    schema = content["schema"]
    whole = schema["anyOf"][0] if "anyOf" in schema else schema
    return str(whole.get("$ref", "")).rpartition("/")[2]


def objects() -> Iterator[Answer]:
    """Yield every object of the description."""
    for name, schema in description()["components"]["schemas"].items():
        fields = tuple(
            (field, kind_of(one), one.get("description", ""))
            for field, one in schema.get("properties", {}).items()
        )
        yield Answer(name, schema.get("description", ""), fields)


def kind_of(schema: Mapping[str, Any]) -> str:
    """Return in words what may stand in a field."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("oneOf", "allOf", "anyOf"):
        if several in schema:
            return " or ".join(kind_of(one) for one in schema[several])
    if "enum" in schema:
        return ", ".join("null" if word is None else str(word) for word in schema["enum"])
    if "properties" in schema:
        return f"object of {', '.join(schema['properties'])}"
    if "items" in schema:
        return f"list of {kind_of(schema['items'])}"
    kind = schema.get("type", "anything")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words}, {schema['format']}" if "format" in schema else words


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Answer the page: how to ask, every address, every object, every refusal."""
    told = {"operations": [*operations()], "objects": [*objects()], "problems": KINDS}
    return render(request, "api/documentation.html", told)
