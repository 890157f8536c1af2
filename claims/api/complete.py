"""What the framework leaves out of the description: required bodies, and objects in part."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Document = dict[str, Any]
PART = "Part"


def complete(document: Document) -> Document:
    """Return a description with what its parts say together.

    A body with fields that are required is required. Where `fields` may be asked for, an object
    comes whole or in part: the part is an object of its own, of which nothing is required.
    """
    for operation in _operations(document):
        _require_body(operation)
        if any(one["name"] == "fields" for one in operation.get("parameters", ())):
            for answer in _told(operation):
                answer["schema"] = _in_part(answer["schema"], document["components"]["schemas"])
    return document


def _operations(document: Document) -> Iterator[Document]:
    for item in document["paths"].values():
        yield from item.values()


def _require_body(operation: Document) -> None:
    body = operation.get("requestBody")
    if body is None:
        return
    for content in body["content"].values():
        schema = content["schema"]
        if schema.get("required") or schema.get("minProperties"):
            body["required"] = True


def _told(operation: Document) -> Iterator[Document]:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield from answer["content"].values()


def _in_part(schema: Document, schemas: Document) -> Document:
    """Return the schema of an object, or of a page of them, that may be told in part."""
    name = schema["$ref"].rpartition("/")[2]
    results = schemas[name]["properties"].get("results")
    if results is None:
        return _whole_or_part(name, schemas)
    if "$ref" in results["items"]:  # else another address has the same page
        of = results["items"]["$ref"].rpartition("/")[2]
        results["items"] = _whole_or_part(of, schemas)
    return schema


def _whole_or_part(name: str, schemas: Document) -> Document:
    part = deepcopy(schemas[name])
    part.pop("required", None)
    part["description"] = f"Of {name} what `fields` asks for."
    schemas[name + PART] = part
    return {"anyOf": [_ref(name), _ref(name + PART)]}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}
