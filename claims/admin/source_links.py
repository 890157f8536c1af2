"""How a source's link stood over time, with the reasons, and where people must look themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from claims.models import Evidence, Source, Watch
from claims.present.history import REMOVED, facts_of, happened_at
from claims.present.times import moment_words
from claims.present.words import counted, label
from claims.queries.ledger import COMMITMENT, Entry
from claims.states import EntryKind, LinkState, Outcome, QuoteState, SourceKind

_BLOCKED = "It is behind a wall: only somebody with access can read it."
_UNREACHABLE = "The watch cannot reach it."
_OFFLINE = "It is not on the web: the watch never looks at it, people do."
_DO_NOT_FETCH = (
    "It is marked: do not fetch. The watch leaves it alone, so only people see a change."
)
_NEVER = "The watch will not look."
_SOON = "The watch looks again as soon as a worker is free."


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One state of a link: from when, until when (None: now), why, and the look that told it."""

    state: LinkState
    since_at: datetime
    until_at: datetime | None
    reason: str
    look: str


@dataclass(frozen=True, slots=True)
class Errand:
    """What the watch cannot do for people: why, and when it tries next, each in one sentence."""

    why: str
    then: str


def link_lines(entries: Iterable[Entry]) -> tuple[LinkLine, ...]:
    """Return the states of a link, newest first, from entries that are newest first."""
    lines: list[LinkLine] = []
    for entry in entries:
        if entry.body is None or entry.kind != EntryKind.LINK_STATE_CHANGED:
            continue
        until_at = lines[-1].since_at if lines else None
        lines.append(_line(entry, until_at=until_at))
    return tuple(lines)


def errands(
    source: Source, watch: Watch | None, evidence: Sequence[Evidence], *, now: datetime
) -> tuple[Errand, ...]:
    """Say what people must look at, because the watch cannot; nothing where it can."""
    if source.kind != SourceKind.PAGE:
        return (Errand(_OFFLINE, ""),)
    if not source.is_fetched:
        return (Errand(_DO_NOT_FETCH, ""),)
    then = _next_words(watch, now=now)
    walls = {LinkState.BLOCKED: _BLOCKED, LinkState.UNREACHABLE: _UNREACHABLE}
    told = [Errand(walls[state], then) for state in walls if state == source.link_state]
    quotes = sum(1 for row in evidence if row.quote and row.quote_state == QuoteState.UNCHECKED)
    if quotes and watch is not None and watch.last_read_at is not None:
        told.append(Errand(_unfound(quotes), then))
    return tuple(told)


def _unfound(quotes: int) -> str:
    if quotes == 1:
        return "One quote was never found on it: is it there, in these words?"
    return f"{counted(quotes, one='quote')} were never found on it: are they there, in these words?"


def _next_words(watch: Watch | None, *, now: datetime) -> str:
    if watch is None or watch.due_at is None:
        return _NEVER
    if watch.due_at <= now + timedelta(minutes=1):
        return _SOON
    return f"The watch looks again on {moment_words(watch.due_at)}."


def _line(entry: Entry, *, until_at: datetime | None) -> LinkLine:
    facts = facts_of(entry)
    reason = entry.resolve(facts.get("link_reason"))
    is_removed = str(reason or "").startswith(COMMITMENT)
    return LinkLine(
        state=LinkState(str(facts["link_state"])),
        since_at=happened_at(entry),
        until_at=until_at,
        reason=REMOVED if is_removed else str(reason or ""),
        look=_look_words(facts.get("look"), facts.get("http_status")),
    )


def _look_words(look: object, status: object) -> str:
    words = [label(Outcome(str(look)))] if look else []
    return ", ".join([*words, f"HTTP {status}"] if status else words)
