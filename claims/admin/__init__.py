"""The fact-checkers' door: the desk, its lists and its pages."""

from claims.admin import claim_lists, people, source_lists, work_lists
from claims.admin.pages import claim, evidence, origin, queue, source, words
from claims.admin.site import desk

__all__ = [
    "claim",
    "claim_lists",
    "desk",
    "evidence",
    "origin",
    "people",
    "queue",
    "source",
    "source_lists",
    "words",
    "work_lists",
]
