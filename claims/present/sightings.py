"""How fresh evidence is, in words: "last seen unchanged", then how long ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from claims.models import Evidence
from claims.present.words import label
from claims.states import LinkState, QuoteState

_ANSWERS = frozenset({LinkState.LIVE, LinkState.CHANGED, LinkState.MOVED, LinkState.UNCHECKED})


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a passage was last seen, or since when it is not as quoted.

    `now` says how the page answers where it does not simply; `is_good`: nobody has to worry.
    """

    words: str
    at: datetime | None = None
    now: str = ""
    is_good: bool = True


def sighting_of(row: Evidence) -> Sighting:
    """Return how fresh one piece of evidence is; its source comes with its watch."""
    state = QuoteState(row.quote_state)
    if state is QuoteState.ATTESTED and row.attested_on:
        return Sighting(f"attested by a person on {date_format(row.attested_on, 'j M Y')}")
    if state in {QuoteState.ALTERED, QuoteState.MISSING}:
        words = "found altered" if state is QuoteState.ALTERED else "found to be gone"
        return Sighting(words, row.quote_state_since_at, _now(row), is_good=False)
    watch = getattr(row.source, "watch", None)
    if watch is None or watch.last_looked_at is None:
        return Sighting("not looked at yet" if watch else "not a watched page", is_good=False)
    now = _now(row)
    if watch.last_read_at is None:
        return Sighting("looked at, never read:", watch.last_looked_at, now, is_good=False)
    is_seen = state is QuoteState.STANDING
    words = "last seen unchanged" if is_seen else "page last read"
    return Sighting(words, watch.last_read_at, now, is_good=is_seen and not now)


def past_sighting_of(row: Evidence) -> Sighting:
    """Return how the passage stood at a past entry; looks make none, so no time is told."""
    state = QuoteState(row.quote_state)
    return Sighting(label(state), is_good=state in {QuoteState.STANDING, QuoteState.ATTESTED})


def freshest_words(sightings: Sequence[Sighting]) -> Sighting:
    """Sum up the evidence of a claim: the oldest look where all is well, else how many are not."""
    if not sightings:
        return Sighting("nothing is linked yet", is_good=False)
    bad = [sighting.words for sighting in sightings if not sighting.is_good]
    seen = [sighting.at for sighting in sightings if sighting.is_good and sighting.at]
    if bad:
        words = bad[0] if len(set(bad)) == 1 else "not seen unchanged"
        return Sighting(f"{len(bad)} of {len(sightings)} {words}", is_good=False)
    if not seen:
        return Sighting(" and ".join(dict.fromkeys(sighting.words for sighting in sightings)))
    return Sighting("last seen unchanged", min(seen))


def _now(row: Evidence) -> str:
    state = LinkState(row.source.link_state)
    return "" if state in _ANSWERS else label(state)
