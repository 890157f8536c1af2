"""The fact-checkers' door: the desk, its lists and its pages."""

from django.contrib import admin

from claims.admin import claim_lists, people, source_lists, work_lists
from claims.admin.pages import claim, evidence, origin, queue, source, words
from claims.admin.site import desk

# The addresses mount `admin.site`. Standing in its place, the desk shows what it registers by name;
# what other packages register by themselves (groups, sign-in attempts) stays out of reach.
admin.site = desk

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
