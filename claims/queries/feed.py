"""The change feed: pages of the ledger as other systems follow it, none skipped."""

from collections.abc import Collection
from dataclasses import dataclass

from claims.errors import InvalidInput
from claims.queries.ledger import Entry, changes, head_seq
from claims.states import EntryKind
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The entries behind one seq, and where the reader then stands.

    `next_after` is what to ask for next; `head` the last seq when the page was read.
    """

    entries: tuple[Entry, ...]
    next_after: int
    head: int

    @property
    def is_caught_up(self) -> bool:
        """Whether nothing followed when the page was read."""
        return self.next_after >= self.head


def feed_page(
    actor: Actor, *, after: int, limit: int, kinds: Collection[EntryKind] = ()
) -> FeedPage:
    """Return the next page of the ledger behind seq `after`.

    Args:
        actor: what they may not see is withheld, never skipped.
        after: the last seq the caller has; 0 for none.
        limit: how many entries are looked at.
        kinds: tell these kinds only. What is withheld has no kind that may be told: it is left
            out, and a page may be empty before the reader has caught up.

    Raises:
        InvalidInput: `after` lies beyond the ledger's end, so it is of another ledger.
    """
    head = head_seq()
    if after > head:
        raise InvalidInput(
            "after", f"lies beyond the end of this ledger, {head}; begin again at 0."
        )
    entries = changes(actor, after=after, limit=limit)
    last = entries[-1].seq if entries else after
    told = [entry for entry in entries if not kinds or entry.kind in kinds]
    return FeedPage(tuple(told), next_after=last, head=max(head, last))
