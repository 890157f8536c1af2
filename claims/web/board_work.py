"""The board's panels of work: what waits and how long, what comes and goes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString

from claims.present.chart_lines import lines
from claims.present.chart_parts import Axis, Cell, Mark, Series
from claims.present.charts import share_words, stacked_bars
from claims.present.durations import age_words, duration_words
from claims.present.words import counted
from claims.queries import panel_times, panels
from claims.queries.claim_lists import Work
from claims.queries.panel_times import Reason
from claims.queries.panels_flow import (
    in_and_out,
)
from claims.queries.panels_now import waiting_for_sign_off
from claims.queries.panels_waiting import backlog, late
from claims.types import Actor
from claims.web.board_filters import REASON_WORDS
from claims.web.board_links import claims_url
from claims.web.board_now import ClaimLine, claim_line


@dataclass(frozen=True, slots=True)
class Backlog:
    """Open claims by age and reason."""

    total: int
    url: str
    chart: SafeString


@dataclass(frozen=True, slots=True)
class LateLine:
    """An open claim over its target."""

    claim: ClaimLine
    since: datetime
    target: str


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """Open claims of one priority, and how many are late."""

    name: str
    target: str
    late: int
    open: int


@dataclass(frozen=True, slots=True)
class Late:
    """Open claims over the target of their priority; `share` of all that are open."""

    count: int
    url: str
    open: int
    share: str
    priorities: tuple[PriorityLine, ...]
    lines: tuple[LateLine, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """In and out by day, and what that means for what is open."""

    outlook: str
    is_growing: bool
    week: str
    days: int
    chart: SafeString


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """A proposal that waits for another person."""

    claim: ClaimLine
    since: datetime
    may_sign: bool


@dataclass(frozen=True, slots=True)
class SignOffs:
    """What waits for sign-off, oldest first."""

    count: int
    url: str
    may_sign: bool
    lines: tuple[SignOffLine, ...]


def backlog_panel(actor: Actor, *, filters: panels.BoardFilters) -> Backlog:
    """Return the open claims by how long they have waited, and why."""
    found = backlog(actor, filters=filters)
    names = tuple(age_words(age.at_least, below=age.below) for age in found.ages)
    axis = Axis("backlog", "Open claims by how long they have waited", "Waiting", names)
    return Backlog(
        total=found.total,
        url=claims_url(filters, work=Work.OPEN),
        chart=stacked_bars(axis, series=_reasons(found, filters=filters)),
    )


def _reasons(found: panel_times.Backlog, *, filters: panels.BoardFilters) -> list[Series]:
    marks = {Reason.NEW: Mark.REPORTED, Reason.FLAGGED: Mark.FLAG, Reason.OTHER: Mark.OTHER}
    numbers = {
        Reason.NEW: [age.new for age in found.ages],
        Reason.FLAGGED: [age.flagged for age in found.ages],
        Reason.OTHER: [age.other for age in found.ages],
    }
    starts = [age.at_least for age in found.ages]
    return [
        Series(
            REASON_WORDS[reason],
            mark,
            tuple(
                Cell(number, claims_url(filters, reason=reason, age=start))
                for number, start in zip(numbers[reason], starts, strict=True)
            ),
        )
        for reason, mark in marks.items()
    ]


def late_panel(actor: Actor, *, filters: panels.BoardFilters) -> Late:
    """Return the open claims over the target of their priority."""
    found = late(actor, filters=filters)
    return Late(
        count=found.late,
        url=claims_url(filters, work=Work.LATE),
        open=found.open,
        share=share_words(found.late, found.open) if found.open else "–",
        priorities=tuple(
            PriorityLine(f"P{row.priority}", duration_words(row.target), row.late, row.open)
            for row in found.priorities
        ),
        lines=tuple(
            LateLine(claim_line(row.claim), row.since_at, duration_words(row.target))
            for row in found.oldest
        ),
    )


def flow_panel(actor: Actor, *, filters: panels.BoardFilters) -> Flow:
    """Return what came in and went out by day."""
    found = in_and_out(actor, filters=filters)
    names = tuple(format_date(row.day, "j M") for row in found.days)
    axis = Axis("flow", "Claims that came in and went out by day", "Day", names)
    came = Series("in", Mark.FLAG, tuple(Cell(row.entered) for row in found.days))
    went = Series("out", Mark.CORROBORATED, tuple(Cell(row.left) for row in found.days))
    return Flow(
        outlook=_outlook(found),
        is_growing=found.is_growing,
        week=f"{found.week_entered:,} in, {found.week_left:,} out in the last 7 days",
        days=len(found.days),
        chart=lines(axis, series=[came, went]),
    )


def _outlook(found: panel_times.Flow) -> str:
    if not found.open:
        return "Nothing is open"
    if found.is_growing:
        return "Growing"
    left = found.days_to_clear
    if left is None:
        return "Neither growing nor shrinking"
    return f"Clear in {counted(max(round(left), 1), one='day')}"


def sign_off_panel(actor: Actor, *, filters: panels.BoardFilters) -> SignOffs:
    """Return the proposals that wait for another person."""
    found = waiting_for_sign_off(actor, filters=filters)
    return SignOffs(
        count=found.count,
        url=claims_url(filters, work=Work.SIGN_OFF),
        may_sign=any(row.may_sign for row in found.oldest),
        lines=tuple(_sign_off_line(row) for row in found.oldest),
    )


def _sign_off_line(row: panels.WaitingProposal) -> SignOffLine:
    return SignOffLine(
        claim=claim_line(row.claim),
        since=row.proposal.proposed_at,
        may_sign=row.may_sign,
    )
