"""How a claim's status came about: each step with the evidence frozen at it, a bar over time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate, pairwise

from claims.models import Origin
from claims.present.badges import Badge
from claims.present.evidence import origin_words, shown_address, web_url
from claims.present.grades import CREDIBILITY, RELIABILITY
from claims.present.history import facts_of, happened_at, who_acted
from claims.present.times import moment_words
from claims.present.words import label, status_words
from claims.queries.ledger import Entry
from claims.queries.status_steps import StatusSteps
from claims.states import Basis, ClaimKind, ClaimStatus, EntryKind, Ground, QuoteState, Stance

WIDTH, HEIGHT = 1000, 26
_LEAST_WIDTH = 14
_HASH_SHOWN = 12
_REMOVED = "(removed)"
_STEPS = frozenset(
    {
        EntryKind.CLAIM_OPENED,
        EntryKind.STATUS_CHANGED,
        EntryKind.GROUND_CHANGED,
        EntryKind.REVIEW_STANDS,
    }
)
_GRADES = {grade.sign: grade.name for grade in (*RELIABILITY, *CREDIBILITY)}


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """One piece of evidence as it stood at a decision."""

    reference: str
    stance: Stance
    quote: str
    quote_state: QuoteState
    url: str
    address: str
    snapshot: str
    origin: str
    grades: str
    is_primary_record: bool


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A status or ground as it was decided; `was` is None where the status stayed.

    `is_standing`: a review found that it stands. `evidence` is None where the entry froze none.
    """

    seq: int
    at: datetime
    was: Badge | None
    to: Badge
    ground: str
    is_standing: bool
    who: str
    signed_by: str
    rationale: str
    evidence: tuple[FrozenEvidence, ...] | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the bar in which status and basis stayed the same."""

    x: int
    width: int
    badge: Badge
    sentence: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Steps, newest first, and the bar over time, oldest left; `has_more`: older steps exist."""

    steps: tuple[TimelineStep, ...]
    stretches: tuple[Stretch, ...]
    from_at: datetime | None
    until_at: datetime
    has_more: bool


def timeline_of(
    told: StatusSteps, *, kind: ClaimKind, desks: Collection[str], until_at: datetime
) -> Timeline:
    """Put the steps of a claim's status into words and a bar.

    Args:
        told: its entries, oldest first.
        kind: of the claim.
        desks: of the reader.
        until_at: where the bar ends: now, or the moment the page shows.
    """
    teller = _Teller(kind, told.origins, desks, status=_first_status(told.entries))
    for entry in told.entries:
        teller.hear(entry)
    stretches = _stretches(told.entries, kind=kind, until_at=until_at)
    return Timeline(
        steps=tuple(reversed(teller.steps)),
        stretches=stretches,
        from_at=happened_at(told.entries[0]) if told.entries else None,
        until_at=until_at,
        has_more=told.has_more,
    )


@dataclass(slots=True)
class _Teller:
    """Hears the entries in order and tells the steps: who proposed, what was so before."""

    kind: ClaimKind
    origins: Mapping[str, Origin]
    desks: Collection[str]
    status: ClaimStatus
    ground: str = Ground.NOT_REVIEWED
    proposer: str = ""
    signer: str = ""
    signed_seq: int = 0
    ground_seq: int = 0
    steps: list[TimelineStep] = field(default_factory=list)

    def hear(self, entry: Entry) -> None:
        """Take one entry."""
        if entry.kind == EntryKind.PROPOSED:
            self.proposer = who_acted(entry)
        elif entry.kind == EntryKind.SIGNED_OFF:
            self.signer, self.signed_seq = who_acted(entry), entry.seq
        elif entry.kind in _STEPS:
            self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        facts, was = facts_of(entry), self.status
        self.status = ClaimStatus(str(facts.get("status", was)))
        self.ground = str(facts.get("ground", self.ground))
        who, signed_by = self._people(entry)
        self.steps.append(
            TimelineStep(
                seq=entry.seq,
                at=happened_at(entry),
                was=Badge(was, self.kind) if was is not self.status else None,
                to=Badge(self.status, self.kind),
                ground=label(Ground(self.ground)),
                is_standing=entry.kind == EntryKind.REVIEW_STANDS,
                who=who,
                signed_by=signed_by,
                rationale=str(entry.resolve(facts.get("rationale")) or ""),
                evidence=self._evidence(entry),
            )
        )
        self.ground_seq = entry.seq if entry.kind == EntryKind.GROUND_CHANGED else 0

    def _people(self, entry: Entry) -> tuple[str, str]:
        """Name who decided, and who signed it off: that stands right before what it allows."""
        if self.ground_seq and self.ground_seq + 1 == entry.seq:
            # a review that found a better ground makes two entries; the second says the rest
            first = self.steps.pop()
            return first.who, first.signed_by
        if self.signed_seq and self.signed_seq + 1 == entry.seq:
            return self.proposer or who_acted(entry), self.signer
        return who_acted(entry), ""

    def _evidence(self, entry: Entry) -> tuple[FrozenEvidence, ...] | None:
        frozen = (entry.body or {}).get("evidence")
        if not isinstance(frozen, list):
            return None
        return tuple(
            _frozen(entry, item, origins=self.origins, desks=self.desks) for item in frozen
        )


