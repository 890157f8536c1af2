"""The board's panels of decisions: how long they took, which were taken back, the newest."""

from dataclasses import dataclass
from datetime import datetime

from claims.present.badges import Badge
from claims.present.charts import share_words
from claims.present.durations import duration_words
from claims.present.history import facts_of, happened_at, who_acted
from claims.present.words import counted, label
from claims.queries import panel_times, panels
from claims.queries.decisions import Decision, newest_decisions
from claims.queries.panels_flow import (
    reversals,
    time_from_flag_to_end,
    time_to_first_decision,
)
from claims.states import ClaimKind, ClaimStatus, EntryKind, Ground
from claims.types import Actor
from claims.web.board_now import ClaimLine, claim_line

MOST_DECISIONS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """How long something took: this week's median and ninth tenth, and the week's before."""

    title: str
    median: str
    detail: str
    before: str


@dataclass(frozen=True, slots=True)
class ReversalLine:
    """A decision that changed an earlier one."""

    claim: ClaimLine
    was: Badge
    to: Badge
    rationale: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reversals:
    """Reversals of the week among its status changes."""

    count: int
    share: str
    lines: tuple[ReversalLine, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision: `badge` is the status it left, `words` what it was."""

    reference: str
    statement: str
    language: str
    badge: Badge
    words: str
    rationale: str
    who: str
    at: datetime


def pace_panels(actor: Actor, *, filters: panels.BoardFilters) -> tuple[Pace, ...]:
    """Return how long a first decision and the answer to a flag took."""
    return (
        _pace("First decision", time_to_first_decision(actor, filters=filters), one="claim"),
        _pace("From flag to answer", time_from_flag_to_end(actor, filters=filters), one="review"),
    )


def _pace(title: str, found: panel_times.Pace, *, one: str) -> Pace:
    now, before = found.now, found.before
    if now.median is None or now.p90 is None:
        median, detail = "–", f"no {one} in 7 days"
    else:
        median = duration_words(now.median)
        detail = f"nine in ten within {duration_words(now.p90)}, {counted(now.count, one=one)}"
    earlier = duration_words(before.median) if before.median is not None else f"no {one}"
    return Pace(title, median, detail, f"the 7 days before: {earlier}")


def reversals_panel(actor: Actor, *, filters: panels.BoardFilters) -> Reversals:
    """Return the decisions of the week that changed an earlier one."""
    found = reversals(actor, filters=filters)
    changes = counted(found.changes, one="status change")
    share = f" ({share_words(found.count, found.changes)})" if found.changes else ""
    return Reversals(
        count=found.count,
        share=f"of {changes} in 7 days{share}",
        lines=tuple(_reversal_line(row) for row in found.newest),
    )


def _reversal_line(row: panel_times.Reversal) -> ReversalLine:
    kind = ClaimKind(row.claim.kind)
    return ReversalLine(
        claim=claim_line(row.claim),
        was=Badge(row.was, kind),
        to=Badge(row.to, kind),
        rationale=row.rationale,
        who=row.who,
        at=row.at,
    )


def decisions_panel(actor: Actor) -> tuple[DecisionLine, ...]:
    """Return the newest decisions with their reasons."""
    return tuple(_decision(row) for row in newest_decisions(actor, limit=MOST_DECISIONS))


def _decision(row: Decision) -> DecisionLine:
    entry, facts, actor = row.entry, facts_of(row.entry), who_acted(row.entry)
    status = ClaimStatus(str(facts.get("status", row.claim.status)))
    has_ground = "ground" in facts
    return DecisionLine(
        reference=row.claim.reference,
        statement=row.claim.statement,
        language=row.claim.language,
        badge=Badge(status, ClaimKind(row.claim.kind)),
        words=label(Ground(str(facts["ground"]))) if has_ground else label(EntryKind(entry.kind)),
        rationale=str(entry.resolve(facts.get("rationale")) or ""),
        who=f"{row.proposer}, signed off by {actor}" if row.proposer else actor,
        at=happened_at(entry),
    )
