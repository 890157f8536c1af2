"""Entity tags: what an answer depends on, known before the answer is made (RFC 9110 section 13).

Tags are weak: an answer that tells when its sources were last looked at may differ in that alone.
"""

import hashlib

from django.http import HttpResponse
from rest_framework.request import Request

from claims.types import Actor

SHAPE = "1"
"""Raised with every change of what an object says, so that no reader keeps an old shape."""


def rights_of(actor: Actor) -> str:
    """Return a word for what `actor` may see; it changes when their rights do."""
    roles = sorted(f"{desk}:{role}" for desk, role in actor.roles)
    held = [*roles, *sorted(actor.scopes), str(actor.is_administrator)]
    return hashlib.sha256("\n".join([actor.kind, *held]).encode()).hexdigest()[:16]


def tag_of(request: Request, *, state: str, rights: str) -> str:
    """Return the tag of an answer: of what is asked, where, in which state, with which rights."""
    asked = request.build_absolute_uri()
    digest = hashlib.sha256(f"{SHAPE}\n{asked}\n{state}\n{rights}".encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def is_held(request: Request, tag: str) -> bool:
    """Return whether the caller holds this very answer; garbage holds nothing."""
    return tag.removeprefix("W/") in request.META.get("HTTP_IF_NONE_MATCH", "")


def not_modified(tag: str) -> HttpResponse:
    """Return the 304."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    response["ETag"] = tag
    return response
