"""Merge a source that was linked twice: evidence moves, both histories stay readable.

The merged reference answers for ever, with the one that was kept. A merge changes no quote, no
origin, no grade and no state: only where a piece of evidence is linked. It is refused where that
would be otherwise, or where it would change counted evidence of a corroborated claim: such a
source is the one to keep.
"""

from collections.abc import Iterable, Sequence

from claims.access import may
from claims.errors import InvalidInput, NotAllowed, NotFound, RuleRefused
from claims.models import Claim, Evidence, Source, Watch
from claims.queries.opinion import opinions_on
from claims.services.ledger import Recorder, Text, recording
from claims.services.rounds import required
from claims.services.settle import settle_all
from claims.services.sources import look_soon, worked_source
from claims.states import ClaimStatus, EntryKind, QuoteState, SourceKind, Verb
from claims.text.quotes import Page, find_exact, find_verbatim
from claims.types import Actor

CLAIMS_TOGETHER = 40
MOST_MERGED = 200


def merge_source(actor: Actor, reference: str, *, into: str, reason: str) -> Source:
    """Merge one source into another; return the one that is kept.

    A merge of very many claims takes several transactions, claim by claim: one that breaks off
    leaves two sources that both are whole, and goes on where it is asked for again.

    Args:
        actor: a fact-checker or editor of every desk whose live evidence moves.
        reference: of the source that goes.
        into: reference of the one that is kept.
        reason: why they are the same; kept for good.

    Raises:
        InvalidInput: `into` names no such source, itself, another kind, or a page on which a quote
            that stands is not found; `reason` is empty.
        NotAllowed: evidence the actor may not change rests on it.
        RuleRefused: either was merged before, or counted evidence of a corroborated claim moves.
    """
    why = required(reason, "reason")
    gone = worked_source(actor, reference)
    kept = _other(actor, gone, into)
    claim_ids = _resting(gone)
    for at in range(0, max(1, len(claim_ids)), CLAIMS_TOGETHER):
        chunk = claim_ids[at : at + CLAIMS_TOGETHER]
        _merge(actor, (gone, kept), chunk, why=why)
    return kept


def _other(actor: Actor, gone: Source, into: str) -> Source:
    try:
        kept = worked_source(actor, into)
    except NotFound:
        raise InvalidInput("into", f"there is no source {into}.") from None
    if kept.pk == gone.pk:
        raise InvalidInput("into", "is the same source.")
    if (kept.kind == SourceKind.PAGE) != (gone.kind == SourceKind.PAGE):
        raise InvalidInput("into", "one is a web page, the other an offline item.")
    return kept


def _resting(source: Source) -> list[int]:
    rows = Evidence.objects.filter(source=source, withdrawn_at__isnull=True)
    return sorted(set(rows.values_list("claim", flat=True)))


def _merge(
    actor: Actor, pair: tuple[Source, Source], claim_ids: Sequence[int], *, why: str
) -> None:
    """Move the evidence of some claims; with the last of them the merge is complete."""
    with recording(actor) as record:
        claims = _locked(actor, claim_ids)
        gone, kept = _locked_sources(actor, pair)
        rows = list(
            Evidence.objects.filter(source=gone, claim__in=claims, withdrawn_at__isnull=True)
            .select_related("source")
            .order_by("pk")
        )
        _refuse_counted(claims, rows)
        _refuse_lost(rows, kept)
        for row in rows:
            _move(row, claims[row.claim_id], kept, record=record)
        settle_all([claims[pk] for pk in sorted(claims)], record=record)
        if not _resting(gone):
            _end(gone, kept, why=why, record=record)
        look_soon(kept, record=record)


def _locked(actor: Actor, claim_ids: Sequence[int]) -> dict[int, Claim]:
    rows = Claim.objects.filter(pk__in=claim_ids).order_by("pk").select_related("desk")
    claims = list(rows.select_for_update(of=("self",), no_key=True))
    if not all(may(actor, Verb.WRITE, claim) for claim in claims):
        raise NotAllowed("Evidence you may not change rests on it: merge the other one into it.")
    return {claim.pk: claim for claim in claims}


def _locked_sources(actor: Actor, pair: tuple[Source, Source]) -> tuple[Source, Source]:
    """Lock both sources, then both watches, by id: a look under way waits, or was recorded."""
    for source in sorted(pair, key=lambda source: source.pk):
        worked_source(actor, source.reference, lock=True)
    list(
        Watch.objects.select_for_update(no_key=True)
        .filter(source__in=pair)
        .order_by("pk")
        .values_list("pk")
    )
    rows = Source.objects.select_related("snapshot").in_bulk([source.pk for source in pair])
    return rows[pair[0].pk], rows[pair[1].pk]


def _refuse_counted(claims: dict[int, Claim], rows: Iterable[Evidence]) -> None:
    decided = [pk for pk, claim in claims.items() if claim.status == ClaimStatus.CORROBORATED]
    opinions = opinions_on(decided)
    for row in rows:
        if row.claim_id in opinions and row.reference in opinions[row.claim_id].counted:
            raise RuleRefused(
                f"{claims[row.claim_id].reference} is corroborated and counts {row.reference}: "
                "merge the other source into this one."
            )


def _refuse_lost(rows: Iterable[Evidence], kept: Source) -> None:
    """Refuse where a quote that stands on the one page is not found on the other."""
    standing = [row for row in rows if row.quote_state == QuoteState.STANDING and row.quote]
    if not standing:
        return
    text = kept.snapshot.text if kept.snapshot else ""
    page = Page(text)
    for row in standing:
        if find_verbatim(text, row.quote):
            continue
        if not find_exact(page, row.quote, prefix=row.prefix, suffix=row.suffix):
            raise InvalidInput(
                "into",
                f"the quote of {row.reference} does not stand on {kept.reference} as last read: "
                "they are not the same page.",
            )


def _move(row: Evidence, claim: Claim, kept: Source, *, record: Recorder) -> None:
    row.source = kept
    if row.quote_snapshot_id is not None and row.quote_state == QuoteState.STANDING:
        row.quote_snapshot = kept.snapshot
    row.save(update_fields=["source", "quote_snapshot"])
    record.add(
        EntryKind.EVIDENCE_EDITED,
        claim=claim.reference,
        sets={row.reference: {"source": kept.reference, "url": Text(kept.url or "")}},
    )


def _end(gone: Source, kept: Source, *, why: str, record: Recorder) -> None:
    """Point to the one that is kept, stop the watch of the other; its history stays its own."""
    Watch.objects.filter(source=gone).update(due_at=None, lease_token=None, lease_until_at=None)
    earlier = list(Source.objects.filter(merged_into=gone).order_by("pk")[:MOST_MERGED])
    for source in [gone, *earlier]:
        source.merged_into = kept
        source.save(update_fields=["merged_into"])
        record.add(
            EntryKind.SOURCE_MERGED,
            source=source.reference,
            sets={source.reference: {"merged_into": kept.reference}},
            reason=Text(why),
        )
    record.add(
        EntryKind.SOURCE_MERGED, source=kept.reference, merged=gone.reference, reason=Text(why)
    )
