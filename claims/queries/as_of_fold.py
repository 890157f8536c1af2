"""Fold ledger entries: what the record said after the last of them. Pure but for its input rows.

An entry's `sets` hold new values by the reference of the object they belong to. What has no
reference (flags, places in articles, links between claims) is told by the facts of its own kind.
Values stay as the bodies have them: microseconds, ISO days, references, commitments to texts.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from claims.models.chain import microseconds
from claims.states import EntryKind, FlagAnswer

Fields = dict[str, Any]

ON_CLAIMS = ("EV-", "RE-", "PR-", "US-")
"""Prefixes of what belongs to the claim its first entry stands under."""


class Folding(Protocol):
    """What is read of a row of the ledger."""

    seq: int
    recorded_at: datetime
    kind: str
    body: str


class FlagKey(NamedTuple):
    """What tells one flag from another: `evidence` is a reference or empty."""

    claim: str
    kind: str
    cause: str
    evidence: str


class PlaceKey(NamedTuple):
    """Where a claim appears: code-point offsets into the article's text, end exclusive."""

    claim: str
    article: str
    start: int
    end: int


class LinkKey(NamedTuple):
    """How `claim` stands to `other`."""

    claim: str
    other: str
    kind: str


@dataclass(slots=True)
class State:
    """What entries say, by object, in the order in which each was first spoken of.

    `set_at` is the seq of the entry that last set a field, by reference and name. `answered` among
    the fields of a flag is how it was answered, None while it is open.
    """

    objects: dict[str, Fields] = field(default_factory=dict)
    flags: dict[FlagKey, Fields] = field(default_factory=dict)
    places: dict[PlaceKey, Fields] = field(default_factory=dict)
    links: dict[LinkKey, Fields] = field(default_factory=dict)
    set_at: dict[tuple[str, str], int] = field(default_factory=dict)

    def named(self, prefix: str, *, claim: str = "") -> Iterator[tuple[str, Fields]]:
        """Yield the objects whose reference begins so, of one claim where it is named."""
        for reference, fields in self.objects.items():
            if reference.startswith(prefix) and (not claim or fields.get("claim") == claim):
                yield reference, fields


def fold(rows: Iterable[Folding], *, state: State | None = None) -> State:
    """Fold entries in the order of their seq, onto a state that was folded before where given."""
    state = State() if state is None else state
    for row in rows:
        _fold_one(row, json.loads(row.body), state)
    return state


def _fold_one(row: Folding, body: Mapping[str, Any], state: State) -> None:
    claim = body.get("claim", "")
    for reference, values in body.get("sets", {}).items():
        fields = state.objects.setdefault(reference, {})
        if reference.startswith(ON_CLAIMS):
            fields.setdefault("claim", claim)
        fields.update(values)
        state.set_at.update(((reference, name), row.seq) for name in values)
    rule = _RULES.get(row.kind)
    if rule is not None:
        rule(row, body, state)
    answered = _answered(row, body)
    if answered is not None:
        for key, flag in state.flags.items():
            if key.claim == claim and flag["answer"] is None:
                flag.update(answered)


def _answered(row: Folding, body: Mapping[str, Any]) -> Fields | None:
    """Return how an entry answers the open flags of its claim; None where it answers none.

    Entries from before answers were entered say it by their kind.
    """
    told = body.get("flags_answered")
    if told is not None:
        return {"answer": told["answer"], "answered_at": told["at"], "seq": row.seq}
    implied = _IMPLIED.get(row.kind)
    if implied is None or body.get("is_undo") or not _is_decision(row, body):
        return None
    return {"answer": implied, "answered_at": microseconds(row.recorded_at), "seq": row.seq}


def _is_decision(row: Folding, body: Mapping[str, Any]) -> bool:
    """Whether a ground was decided, not bettered on the way of a review that stands."""
    return row.kind != EntryKind.GROUND_CHANGED or "evidence" in body


