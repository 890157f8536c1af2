"""The claims behind a number of the board, for everybody who reads it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from claims.models import Claim
from claims.present.badges import Badge
from claims.present.claim_page import badge_of
from claims.present.pending import pending_marks
from claims.present.words import label
from claims.queries.claim_lists import (
    STARTS,
    ClaimFilters,
    Footing,
    Work,
    desk_names,
    listed_claims,
    topics_seen,
)
from claims.queries.panel_times import Reason
from claims.queries.sign_off import pending_on
from claims.states import ClaimStatus, Ground
from claims.types import Actor
from claims.web.board_filters import ClaimsForm, age_key
from claims.web.door import read_page

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in the list."""

    reference: str
    statement: str
    language: str
    badge: Badge
    ground: str
    why: str
    since: datetime
    desk: str
    topic: str


@read_page
def claims(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the claims an address asks for, the newest first; say what it asks wrongly."""
    form = ClaimsForm(
        request.GET, topic=[(word, word) for word in topics_seen(actor)], desk=desk_names().items()
    )
    if not form.is_valid():
        return render(request, "web/claim_list.html", {"form": form}, status=HTTPStatus.BAD_REQUEST)
    filters, after = _filters(form), request.GET.get("after", "")
    rows = listed_claims(actor, filters=filters, after=after, limit=PAGE_SIZE)
    context = {
        "is_of_the_backlog": filters.is_of_the_backlog,
        "form": form,
        "rows": [_line(row) for row in rows],
        "pending": pending_marks(pending_on([row.reference for row in rows])),
        "is_narrowed": bool(form.chosen),
        "next_url": _next_url(form, rows),
    }
    return render(request, "web/claim_list.html", context)


def _filters(form: ClaimsForm) -> ClaimFilters:
    chosen = form.chosen
    return ClaimFilters(
        status=ClaimStatus(chosen["status"]) if "status" in chosen else None,
        basis=Footing(chosen["basis"]) if "basis" in chosen else None,
        work=Work(chosen["work"]) if "work" in chosen else None,
        reason=Reason(chosen["reason"]) if "reason" in chosen else None,
        age=next((start for start in STARTS if age_key(start) == chosen.get("age")), None),
        topic=chosen.get("topic", ""),
        desk=chosen.get("desk", ""),
    )


def _next_url(form: ClaimsForm, rows: list[Claim]) -> str:
    if len(rows) < PAGE_SIZE:
        return ""
    return f"?{urlencode({**form.chosen, 'after': rows[-1].reference})}"


def _line(claim: Claim) -> ClaimLine:
    return ClaimLine(
        reference=claim.reference,
        statement=claim.statement,
        language=claim.language,
        badge=badge_of(claim),
        ground=label(Ground(claim.ground)),
        why=claim.basis_reason,
        since=claim.status_since_at,
        desk=claim.desk.name,
        topic=claim.topic,
    )
