"""Entity tags: what an answer depends on, known before the answer is made (RFC 9110 section 13).

Tags are weak: an answer that tells when its sources were last looked at may differ in that alone.
"""

import hashlib
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe
from rest_framework.request import Request

from claims.queries.ledger import Head
from claims.types import Actor

MOST_SIGNS = 64
"""Longer than any HTTP date."""

SHAPE = "2"
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


def modified_at(head: Head) -> datetime | None:
    """Return the time to tell as Last-Modified: of the last entry, once its second is over.

    Within that second another may follow, and would have the same time (RFC 9110 section 8.8.2.2).
    """
    return head.recorded_at if head.is_second_over else None


def is_held(request: Request, tag: str, *, modified: datetime | None = None) -> bool:
    """Return whether the caller holds this very answer; garbage holds nothing.

    Args:
        request: its If-None-Match counts; only where it has none, its If-Modified-Since.
        tag: of the answer.
        modified: when the answer last changed, at the latest; None where that cannot be told.
    """
    tags = request.META.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tag.removeprefix("W/") in tags
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or modified is None or len(since) > MOST_SIGNS:
        return False
    held = parse_http_date_safe(since)
    # to the second: a caller's own clock, or a time of the future, is no time of ours
    return held is not None and held == int(modified.timestamp())


def stamped(response: HttpResponse, tag: str, modified: datetime | None) -> HttpResponse:
    """Return an answer with its tag and, where known, its time."""
    response["ETag"] = tag
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def not_modified(tag: str, *, modified: datetime | None = None) -> HttpResponse:
    """Return the 304."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    return stamped(response, tag, modified)
