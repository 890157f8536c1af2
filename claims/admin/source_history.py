"""A source's history as people read it: how it answered, what was kept, how it was treated."""

from collections.abc import Callable, Iterable, Mapping

from claims.present.history import REMOVED, HistoryLine, facts_of, happened_at, who_acted
from claims.present.words import label
from claims.queries.ledger import COMMITMENT, Entry
from claims.states import ChangeKind, EntryKind, LinkState, Outcome

_TEXTS = ("link_reason", "note", "caption", "reason")


def source_lines(entries: Iterable[Entry]) -> tuple[HistoryLine, ...]:
    """Return the lines of what the entries tell of a source; withheld ones have none."""
    return tuple(_line(entry) for entry in entries if entry.body is not None)


def _line(entry: Entry) -> HistoryLine:
    facts = facts_of(entry)
    reason = next((facts[name] for name in _TEXTS if facts.get(name)), None)
    is_told = str(reason or "").startswith(COMMITMENT)
    return HistoryLine(
        seq=entry.seq,
        at=happened_at(entry),
        what=label(EntryKind(entry.kind)),
        who=who_acted(entry),
        detail=_detail(entry.kind, facts),
        texts=(str(entry.resolve(reason) or REMOVED),) if is_told else (),
        is_flag=entry.kind == EntryKind.LINK_STATE_CHANGED,
    )


def _detail(kind: str, facts: Mapping[str, object]) -> str:
    say = _SAYS.get(EntryKind(kind))
    return say(facts) if say else ""


def _of_snapshot(facts: Mapping[str, object]) -> str:
    if facts.get("capture"):
        return f"a capture, {facts['media_type']}"
    change = ChangeKind(str(facts.get("change") or ChangeKind.NONE))
    return "" if change is ChangeKind.NONE else label(change)


def _of_treatment(facts: Mapping[str, object]) -> str:
    words = ["fetched" if facts["is_fetched"] else "not fetched"]
    words += ["expected to change"] if facts["is_expected_to_change"] else []
    return ", ".join(words)


def _of_merge(facts: Mapping[str, object]) -> str:
    if facts.get("merged_into"):
        return f"into {facts['merged_into']}"
    return f"{facts['merged']} into this one"


_SAYS: Mapping[EntryKind, Callable[[Mapping[str, object]], str]] = {
    EntryKind.LINK_STATE_CHANGED: lambda facts: label(LinkState(str(facts["link_state"]))),
    EntryKind.SNAPSHOT_TAKEN: _of_snapshot,
    EntryKind.SOURCE_EDITED: _of_treatment,
    EntryKind.LOOKED_BY_HAND: lambda facts: label(Outcome(str(facts["outcome"]))),
    EntryKind.SOURCE_MERGED: _of_merge,
}
