"""The board: what stands, what is shaking, what was just decided."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone

from claims.present.badges import Badge
from claims.present.claim_page import badge_of
from claims.present.evidence import source_words
from claims.present.history import facts_of, happened_at, who_acted
from claims.present.pending import pending_words
from claims.present.words import label
from claims.queries import board as readers
from claims.queries.decisions import Decision, newest_decisions
from claims.queries.ledger import head_seq
from claims.states import ClaimKind, ClaimStatus, EntryKind, FlagKind, Ground, LinkState
from claims.types import Actor
from claims.web.door import read_page

MOST_ROWS = 6
AGES_HOLD = timedelta(minutes=5)
"""How long the words "2 min ago" may stand on a board on which nothing happens."""


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A claim that needs eyes."""

    reference: str
    statement: str
    badge: Badge
    why: str
    since: datetime
    pending: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A linked source behind open flags."""

    title: str
    kinds: tuple[FlagKind, ...]
    link_state: LinkState
    reason: str
    is_stealth: bool
    since: datetime
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision: `badge` is the status it left, `words` what it was."""

    reference: str
    statement: str
    badge: Badge
    words: str
    rationale: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows."""

    counts: readers.BoardCounts
    flagged: tuple[FlaggedRow, ...]
    sources: tuple[SourceRow, ...]
    decisions: tuple[DecisionRow, ...]


@read_page
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the board; 304 after two small reads while nothing has happened."""
    etag = _etag(actor)
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    words = {
        "board": _board(actor),
        "etag": etag,
        "has_desk": bool(actor.roles),
        **{status.value: Badge(status) for status in ClaimStatus},
    }
    response = render(request, "web/board.html", words)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(actor: Actor) -> str:
    age = int(timezone.now().timestamp() // AGES_HOLD.total_seconds())
    facts = (head_seq(), actor.reference, actor.roles, actor.is_administrator, age)
    return f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def _board(actor: Actor) -> Board:
    return Board(
        counts=readers.counts(actor),
        flagged=tuple(_flagged(row) for row in readers.flagged_claims(actor, limit=MOST_ROWS)),
        sources=tuple(_source(row) for row in readers.flagged_sources(actor, limit=MOST_ROWS)),
        decisions=tuple(_decision(row) for row in newest_decisions(actor, limit=MOST_ROWS)),
    )


def _flagged(row: readers.FlaggedClaim) -> FlaggedRow:
    claim = row.claim
    return FlaggedRow(
        reference=claim.reference,
        statement=claim.statement,
        badge=badge_of(claim),
        why=claim.basis_reason,
        since=row.latest_at,
        pending=pending_words(row.pending, kind=ClaimKind(claim.kind)),
    )


def _source(row: readers.FlaggedSource) -> SourceRow:
    return SourceRow(
        title=source_words(row.source),
        kinds=row.kinds,
        link_state=LinkState(row.source.link_state),
        reason=row.source.link_reason,
        is_stealth=row.is_stealth,
        since=row.latest_at,
        claims=row.claims,
    )


def _decision(row: Decision) -> DecisionRow:
    entry, facts, actor = row.entry, facts_of(row.entry), who_acted(row.entry)
    status = ClaimStatus(str(facts.get("status", row.claim.status)))
    has_ground = "ground" in facts
    return DecisionRow(
        reference=row.claim.reference,
        statement=row.claim.statement,
        badge=Badge(status, ClaimKind(row.claim.kind)),
        words=label(Ground(str(facts["ground"]))) if has_ground else label(EntryKind(entry.kind)),
        rationale=str(entry.resolve(facts.get("rationale")) or ""),
        who=f"{row.proposer}, signed off by {actor}" if row.proposer else actor,
        at=happened_at(entry),
    )
