"""The board: what is disputed, what was printed and moved, what waits, how far to trust it all."""

import hashlib
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone

from claims.present.panel_words import DEFINITIONS
from claims.present.pending import pending_marks
from claims.queries.claim_lists import desk_names, topics_seen
from claims.queries.ledger import head_seq
from claims.queries.panels import BoardFilters
from claims.queries.sign_off import pending_on
from claims.queries.tallies import board_zone
from claims.types import Actor
from claims.web import board_decisions, board_now, board_trust, board_work
from claims.web.board_filters import USUAL_PERIOD, BoardForm
from claims.web.door import read_page

AGES_HOLD_S = 60
"""How long ages and what is overdue may stand on a board on which nothing happens."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows, in the order in which it is read."""

    due: board_now.Due
    at_risk: board_now.AtRisk
    disputed: board_now.Disputed
    backlog: board_work.Backlog
    flow: board_work.Flow
    late: board_work.Late
    status: board_now.Status
    sources: board_now.Sources
    sign_offs: board_work.SignOffs
    paces: tuple[board_decisions.Pace, ...]
    reversals: board_decisions.Reversals
    decisions: tuple[board_decisions.DecisionLine, ...]
    trust: board_trust.Trust


@read_page
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the board; 304 after three small reads while nothing has happened."""
    etag = _etag(request, actor)
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    topics = [(word, word) for word in topics_seen(actor)]
    form = BoardForm(request.GET, topic=topics, desk=desk_names().items())
    if not form.is_valid():
        return render(request, "web/board.html", {"form": form}, status=HTTPStatus.BAD_REQUEST)
    filters = _filters(form)
    with timezone.override(board_zone(actor, filters=filters)):
        response = render(request, "web/board.html", _context(actor, form, filters, etag))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(request: HttpRequest, actor: Actor) -> str:
    age = int(timezone.now().timestamp() // AGES_HOLD_S)
    rights = (actor.reference, actor.roles, actor.is_administrator)
    facts = (head_seq(), *rights, request.GET.urlencode(), age)
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def _filters(form: BoardForm) -> BoardFilters:
    given = form.cleaned_data
    return BoardFilters(topic=given["topic"], desk=given["desk"], days=given["period"])


def _context(actor: Actor, form: BoardForm, filters: BoardFilters, etag: str) -> dict[str, object]:
    shown = _board(actor, filters)
    return {
        "form": form,
        "is_narrowed": filters != BoardFilters(days=USUAL_PERIOD),
        "board": shown,
        "pending": pending_marks(pending_on(_listed(shown))),
        "defined": DEFINITIONS,
        "etag": etag,
        "now": timezone.now(),
        "zone": timezone.get_current_timezone_name(),
        "has_desk": bool(actor.roles),
    }


def _listed(shown: Board) -> set[str]:
    """Return the references of the claims the panels name."""
    own = {line.reference for line in shown.disputed.lines}
    own |= {line.reference for line in shown.decisions}
    own |= {line.claim.reference for line in shown.due.lines}
    own |= {line.claim.reference for line in shown.late.lines}
    own |= {line.claim.reference for line in shown.sign_offs.lines}
    return own | {line.claim.reference for line in shown.reversals.lines}


def _board(actor: Actor, filters: BoardFilters) -> Board:
    return Board(
        due=board_now.due_panel(actor, filters=filters),
        at_risk=board_now.at_risk_panel(actor, filters=filters),
        disputed=board_now.disputed_panel(actor, filters=filters),
        backlog=board_work.backlog_panel(actor, filters=filters),
        flow=board_work.flow_panel(actor, filters=filters),
        late=board_work.late_panel(actor, filters=filters),
        status=board_now.status_panel(actor, filters=filters),
        sources=board_now.sources_panel(actor, filters=filters),
        sign_offs=board_work.sign_off_panel(actor, filters=filters),
        paces=board_decisions.pace_panels(actor, filters=filters),
        reversals=board_decisions.reversals_panel(actor, filters=filters),
        decisions=board_decisions.decisions_panel(actor),
        trust=board_trust.trust_panel(actor),
    )