_IMPLIED: Mapping[str, FlagAnswer] = {
    EntryKind.REVIEW_STANDS: FlagAnswer.STANDS,
    EntryKind.CLAIM_CLOSED: FlagAnswer.CLOSED,
    EntryKind.STATUS_CHANGED: FlagAnswer.PROPOSED,
    EntryKind.GROUND_CHANGED: FlagAnswer.PROPOSED,
}


def _flag_raised(row: Folding, body: Mapping[str, Any], state: State) -> None:
    key = FlagKey(body["claim"], body["flag"], body["cause"], body.get("evidence") or "")
    state.flags[key] = {
        "review": body.get("review"),
        "source": body.get("about_source"),
        "before": body.get("before"),
        "after": body.get("after"),
        "found": body.get("found"),
        "detail": body.get("comment"),
        "is_stealth": body.get("is_stealth", False),
        "raised_at": body.get("raised_at", microseconds(row.recorded_at)),
        "answer": None,
        "answered_at": None,
        "seq": row.seq,
    } | _acting(body, "raised_by")


def _place_added(row: Folding, body: Mapping[str, Any], state: State) -> None:
    key = PlaceKey(body["claim"], body["article"], body["start"], body["end"])
    words = {name: body.get(name) for name in ("quote", "cue", "hedges")}
    state.places[key] = words | {"seq": row.seq}


def _linked(row: Folding, body: Mapping[str, Any], state: State) -> None:
    key = LinkKey(body["claim"], body["to"], body["link"])
    state.links[key] = {"is_split_off": body.get("is_split_off", False), "seq": row.seq}


def _unlinked(_: Folding, body: Mapping[str, Any], state: State) -> None:
    state.links.pop(LinkKey(body["claim"], body["to"], body["link"]), None)


def _opened(row: Folding, body: Mapping[str, Any], state: State) -> None:
    for reference in body.get("sets", {}):
        state.objects[reference].setdefault("created_at", microseconds(row.recorded_at))


def _attested(_: Folding, body: Mapping[str, Any], state: State) -> None:
    for reference in body["sets"]:
        state.objects[reference] |= {"attested_note": body.get("note")}
        state.objects[reference] |= _acting(body, "attested_by")


def _quote_moved(row: Folding, body: Mapping[str, Any], state: State) -> None:
    for reference, values in body["sets"].items():
        since = microseconds(row.recorded_at)
        fields = state.objects[reference]
        fields["found"] = values.get("found", body.get("found"))
        fields["quote_state_since_at"] = values.get("quote_state_since_at", since)


def _proposed(row: Folding, body: Mapping[str, Any], state: State) -> None:
    for reference in body["sets"]:
        fields = state.objects[reference]
        fields.setdefault("proposed_at", microseconds(row.recorded_at))
        fields |= _acting(body, "proposed_by")


def _signed_off(_: Folding, body: Mapping[str, Any], state: State) -> None:
    for reference in body["sets"]:
        if reference.startswith("PR-"):
            state.objects[reference] |= _acting(body, "signed_by")


def _acting(body: Mapping[str, Any], name: str) -> Fields:
    actor = body["actor"]
    return {name: actor.get("person"), f"{name}_name": actor.get("name")}


_RULES: Mapping[str, Callable[[Folding, Mapping[str, Any], State], None]] = {
    EntryKind.FLAG_RAISED: _flag_raised,
    EntryKind.APPEARANCE_ADDED: _place_added,
    EntryKind.CLAIM_LINKED: _linked,
    EntryKind.CLAIM_UNLINKED: _unlinked,
    EntryKind.CLAIM_OPENED: _opened,
    EntryKind.EVIDENCE_ADDED: _opened,
    EntryKind.EVIDENCE_ATTESTED: _attested,
    EntryKind.QUOTE_STATE_CHANGED: _quote_moved,
    EntryKind.PROPOSED: _proposed,
    EntryKind.SIGNED_OFF: _signed_off,
}
