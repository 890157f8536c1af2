"""Say where the door would open for a URL, without opening it."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.states import Outcome
from verifier.errors import NameUnknown
from verifier.fetch.journeys import Journey
from verifier.fetch.lookups import addresses_of
from verifier.types import FetchRequest, Guard, Limits


@dataclass(frozen=True, slots=True)
class Verdict:
    """The address that would be connected to, or else (empty) why none."""

    connect: str
    reason: str = ""


def judge(url: str, *, guard: Guard) -> Verdict:
    """Judge a URL as the first hop of a look does, up to the connection.

    Args:
        url: Any text.
        guard: Its resolver is asked for the addresses of a name.

    Returns:
        The first of its addresses, every one of which may be opened; or the refusal in words.
    """
    journey = Journey(FetchRequest(url), guard, Limits())
    addresses = _addresses(journey, guard=guard) if journey.start() else ()
    if journey.result is None and not journey.check(addresses):
        addresses = ()
    return Verdict(
        addresses[0] if addresses else "", journey.result.detail if journey.result else ""
    )


def _addresses(journey: Journey, *, guard: Guard) -> Sequence[str]:
    place = journey.present()
    if place.is_address:
        return [place.host]
    try:
        return addresses_of(place.host, place.port, resolve=guard.resolve)
    except NameUnknown as unknown:
        journey.end(Outcome.DNS, detail=str(unknown))
        return ()
