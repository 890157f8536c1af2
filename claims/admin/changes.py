"""What changed on the pages a claim rests on, side by side: said before, says now."""

from dataclasses import dataclass
from datetime import datetime

from claims.models import Flag
from claims.present.diff import Diff, diff_of
from claims.present.evidence import source_words
from claims.queries.desk_claim import Change, DeskClaim
from claims.states import FlagKind

OF_A_QUOTE = frozenset({FlagKind.QUOTE_ALTERED, FlagKind.FIGURE_ALTERED, FlagKind.QUOTE_MISSING})


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted passage that no longer stands: its words, and the nearest that stand there now."""

    evidence: str
    quote: str
    found: str


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One change: its flags, the passages it touched, and the two texts where both are kept."""

    kinds: tuple[FlagKind, ...]
    source: str
    source_reference: str
    is_stealth: bool
    raised_at: datetime
    raised_by: str
    details: tuple[str, ...]
    passages: tuple[Passage, ...]
    before_at: datetime | None
    after_at: datetime | None
    diff: Diff | None


def changes_of(read: DeskClaim) -> list[ChangeWords]:
    """Return the open flags by what caused them, newest first."""
    return [change_words(change) for change in read.changes]


def change_words(change: Change) -> ChangeWords:
    """Return one change as every page tells it."""
    first = change.flags[0]
    return ChangeWords(
        kinds=tuple(dict.fromkeys(FlagKind(flag.kind) for flag in change.flags)),
        source=source_words(change.source) if change.source else "",
        source_reference=change.source.reference if change.source else "",
        is_stealth=any(flag.is_stealth for flag in change.flags),
        raised_at=first.raised_at,
        raised_by=str(first.raised_by) if first.raised_by else "",
        details=tuple(dict.fromkeys(flag.detail for flag in change.flags if flag.detail)),
        passages=tuple(_passage(flag) for flag in change.flags if flag.kind in OF_A_QUOTE),
        before_at=change.before.taken_at if change.before else None,
        after_at=change.after.taken_at if change.after else None,
        diff=_diff(change),
    )


def _passage(flag: Flag) -> Passage:
    evidence = flag.evidence
    return Passage(
        evidence=evidence.reference if evidence else "",
        quote=evidence.quote if evidence else "",
        found=flag.found,
    )


def _diff(change: Change) -> Diff | None:
    if change.before is None or change.after is None:
        return None
    # What relays the page is flagged as well; its own words stand elsewhere.
    here = [flag.evidence for flag in change.flags if flag.evidence]
    return diff_of(
        change.before.text,
        change.after.text,
        quotes=dict.fromkeys(row.quote for row in here if row.source_id == change.before.source_id),
        found=dict.fromkeys(flag.found for flag in change.flags if flag.found),
    )
