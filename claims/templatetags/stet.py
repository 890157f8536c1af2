"""Tags that put the shared components into a page."""

from datetime import datetime
from enum import StrEnum

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from claims.present.badges import (
    Badge,
    BasisFacts,
    badge_html,
    basis_html,
    flag_html,
    flags_html,
    pill_html,
)
from claims.present.figures import figure_words
from claims.present.times import ago_html, moment_html
from claims.present.words import counted, label, status_line
from claims.states import ClaimStatus, FlagKind
from claims.types import FigureValue

register = template.Library()


@register.simple_tag(name="badge")
def badge_tag(badge: Badge) -> SafeString:
    """Put the one status badge, its basis in words, and the flag mark."""
    return badge_html(badge)


@register.simple_tag(name="pill")
def pill_tag(badge: Badge) -> SafeString:
    """Put the badge alone: the basis line follows it, or it stands for a status and no claim."""
    return pill_html(badge)


@register.simple_tag(name="flags")
def flags_tag(open_flags: int) -> SafeString:
    """Put the mark of open flags."""
    return flags_html(open_flags)


@register.simple_tag(name="basis")
def basis_tag(facts: BasisFacts) -> SafeString:
    """Put the basis line that belongs under every badge."""
    return basis_html(facts)


@register.simple_tag(name="flag")
def flag_tag(kind: FlagKind) -> SafeString:
    """Put the mark of one flag."""
    return flag_html(kind)


@register.filter
def words(member: StrEnum) -> str:
    """Say a member of a closed list in plain words."""
    return label(member)


@register.filter
def figure(value: FigureValue) -> str:
    """Say a figure in words."""
    return figure_words(value)


@register.filter
def status_sentence(status: ClaimStatus) -> str:
    """Say what a status means in one line."""
    return status_line(status)


@register.simple_tag
def count(number: int, one: str, many: str = "") -> str:
    """Say a number with its noun."""
    return counted(number, one=one, many=many)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """Show a point in time in the desk's zone."""
    return moment_html(at)


@register.filter
def ago(at: datetime | None) -> SafeString:
    """Show how long ago a point in time lies."""
    return ago_html(at, now=timezone.now())


@register.simple_tag(takes_context=True)
def waiting(context: Context, reference: str) -> SafeString:
    """Mark a claim on which a proposal waits, of those the page's `pending` knows."""
    found = (context.get("pending") or {}).get(reference)
    return format_html('<p class="pending">{}</p>', capfirst(found)) if found else SafeString()
