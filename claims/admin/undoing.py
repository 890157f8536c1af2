"""Where what was just done is taken back: always a new entry, never an erasure.

What has no way back here: that a claim stands, a comment, a sign-off, a status another person
decided on. They are answered by a further decision.
"""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.models import Claim
from claims.types import Actor

UNDO = "undo"
WAYS_BACK: Mapping[str, str] = {
    "lower": UNDO,
    "dispute": UNDO,
    "corroborate": "withdraw-proposal",
    "propose-reported": "withdraw-proposal",
    "propose-false": "withdraw-proposal",
    "propose-stands": "withdraw-proposal",
    "propose-words": "withdraw-proposal",
    "close": "reopen",
    "visibility": "visibility",
}
"""The step that takes another back, by their slugs."""


def way_back(actor: Actor, claim: Claim, *, step: str) -> str:
    """Return the slug of the step that takes another back on a claim as it is; empty for none."""
    back = WAYS_BACK.get(step, "")
    is_own_slip = claim.last_slip.get("by") == actor.user_id
    return "" if back == UNDO and not is_own_slip else back


def told_with_way_back(told: str, actor: Actor, claim: Claim, *, step: str) -> str | SafeString:
    """Return what a person is told after a step, with a link to what takes it back."""
    back = way_back(actor, claim, step=step)
    if not back:
        return told
    page = reverse("admin:claims_claim_page", args=[claim.reference])
    return format_html('{} <a href="{}#{}">Take it back</a>', told, page, back)
