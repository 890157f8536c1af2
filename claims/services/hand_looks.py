"""A person looked at a source where the watch cannot, or before it does: a look like any other.

What they saw is an observation and an entry. A passage that changed or a page that is gone flags
the claims that rest on it, and those whose evidence relays it, as a look of the watch would.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from claims.access import evidence_visible_to, require
from claims.errors import InvalidInput, RuleRefused
from claims.models import Claim, Evidence, Observation, Source
from claims.services import fields
from claims.services.evidence import attest_row, local_today
from claims.services.ledger import Recorder, Text, recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle_all
from claims.services.sources import look_soon, worked_source
from claims.states import EntryKind, FlagKind, LinkState, Outcome, QuoteState, Verb
from claims.types import Actor

NAMESPACE = uuid.UUID("8b1d4a52-57e7-4d0e-9f35-57e757e757e7")
SEEN = frozenset({Outcome.SEEN_STANDING, Outcome.SEEN_CHANGED, Outcome.SEEN_GONE})
CLAIMS_TOGETHER = 40
MOST_RELAYS = 10
WENT = frozenset({QuoteState.ALTERED, QuoteState.MISSING})


@dataclass(frozen=True, slots=True)
class HandLook:
    """What a person saw, on which day, in their own words.

    `passages` are the quotes they looked for, by reference of the evidence: the words that stand
    there now, empty where none do (for *changed*) or where they are still there.
    """

    outcome: Outcome
    on: date
    note: str
    passages: Mapping[str, str] = field(default_factory=dict)


def look_by_hand(actor: Actor, reference: str, *, look: HandLook) -> bool:
    """Record what a person saw; return False where this very look is on record already.

    Args:
        actor: a signed-in fact-checker or editor of any desk.
        reference: of a source the actor may know of.
        look: *still there* attests those of the passages that the watch has not found; *changed*
            moves the passages to altered or missing and flags what rests on them; *gone* flags
            all that rests on the source.

    Raises:
        InvalidInput: a field is wrong.
        RuleRefused: the source was merged, or it is no person who acts.
        NotAllowed: a passage to be attested is on a claim of another desk.
    """
    if actor.user_id is None or not actor.signed_in:
        raise RuleRefused("Only a signed-in person looks by hand.")
    _check(look)
    source = worked_source(actor, reference)
    chosen = _chosen(actor, source, look)
    rows = _touched(source, chosen, look=look)
    claim_ids = sorted({row.claim_id for row in rows})
    chunks = [
        claim_ids[at : at + CLAIMS_TOGETHER] for at in range(0, len(claim_ids), CLAIMS_TOGETHER)
    ] or [[]]
    for chunk in chunks[:-1]:
        _record(actor, reference, look, rows, chunk, is_last=False)
    return _record(actor, reference, look, rows, chunks[-1], is_last=True)


def _check(look: HandLook) -> None:
    if look.outcome not in SEEN:
        raise InvalidInput("outcome", "is not something a person sees.")
    fields.text_of("note", look.note, most=fields.MOST_NOTE, is_required=True)
    for words in look.passages.values():
        fields.text_of("passages", words, most=fields.MOST_QUOTE)
    if look.outcome is Outcome.SEEN_GONE and look.passages:
        raise InvalidInput("passages", "where all is gone no passage is named.")


def _chosen(actor: Actor, source: Source, look: HandLook) -> list[Evidence]:
    """Return the named passages, all of them live evidence of this source the actor may see."""
    rows = evidence_visible_to(actor).filter(source=source, withdrawn_at__isnull=True)
    found = {row.reference: row for row in rows.select_related("claim__desk")}
    for reference in look.passages.keys() - found.keys():
        raise InvalidInput("passages", f"{reference} is not a quote of this source.")
    chosen = [found[reference] for reference in look.passages]
    if look.outcome is Outcome.SEEN_STANDING:
        for row in chosen:
            require(actor, Verb.WRITE, row.claim.desk)
    return chosen


def _touched(source: Source, chosen: Sequence[Evidence], *, look: HandLook) -> list[Evidence]:
    """Return the evidence a look changes or flags; what relays it comes after what it relays."""
    if look.outcome is Outcome.SEEN_STANDING:
        return [row for row in chosen if row.quote_state != QuoteState.STANDING]
    if look.outcome is Outcome.SEEN_GONE:
        rows = Evidence.objects.filter(source=source, withdrawn_at__isnull=True)
        return list(rows.order_by("pk"))
    return [*chosen, *_relaying(chosen)]


def _relaying(rows: Iterable[Evidence]) -> Iterator[Evidence]:
    """Yield what relays evidence, directly or through others, each once."""
    known = {row.pk for row in rows}
    todo = set(known)
    for _ in range(MOST_RELAYS):
        found = Evidence.objects.filter(relays_evidence__in=todo, withdrawn_at__isnull=True)
        further = [row for row in found.order_by("pk") if row.pk not in known]
        yield from further
        todo = {row.pk for row in further}
        known |= todo
        if not todo:
            return


def _record(
    actor: Actor,
    reference: str,
    look: HandLook,
    rows: Sequence[Evidence],
    claim_ids: Sequence[int],
    *,
    is_last: bool,
) -> bool:
    """Record the part of a look that touches some claims; the last part ends it."""
    with recording(actor) as record:
        claims = _locked(claim_ids)
        source = worked_source(actor, reference, lock=True)
        if look.on > local_today(record.at):
            raise InvalidInput("on", "lies in the future.")
        if _is_on_record(source, look):
            return False
        seen = _Seen(source, look, _cause(source, look), record)
        here = Evidence.objects.filter(pk__in=[row.pk for row in rows], claim__in=claims)
        for row in here.order_by("pk"):
            row.claim = claims[row.claim_id]
            seen.apply(row)
        settle_all([claims[pk] for pk in sorted(claims)], record=record)
        if is_last:
            seen.end()
        return True


def _locked(claim_ids: Sequence[int]) -> dict[int, Claim]:
    rows = Claim.objects.filter(pk__in=claim_ids).order_by("pk").select_related("desk")
    return {claim.pk: claim for claim in rows.select_for_update(of=("self",), no_key=True)}


def _is_on_record(source: Source, look: HandLook) -> bool:
    """Whether this look was recorded before, to its end: a form that was sent twice."""
    rows = Observation.objects.filter(source=source, outcome=look.outcome, detail=look.note.strip())
    return any(local_today(row.first_seen_at) == look.on for row in rows)


def _cause(source: Source, look: HandLook) -> Cause:
    """Name the look by what it says, so that a redone recording raises no flag twice."""
    name = f"hand:{source.pk}:{look.outcome}:{look.on}:{look.note.strip()}"
    return Cause(source=source, before=source.snapshot, id=uuid.uuid5(NAMESPACE, name))


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look under way in a transaction, with its locked source."""

    source: Source
    look: HandLook
    cause: Cause
    record: Recorder

    def apply(self, row: Evidence) -> None:
        """Bring one piece of evidence of a locked claim in line with what was seen."""
        if self.look.outcome is Outcome.SEEN_STANDING:
            attest_row(row, on=self.look.on, note=self.look.note.strip(), record=self.record)
        elif self.look.outcome is Outcome.SEEN_GONE:
            self._flag(row, FlagKind.SOURCE_GONE)
        elif row.reference in self.look.passages:
            self._move(row, self.look.passages[row.reference].strip())
        else:
            self._flag(row, FlagKind.RELAYED_CORRECTED)

    def _flag(self, row: Evidence, kind: FlagKind, *, found: str = "") -> None:
        raise_flag(
            row.claim,
            kind,
            record=self.record,
            cause=self.cause,
            evidence=row,
            found=found,
            detail=self.look.note.strip(),
        )

    def _move(self, row: Evidence, found: str) -> None:
        was, now = QuoteState(row.quote_state), QuoteState.MISSING
        if found:
            now = QuoteState.ALTERED
        if (was, row.quote_found) == (now, found):
            return
        row.quote_state, row.quote_found = now, found
        if now is not was:
            row.quote_state_since_at = self.record.at
        self.record.add(
            EntryKind.QUOTE_STATE_CHANGED,
            claim=row.claim.reference,
            sets={
                row.reference: {
                    "quote_state": now,
                    "quote_state_since_at": row.quote_state_since_at,
                    "found": Text(found),
                }
            },
            was=was,
            look=self.look.outcome,
        )
        row.save(update_fields=["quote_state", "quote_found", "quote_state_since_at"])
        kind = FlagKind.QUOTE_ALTERED if now is QuoteState.ALTERED else FlagKind.QUOTE_MISSING
        self._flag(row, kind, found=found)

    def end(self) -> None:
        """Keep the observation, say it of the source, and have the watch look for itself."""
        at = _moment(self.look.on, now=self.record.at)
        Observation.objects.create(
            source=self.source,
            outcome=self.look.outcome,
            detail=self.look.note.strip(),
            snapshot=self.source.snapshot if self.look.outcome is Outcome.SEEN_STANDING else None,
            first_seen_at=at,
            last_seen_at=at,
            count=1,
        )
        self.record.add(
            EntryKind.LOOKED_BY_HAND,
            source=self.source.reference,
            outcome=self.look.outcome,
            on=self.look.on,
            note=Text(self.look.note.strip()),
        )
        if self.look.outcome is Outcome.SEEN_GONE:
            self._lose_link()
        if self.look.outcome is not Outcome.SEEN_STANDING:
            look_soon(self.source, record=self.record)

    def _lose_link(self) -> None:
        was = LinkState(self.source.link_state)
        if was is LinkState.GONE:
            return
        reason = f"Seen by a person: gone. {self.look.note.strip()}"
        self.source.link_state, self.source.link_reason = LinkState.GONE, reason
        self.source.link_state_since_at = self.record.at
        self.record.add(
            EntryKind.LINK_STATE_CHANGED,
            source=self.source.reference,
            sets={
                self.source.reference: {
                    "link_state": LinkState.GONE,
                    "link_state_since_at": self.record.at,
                    "link_reason": Text(reason),
                }
            },
            was=was,
            look=self.look.outcome,
            http_status=0,
        )
        self.source.save(update_fields=["link_state", "link_reason", "link_state_since_at"])


def _moment(day: date, *, now: datetime) -> datetime:
    """Return a moment of the day: now, where it is today."""
    if day == local_today(now):
        return now
    return datetime.combine(day, time(12), tzinfo=UTC)
