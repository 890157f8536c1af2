"""Remove a text from the record for good; that it stood there, who removed it and why stays.

Entries commit to texts and do not hold them (docs/ledger.md), so that no hash changes.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Model, QuerySet

from claims.access import may, visible_to
from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Flag,
    LedgerEntry,
    LedgerText,
    Origin,
    Proposal,
    Review,
    Source,
    Use,
)
from claims.queries import as_of_entries as entries_of
from claims.queries.as_of_fields import FIELDS, REDACTED
from claims.queries.as_of_fold import State, fold
from claims.queries.as_of_rows import commitments
from claims.queries.ledger import OF_PEOPLE, Entry, changes
from claims.services.ledger import Plain, Recorder, Text, recording
from claims.services.rounds import required
from claims.services.settle import lock_claim, settle
from claims.states import EntryKind, ProposalState, QuoteState, Verb
from claims.types import Actor

MODELS: Mapping[str, type[Model]] = {
    "ST": Claim,
    "EV": Evidence,
    "SO": Source,
    "OR": Origin,
    "RE": Review,
    "PR": Proposal,
    "AR": Article,
    "US": Use,
}
EMPTIED = frozenset({"quote", "prefix", "suffix", "url", "given_url", "external_id", "answer_url"})
"""Columns left empty: the watch would look for other words there, and an address must be one."""
BLACKED = "█"
"""Stands for each sign of an article's text, so that the places in it stay where they are."""

Sets = dict[str, dict[str, Plain]]


def redact(actor: Actor, *, seq: int, field: str, reason: str) -> int:
    """Remove the texts that one entry commits to under a name, and the same texts beside it.

    What is removed, in one transaction with its entry:

    - salt and text of the commitments under `field`, anywhere in the body; and of those in other
      entries on the same claim, source, origin or article whose text is the same, sign by sign. A
      text that merely contains it (figures, the change an edit proposed) has a name of its own.
    - the column of the record where such a text still stands: of claims, evidence, sources,
      origins, reviews, proposals, articles and uses all that entries tell as text; of flags what
      was found and said; of places quote, cue and hedges. It reads "[redacted]" then, or nothing
      (`EMPTIED`); evidence without its quote is unchecked, unless somebody attests it.

    Names of people, texts of snapshots, and answers the API keeps for a day are not touched.

    Args:
        actor: of a claim's entry an editor of its desk, or the administrator; of any other the
            administrator. In person: a token cannot.
        seq: the entry.
        field: where it stands in the body or its `sets`, such as `rationale` or `statement`.
        reason: why; kept for good, for all who may read the entry.

    Returns:
        How many commitments have no text any more.

    Raises:
        NotFound: there is no such entry for this actor.
        NotAllowed: as above.
        InvalidInput: `field`: the entry has no text of that name; `reason`: empty.
        RuleRefused: it was removed before; or the record cannot do without it: figures as they
            are now, the address a source is watched at, a change that waits for sign-off.
    """
    why = required(reason, "reason")
    entry = _entry(actor, seq)
    named = _named(entry, field)
    with recording(actor) as record:
        claim = _lock(actor, entry)
        rows = _beside(entry)
        words = _alike(rows, named)
        if not words:
            raise RuleRefused("This text was removed already.")
        state = fold(rows)
        sets = _replace_columns(state, words, record=record, claim=claim)
        _replace_in_flags(state, words)
        _replace_in_places(state, words)
        record.add(
            EntryKind.REDACTED,
            claim=claim.reference if claim else None,
            source=None if claim else (entry.body or {}).get("source"),
            sets=sets,
            of=seq,
            field=field,
            removed=[*sorted(words)],
            reason=Text(why),
            desk_only=(entry.body or {}).get("desk_only"),
        )
        LedgerText.objects.filter(commitment__in=words).update(salt=None, text=None)
        if claim is not None:
            settle(claim, record=record)
    return len(words)


def _entry(actor: Actor, seq: int) -> Entry:
    found = changes(actor, after=seq - 1, limit=1) if seq > 0 else []
    if not found or found[0].seq != seq or found[0].is_withheld:
        raise NotFound(f"There is no entry {seq}.")
    return found[0]


def _named(entry: Entry, field: str) -> set[str]:
    """Return the commitments under a name in an entry's body, however deep."""
    if entry.kind in OF_PEOPLE:
        raise RuleRefused("Who works here stays on record.")
    texts = [*_texts_in(entry.body or {})]
    known = ", ".join(sorted({name for name, _ in texts})) or "none"
    found = {word for name, word in texts if name == field}
    if not found:
        raise InvalidInput("field", f"entry {entry.seq} has no text “{field}”; it has: {known}.")
    return found


