"""A source's history as people read it: how it answered, what was kept, how it was treated."""

from collections.abc import Iterable, Mapping

from claims.present.history import REMOVED, HistoryLine, facts_of, happened_at, who_acted
from claims.present.words import label
from claims.queries.ledger import COMMITMENT, Entry
from claims.states import ChangeKind, EntryKind, LinkState


def source_lines(entries: Iterable[Entry]) -> tuple[HistoryLine, ...]:
    """Return the lines of what the entries tell of a source; withheld ones have none."""
    return tuple(_line(entry) for entry in entries if entry.body is not None)


def _line(entry: Entry) -> HistoryLine:
    facts = facts_of(entry)
    reason = facts.get("link_reason")
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
    match kind:
        case EntryKind.LINK_STATE_CHANGED:
            return label(LinkState(str(facts["link_state"])))
        case EntryKind.SNAPSHOT_TAKEN:
            change = ChangeKind(str(facts.get("change") or ChangeKind.NONE))
            return "" if change is ChangeKind.NONE else label(change)
        case EntryKind.SOURCE_EDITED:
            words = ["fetched" if facts["is_fetched"] else "not fetched"]
            words += ["expected to change"] if facts["is_expected_to_change"] else []
            return ", ".join(words)
        case _:
            return ""
