"""How the desk's rules say to write a claim, and where an article's words go further than that.

Every sentence an editor reads about that is in this module. Three ways: state it, attribute it,
call first. A call is for what the record itself cannot answer; words that are merely too strong
are answered with the pen, and warned of apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claims.present.badges import Badge
from claims.present.words import label
from claims.states import Basis, ClaimKind, ClaimStatus, DisputeKind, Ground

_MOST_NAMED = 2


class Handling(StrEnum):
    """What an editor may do with a claim."""

    STATE = "state"
    ATTRIBUTE = "attribute"
    CALL = "call"


_TO_CALL_ABOUT = (
    "Disputed, a flag is open, its basis is lost, nobody is named, or it is closed: "
    "ask the desk before it runs."
)

HANDLINGS: Mapping[Handling, tuple[str, str, str]] = {
    Handling.STATE: ("✓", "State it", "Corroborated, and what it rests on still holds."),
    Handling.ATTRIBUTE: ("“”", "Attribute it", "Reported, not established: say who says so."),
    Handling.CALL: ("☎", "Call first", _TO_CALL_ABOUT),
}
"""Sign, name and meaning of each way, as the page prints them."""

WARNED = "▲"
"""The sign of words that are stronger than the status."""

_OPPOSING: Mapping[DisputeKind, str] = {
    DisputeKind.DENIAL: "denies it",
    DisputeKind.CONFLICTING_ACCOUNT: "says otherwise",
    DisputeKind.DISPROOF: "shows otherwise",
}


@dataclass(frozen=True, slots=True)
class Voices:
    """Who stands behind a claim, and who against it, by names fit for the reader."""

    said_by: tuple[str, ...] = ()
    opposed: tuple[tuple[str, DisputeKind], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """How to write one claim; `why` says what has to be asked where a call is needed."""

    handling: Handling
    how: str
    why: str = ""

    @property
    def name(self) -> str:
        """The way in two words."""
        return HANDLINGS[self.handling][1]

    def signs(self, warning: str) -> str:
        """Return what stands in the text beside the status: a call to make, words too strong."""
        call = HANDLINGS[Handling.CALL][0] if self.handling is Handling.CALL else ""
        return f"{call}{WARNED if warning else ''}"


def line_for(
    badge: Badge, *, ground: Ground, voices: Voices, basis_reason: str = "", closed: str = ""
) -> Line:
    """Return how to write a claim.

    Args:
        badge: status, kind, basis and open flags.
        ground: why the status was chosen.
        voices: who says it, who says otherwise.
        basis_reason: what the basis says of itself; empty where it holds.
        closed: why the claim is no longer worked; empty where it is.
    """
    if badge.status is ClaimStatus.DISPUTED:
        return Line(Handling.CALL, _with_the_denial(voices), f"disputed: {label(ground)}")
    if closed:
        return Line(Handling.CALL, "Look at what took its place, if anything.", f"closed: {closed}")
    if badge.basis is not Basis.HOLDS or badge.open_flags:
        why = f"{label(badge.basis)}: {basis_reason}" if basis_reason else badge.words
        return Line(Handling.CALL, _until_settled(voices), why)
    if badge.status is ClaimStatus.CORROBORATED:
        return Line(Handling.STATE, _stated(badge.kind, voices=voices))
    if not voices.said_by:
        how = "Find out who says so, or leave it out."
        return Line(Handling.CALL, how, "nobody is named as saying it")
    return Line(Handling.ATTRIBUTE, f"Write “{_according(voices)}”.{_and_the_denial(voices)}")


def warning_for(badge: Badge, *, strong: Sequence[str], is_flat: bool) -> str:
    """Say where an article's words are stronger than the claim's status; empty where they are not.

    Args:
        badge: of the claim.
        strong: words near its place that call it established.
        is_flat: whether the article names nobody and hedges nothing there.
    """
    is_safe = badge.status is ClaimStatus.CORROBORATED and badge.basis is Basis.HOLDS
    is_statement = badge.kind is ClaimKind.STATEMENT
    words = badge.status if is_safe else _standing(badge)
    faults = []
    if strong and not is_safe:
        quoted = ", ".join(f"“{word}”" for word in strong)
        faults.append(f"The article’s {quoted} is stronger than {words}.")
    if is_flat and (is_statement or not is_safe):
        stated = "only the saying is on record" if is_statement else f"it is {words}"
        faults.append(f"The article states it flat, yet {stated}: name who says so, or hedge.")
    return " ".join(faults)


def _standing(badge: Badge) -> str:
    if badge.status is ClaimStatus.CORROBORATED:
        return f"corroborated with its {label(badge.basis)}"
    return label(badge.status)


def _according(voices: Voices) -> str:
    return f"according to {_named(voices.said_by)}"


def _named(names: Sequence[str]) -> str:
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and others"
    return " and ".join(names)


def _stated(kind: ClaimKind, *, voices: Voices) -> str:
    if kind is not ClaimKind.STATEMENT:
        return "No attribution is needed."
    who = _named(voices.said_by) if voices.said_by else "somebody named"
    return f"Only that it was said, by {who}: what was said is not established."


def _until_settled(voices: Voices) -> str:
    if not voices.said_by:
        return "Until it is settled, leave it out."
    return f"Until it is settled, attribute it: “{_according(voices)}”."


def _against(voices: Voices) -> str:
    return "; ".join(f"{name} {_OPPOSING[kind]}" for name, kind in voices.opposed[:_MOST_NAMED])


def _and_the_denial(voices: Voices) -> str:
    against = _against(voices)
    return f" Add that {against}." if against else ""


def _with_the_denial(voices: Voices) -> str:
    against = _against(voices)
    if not against:
        return "Leave it out, or say that it is disputed."
    words = f"{_according(voices)}; {against}" if voices.said_by else against
    return f"Attribute it with the denial, or leave it out: “{words}”."
