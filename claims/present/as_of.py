"""The banner of a page of the past: after which entry, when, and what is not told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.present.history import who_acted
from claims.present.words import label
from claims.queries.as_of import LeftOut, Moment
from claims.states import EntryKind

_LEFT_OUT: Mapping[LeftOut, str] = {
    LeftOut.LOOKS: "when its sources were last looked at",
    LeftOut.OPEN_RUNS: "runs of looks",
    LeftOut.NOTES: "the desk’s own notes",
    LeftOut.TAKEN_BY: "who was working on it",
}


@dataclass(frozen=True, slots=True)
class Banner:
    """What a page of the past says of itself.

    `what` and `who` are empty where its last entry is on something else than what it shows.
    """

    seq: int
    at: datetime
    what: str
    who: str
    previous_seq: int | None
    next_seq: int | None
    left_out: tuple[str, ...]


def banner_of(moment: Moment, *, about: Collection[str]) -> Banner:
    """Put the moment a page shows into words.

    Args:
        moment: of the page.
        about: references of the claims it shows; what an entry on anything else did is not told.
    """
    entry = moment.entry
    is_told = (entry.body or {}).get("claim") in about
    return Banner(
        seq=moment.seq,
        at=moment.at,
        what=label(EntryKind(entry.kind)) if is_told else "",
        who=who_acted(entry) if is_told else "",
        previous_seq=moment.previous_seq,
        next_seq=moment.next_seq,
        left_out=tuple(_LEFT_OUT[part] for part in moment.left_out),
    )
