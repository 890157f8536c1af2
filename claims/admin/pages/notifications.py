"""What a person was told at the desk: read here, each leading to its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from claims.admin.actors import actor_in
from claims.admin.queue_lines import ClaimRow, claim_row
from claims.admin.site import desk, show
from claims.models import Notification, Proposal
from claims.models.fields import read_reference
from claims.present.words import counted, label
from claims.queries.dossier import read_claim
from claims.queries.notifications import MOST_PAGES, told_to
from claims.services.ledger import clock
from claims.services.notifications import mark_all_read, mark_read
from claims.states import NotificationKind, ProposalState
from claims.types import Actor

OF_PROPOSALS = frozenset(
    {
        NotificationKind.AWAITS_SIGN_OFF,
        NotificationKind.SIGNED_OFF,
        NotificationKind.SENT_BACK,
        NotificationKind.PROPOSAL_VOID,
    }
)
"""What is read on the sign-off page; an assignment on the review's; the rest at the claim."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
MOST_DIGITS = 17


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a person was told; `why` is how a proposal ended without approval."""

    kind: NotificationKind
    words: str
    about: str
    claim: ClaimRow
    who: str
    why: str
    at: datetime
    is_unread: bool


@desk.page("notifications/", name="claims_notifications")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List what the person was told, newest first."""
    actor, number = actor_in(request), _page_number(request)
    only_unread = request.GET.get("unread") == "1"
    told = told_to(actor, page=number, only_unread=only_unread)
    lines = [_line(row, actor, told.proposals) for row in told.rows]
    context: dict[str, object] = {
        "title": "What you were told",
        "lines": lines,
        "is_any_unread": any(line.is_unread for line in lines),
        "only_unread": only_unread,
        "until": (clock() - _EPOCH) // _MICROSECOND,
        "number": number,
        "older": number + 1 if told.has_more and number < MOST_PAGES else 0,
        "newer": number - 1,
    }
    return show(request, "admin/desk/notifications.html", context)


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(MOST_PAGES))
    return min(max(int(given), 1), MOST_PAGES) if is_number else 1


@desk.page("notifications/open/", name="claims_notification_open")
@require_POST
def open_one(request: HttpRequest) -> HttpResponseRedirect:
    """Mark one thing as read, and lead to its reason."""
    actor = actor_in(request)
    claim = read_claim(actor, request.POST.get("claim", ""))
    given, about = request.POST.get("kind", ""), request.POST.get("about", "")[:9]
    if given in set(NotificationKind):
        kind = NotificationKind(given)
        mark_read(actor, kind=kind, claim=claim.reference, about=about)
        if kind in OF_PROPOSALS:
            return redirect("admin:claims_sign_off", claim.reference)
        review = read_reference(about, "RE")
        if kind is NotificationKind.ASSIGNED and review:
            return redirect("admin:claims_review_page", review)
    return redirect("admin:claims_claim_page", claim.reference)


@desk.page("notifications/read/", name="claims_notifications_read")
@require_POST
def read_all(request: HttpRequest) -> HttpResponseRedirect:
    """Mark all as read that stood on the page."""
    number = mark_all_read(actor_in(request), until=_until(request))
    done = f"{counted(number, one='thing')} marked as read." if number else "All was read already."
    messages.success(request, done)
    return redirect("admin:claims_notifications")


def _until(request: HttpRequest) -> datetime:
    given = request.POST.get("until", "")
    if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS:
        return _EPOCH + int(given) * _MICROSECOND
    return _EPOCH


def _line(row: Notification, actor: Actor, proposals: Mapping[str, Proposal]) -> Line:
    kind, proposal = NotificationKind(row.kind), proposals.get(row.about)
    is_withdrawn = (
        kind is NotificationKind.PROPOSAL_VOID
        and proposal is not None
        and proposal.state == ProposalState.WITHDRAWN
    )
    return Line(
        kind=kind,
        words="your proposal was withdrawn" if is_withdrawn else label(kind),
        about=row.about,
        claim=claim_row(row.claim, actor),
        who=str(row.by) if row.by else "the watch",
        why=proposal.void_reason if proposal else "",
        at=row.told_at,
        is_unread=row.read_at is None,
    )