def _texts_in(body: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the commitments of a body, each with the nearest name above it; not who acted."""
    for name, value in body.items():
        if name in {"actor", "removed"}:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Mapping):
                yield from _texts_in(part)
            else:
                yield from ((name, word) for word in commitments(part))


def _lock(actor: Actor, entry: Entry) -> Claim | None:
    """Lock the claim an entry is about, if any; the actor must be allowed to remove its texts."""
    is_administrator = actor.is_administrator and actor.signed_in
    reference = (entry.body or {}).get("claim")
    if reference is None:
        if not is_administrator:
            raise NotAllowed("Only the administrator removes a text that is about no claim.")
        return None
    claim = lock_claim(actor, visible_to(actor).get(reference=reference).pk, verb=Verb.SEE)
    if not is_administrator and not may(actor, Verb.RESTRICT, claim):
        raise NotAllowed("Only an editor of the desk, or the administrator, removes a text.")
    return claim


def _beside(entry: Entry) -> list[LedgerEntry]:
    """Return the entries on the same claim, source, origin or article."""
    body = entry.body or {}
    if body.get("claim"):
        return list(entries_of.of_claims([body["claim"]]))
    if body.get("source"):
        return list(entries_of.of_sources([body["source"]]))
    rows = entries_of.of_origins_and_articles(body.get("sets", {}))
    return rows or list(LedgerEntry.objects.filter(seq=entry.seq))


def _alike(rows: Iterable[LedgerEntry], named: Collection[str]) -> set[str]:
    """Return the commitments to a text that is still there, wherever the rows commit to it."""
    there = LedgerText.objects.filter(commitment__in=named, text__isnull=False)
    texts = set(there.order_by("commitment").select_for_update().values_list("text", flat=True))
    words = {word for row in rows for _, word in _texts_in(json.loads(row.body))}
    found = entries_of.texts_of({*words, *named})
    return {word for word, text in found.items() if text in texts}


def _replace_columns(
    state: State, words: set[str], *, record: Recorder, claim: Claim | None
) -> Sets:
    """Replace what stands in columns; return the same as an entry sets it."""
    sets: Sets = {}
    for reference, values in state.objects.items():
        gone = [name for name, word in values.items() if isinstance(word, str) and word in words]
        if not gone:
            continue
        row = _row(reference, claim)
        _refuse_what_is_needed(row, gone)
        known = FIELDS[type(row)]
        sets[reference] = {
            name: _replaced(row, known[name].column) for name in gone if name in known
        }
        if isinstance(row, Evidence) and "quote" in gone:
            sets[reference] |= _unchecked(row, at=record.at)
        if isinstance(row, Proposal) and "payload" in gone:
            row.payload = {}
        row.save()
    return sets


def _row(reference: str, claim: Claim | None) -> Model:
    if claim is not None and reference == claim.reference:
        return claim  # the locked one, which is saved once more when it is settled
    rows: QuerySet[Model] = QuerySet(MODELS[reference[:2]])
    return rows.select_for_update(no_key=True).get(reference=reference)


def _refuse_what_is_needed(row: Model, gone: Collection[str]) -> None:
    if "figures" in gone:
        raise RuleRefused("These figures hold now: replace them, then remove the old ones.")
    if isinstance(row, Source) and "url" in gone:
        raise RuleRefused("The address of a linked source stays: the source is known by it.")
    if isinstance(row, Proposal) and "payload" in gone and row.state == ProposalState.OPEN:
        raise RuleRefused("This change waits for sign-off: withdraw it, then remove its text.")


def _replaced(row: Model, column: str) -> Text:
    """Put what stands in place of a text into its column; return it."""
    if isinstance(row, Article) and column == "text":
        row.text = BLACKED * len(row.text)
    else:
        setattr(row, column, "" if column in EMPTIED else REDACTED)
    return Text(getattr(row, column))


def _unchecked(row: Evidence, *, at: datetime) -> dict[str, Plain]:
    """Say that nobody can tell of a passage that is gone whether it still stands."""
    if row.quote_state == QuoteState.ATTESTED:
        return {}
    row.quote_state, row.quote_state_since_at = QuoteState.UNCHECKED, at
    return {"quote_state": QuoteState.UNCHECKED, "quote_state_since_at": at}


def _replace_in_flags(state: State, words: set[str]) -> None:
    for key, told in state.flags.items():
        gone = [column for column in ("found", "detail") if told[column] in words]
        rows = Flag.objects.filter(claim__reference=key.claim, kind=key.kind, cause=key.cause)
        for row in rows.filter(evidence__reference=key.evidence or None) if gone else ():
            for column in gone:
                setattr(row, column, REDACTED)
            row.save(update_fields=gone)


def _replace_in_places(state: State, words: set[str]) -> None:
    for key, told in state.places.items():
        hedges = told["hedges"] or []
        if not {told["quote"], told["cue"], *hedges} & words:
            continue
        rows = Appearance.objects.filter(claim__reference=key.claim, start=key.start, end=key.end)
        row = rows.get(article__reference=key.article)
        for column in [name for name in ("quote", "cue") if told[name] in words]:
            setattr(row, column, REDACTED)
        for at in [at for at, word in enumerate(hedges) if word in words]:
            row.hedges[at] = REDACTED
        row.save(update_fields=["quote", "cue", "hedges"])
