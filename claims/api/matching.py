"""If-Match on writes (RFC 9110 section 13.1.1, RFC 6585 section 3): which version was seen.

The tag of an object that can be changed begins with its revision, `W/"14-..."`. A write compares
that alone, exactly and under the object's lock: the tag is weak because it leaves out what moves
without a revision, such as the last look at a page, and nobody's write shall fail for that.
"""

import re

from rest_framework.request import Request

from claims.api.problems import Problem

NO_REVISION = 0
"""Revisions count from 1: a tag that is none of ours matches nothing."""

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"')
_ANY_TAG = r'(?:W/)?"[!#-~\x80-\xff]*"'
_TAGS = re.compile(rf"{_ANY_TAG}(?:[ \t]*,[ \t]*{_ANY_TAG})*", re.ASCII)


def tag_with(tag: str, revision: int) -> str:
    """Return a weak tag that begins with the revision."""
    return tag.replace('W/"', f'W/"{revision}-', 1)


def seen_revision(request: Request) -> int:
    """Return the revision the caller saw; a tag that is none of ours is of no revision.

    Raises:
        Problem: no If-Match, one that would match any version, or no tag at all.
    """
    header = request.META.get("HTTP_IF_MATCH", "").strip()
    if not header:
        raise Problem(
            "precondition_required",
            "Say which version you saw: If-Match with its ETag, or its revision in quotes.",
        )
    if header == "*":
        raise Problem(
            "precondition_required", "If-Match: * would match a version nobody saw; name one."
        )
    if not _TAGS.fullmatch(header):
        raise Problem("malformed", 'If-Match is no entity tag, such as W/"14-5f0c" or "14".')
    found = _TAG.fullmatch(header)
    return int(found[1]) if found else NO_REVISION
