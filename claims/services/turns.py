"""Looks that change something, each with the locked rows it changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import Evidence, Snapshot, Source
from claims.services.ledger import Recorder
from claims.services.runs import OpenRun, held
from claims.services.snapshots import take_snapshots
from claims.states import LinkState
from claims.types import Look


@dataclass(frozen=True, slots=True)
class Turn:
    """One look that changes something, with its locked rows and what it read."""

    look: Look
    source: Source
    run: OpenRun
    after: Snapshot | None

    @property
    def is_new_text(self) -> bool:
        """Whether the page says other words than at the last look."""
        return self.after is not self.source.snapshot

    @property
    def is_first_miss(self) -> bool:
        """Whether the page was missed now for the first time."""
        states = (self.source.link_state, self.look.link_state)
        return states[1] is LinkState.SUSPECTED_GONE and states[0] != states[1]


def lock_turns(looks: Sequence[Look], *, record: Recorder) -> list[Turn]:
    """Lock what the looks change, leave out those whose lease was lost, keep what was read."""
    ids = [look.source_id for look in looks]
    locking = Source.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    rows = locking.select_related("snapshot").defer("snapshot__text", "snapshot__hops")
    sources = {source.pk: source for source in rows.filter(pk__in=ids)}
    runs = held(ids)
    kept = [look for look in looks if str(runs[look.source_id].lease_token) == look.token]
    after = take_snapshots([(look, sources[look.source_id]) for look in kept], record=record)
    return [
        Turn(look, sources[look.source_id], runs[look.source_id], after[look.source_id])
        for look in kept
    ]


def resting_on_turns(turns: Sequence[Turn]) -> list[tuple[Turn, list[Evidence]]]:
    """Return each turn with the live evidence that rests on its source."""
    rows: dict[int, list[Evidence]] = {turn.source.pk: [] for turn in turns}
    if turns:
        for row in Evidence.objects.filter(
            source__in=list(rows), withdrawn_at__isnull=True
        ).order_by("pk"):
            rows[row.source_id].append(row)
    return [(turn, rows[turn.source.pk]) for turn in turns]
