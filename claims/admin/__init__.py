"""The fact-checkers' door: the desk, its lists and its pages."""

from claims.admin import claim_lists, people, source_lists, work_lists
from claims.admin.pages import cause, claim, evidence, origin, person, plan, queue, source, words
from claims.admin.site import desk

__all__ = [
    "cause",
    "claim",
    "claim_lists",
    "desk",
    "evidence",
    "origin",
    "people",
    "person",
    "plan",
    "queue",
    "source",
    "source_lists",
    "words",
    "work_lists",
]