def _first_status(entries: Sequence[Entry]) -> ClaimStatus:
    """Return the status before the first step told, where older ones are left out."""
    told = (facts_of(entry).get("was") for entry in entries if entry.kind in _STEPS)
    return next((ClaimStatus(str(was)) for was in told if was), ClaimStatus.REPORTED)


def _frozen(
    entry: Entry,
    item: Mapping[str, object],
    *,
    origins: Mapping[str, Origin],
    desks: Collection[str],
) -> FrozenEvidence:
    url = str(entry.resolve(item.get("url")) or "")
    grades = [str(item.get("reliability") or ""), str(item["credibility"])]
    return FrozenEvidence(
        reference=str(item["evidence"]),
        stance=Stance(str(item["stance"])),
        quote=str(entry.resolve(item.get("quote")) or (_REMOVED if item.get("quote") else "")),
        quote_state=QuoteState(str(item["quote_state"])),
        url=web_url(url),
        address=shown_address(url),
        snapshot=str(item.get("snapshot") or "")[:_HASH_SHOWN],
        origin=origin_words(origins.get(str(item.get("origin"))), desks=desks),
        grades=" · ".join(f"{grade}, {_GRADES[grade]}" for grade in grades if grade),
        is_primary_record=bool(item["is_primary_record"]),
    )


def _stretches(
    entries: Sequence[Entry], *, kind: ClaimKind, until_at: datetime
) -> tuple[Stretch, ...]:
    """Cut the time into stretches of one status and basis, each wide enough to be seen."""
    points: list[tuple[datetime, Badge]] = []
    for entry in entries:
        facts = facts_of(entry)
        badge = points[-1][1] if points else Badge(_first_status(entries), kind)
        if entry.kind == EntryKind.STATUS_CHANGED:
            badge = replace(badge, status=ClaimStatus(str(facts["status"])))
        elif entry.kind == EntryKind.BASIS_CHANGED:
            badge = replace(badge, basis=Basis(str(facts["basis"])))
        if not points or points[-1][1] != badge:
            points.append((happened_at(entry), badge))
    if not points:
        return ()
    times = [at for at, _ in points] + [max(until_at, points[-1][0])]
    spans_s = [max(0.0, (end - start).total_seconds()) for start, end in pairwise(times)]
    share = WIDTH / max(1.0, sum(spans_s))
    widths = [max(float(_LEAST_WIDTH), span_s * share) for span_s in spans_s]
    marks = [round(at * WIDTH / sum(widths)) for at in accumulate(widths, initial=0.0)]
    return tuple(
        Stretch(left, right - left, badge, _sentence(badge, start=start, end=end))
        for (_, badge), (left, right), (start, end) in zip(
            points, pairwise(marks), pairwise(times), strict=True
        )
    )


def _sentence(badge: Badge, *, start: datetime, end: datetime) -> str:
    words = status_words(badge.status, kind=badge.kind)
    return f"{words}, {label(badge.basis)}: {moment_words(start)} to {moment_words(end)}"
