"""A claim's history as people read it: each ledger entry as one line with its texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from claims.present.badges import Badge
from claims.present.words import label
from claims.queries.ledger import COMMITMENT, Entry
from claims.states import (
    ActorKind,
    Basis,
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    CloseReason,
    EntryKind,
    FlagKind,
    Ground,
    LinkState,
    ProposalKind,
    QuoteState,
    ReviewOutcome,
    Visibility,
)

REMOVED = "This text was removed; that it stood here stays on record."

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = ("statement", "quote", "found", "rationale", "reason", "note", "comment", "basis_reason")
# Entries that put a whole state on record: what it says stands elsewhere on the page.
_WITHOUT_TEXTS = frozenset({EntryKind.CLAIM_OPENED, EntryKind.CLAIM_MADE_VISIBLE})
# Entries whose own name says all that a detail could.
_WITHOUT_DETAIL = _WITHOUT_TEXTS | {EntryKind.EVIDENCE_ADDED, EntryKind.EVIDENCE_ATTESTED}
_DECISIONS = frozenset(
    {
        EntryKind.STATUS_CHANGED,
        EntryKind.GROUND_CHANGED,
        EntryKind.REVIEW_STANDS,
        EntryKind.SIGNED_OFF,
    }
)
_FLAGS = frozenset({EntryKind.FLAG_RAISED, EntryKind.BASIS_CHANGED})
_DETAILS = (
    ("flag", FlagKind),
    ("quote_state", QuoteState),
    ("link_state", LinkState),
    ("basis", Basis),
    ("ground", Ground),
    ("outcome", ReviewOutcome),
    ("close_reason", CloseReason),
    ("visibility", Visibility),
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry in words; `was` and `to` are badges where a status changed or would."""

    seq: int
    at: datetime
    what: str
    who: str
    detail: str = ""
    texts: tuple[str, ...] = ()
    was: Badge | None = None
    to: Badge | None = None
    is_decision: bool = False
    is_flag: bool = False


def history_lines(entries: Iterable[Entry], *, kind: ClaimKind) -> tuple[HistoryLine, ...]:
    """Return the lines of what `entries` tell of a claim of that kind; withheld ones have none."""
    return tuple(_line(entry, kind=kind) for entry in entries if entry.body is not None)


def who_acted(entry: Entry) -> str:
    """Name the person of an entry, or the watch."""
    actor = (entry.body or {}).get("actor", {})
    if actor.get("kind") == ActorKind.MACHINE:
        return "the watch"
    return str(entry.resolve(actor.get("name")) or actor.get("person") or "nobody named")


def happened_at(entry: Entry) -> datetime:
    """Return when it happened: as told for imports, else when it was recorded."""
    told = (entry.body or {}).get("occurred_at")
    return entry.recorded_at if told is None else _EPOCH + timedelta(microseconds=int(told))


def facts_of(entry: Entry) -> dict[str, object]:
    """Return the fields of an entry's body and of all it sets, in one mapping."""
    body = dict(entry.body or {})
    facts: dict[str, object] = {}
    for fields in body.pop("sets", {}).values():
        facts |= fields
    return facts | body


def _line(entry: Entry, *, kind: ClaimKind) -> HistoryLine:
    entry_kind, facts = EntryKind(entry.kind), facts_of(entry)
    was, to = _badges(entry_kind, facts, kind=kind)
    return HistoryLine(
        seq=entry.seq,
        at=happened_at(entry),
        what="slip of the hand undone" if facts.get("is_undo") else label(entry_kind),
        who=who_acted(entry),
        detail="" if entry_kind in _WITHOUT_DETAIL else _detail(facts),
        texts=() if entry_kind in _WITHOUT_TEXTS else _texts(entry, facts),
        was=was,
        to=to,
        is_decision=entry_kind in _DECISIONS,
        is_flag=entry_kind in _FLAGS,
    )


def _badges(
    entry_kind: EntryKind, facts: Mapping[str, object], *, kind: ClaimKind
) -> tuple[Badge | None, Badge | None]:
    if entry_kind is EntryKind.STATUS_CHANGED:
        was, to = facts["was"], facts["status"]
        return Badge(ClaimStatus(str(was)), kind), Badge(ClaimStatus(str(to)), kind)
    if entry_kind is EntryKind.PROPOSED and facts["kind"] == ProposalKind.STATUS:
        return None, Badge(ClaimStatus(str(facts["to"])), kind)
    return None, None


def _detail(facts: Mapping[str, object]) -> str:
    words = [label(members(str(facts[name]))) for name, members in _DETAILS if facts.get(name)]
    if facts.get("link"):
        words.append(f"{label(ClaimLinkKind(str(facts['link'])))} {facts['to']}")
    return ", ".join(words)


def _texts(entry: Entry, facts: Mapping[str, object]) -> tuple[str, ...]:
    committed = [
        facts[name] for name in _TEXTS if str(facts.get(name) or "").startswith(COMMITMENT)
    ]
    return tuple(str(entry.resolve(text) or REMOVED) for text in committed)
