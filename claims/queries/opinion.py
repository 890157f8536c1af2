"""Read what the rules need of claims and ask them."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import QuerySet

from claims.models import Evidence, Flag, Origin
from claims.rules import EvidenceFact, Opinion, OriginFact, judge
from claims.states import (
    DisputeKind,
    FlagAnswer,
    FlagKind,
    OriginKind,
    QuoteState,
    Reliability,
    Stance,
)

RETRACTING = (FlagKind.RETRACTION, FlagKind.RELAYED_RETRACTED)


def opinion_on(claim_id: int) -> Opinion:
    """Return what the evidence of one claim supports now."""
    return opinions_on([claim_id])[claim_id]


def opinions_on(claim_ids: Iterable[int]) -> dict[int, Opinion]:
    """Return the rules' opinion by claim id, in a bounded number of queries."""
    wanted = list(claim_ids)
    rows = list(_live().filter(claim_id__in=wanted))
    relayed = _relayed(rows)
    origins = _origins({origin for row in [*rows, *relayed] for origin in _named(row)})
    retracted = _retracted([row.pk for row in rows])
    return {
        claim_id: opinion_of(
            [row for row in rows if row.claim_id == claim_id],
            repeated=relayed,
            origins=origins,
            retracted=retracted,
        )
        for claim_id in wanted
    }


def opinion_of(
    rows: Iterable[Evidence],
    *,
    repeated: Iterable[Evidence],
    origins: Mapping[str, OriginFact],
    retracted: Collection[int],
) -> Opinion:
    """Return what the evidence of one claim supports.

    Args:
        rows: its live evidence, with sources, origins and what it repeats.
        repeated: live evidence the rows repeat, to the end of each chain.
        origins: by reference; every origin named, and all they are part of.
        retracted: ids of the rows whose source, or what they repeat, was taken back.
    """
    own = [_fact(row, retracted) for row in rows]
    known = {fact.reference for fact in own}
    further = [_context(row) for row in repeated if row.reference not in known]
    return judge(own + further, origins=origins)


def _live() -> QuerySet[Evidence]:
    return (
        Evidence.objects.filter(withdrawn_at__isnull=True)
        .select_related("origin", "relays_origin", "relays_evidence", "source")
        .order_by("pk")
    )


def _relayed(rows: Iterable[Evidence]) -> list[Evidence]:
    """Return the evidence the rows relay, to the end of each chain, other claims' included."""
    found: dict[int, Evidence] = {}
    todo = {row.relays_evidence_id for row in rows} - {None}
    while todo:
        further = list(_live().filter(pk__in=todo))
        found |= {row.pk: row for row in further}
        todo = {row.relays_evidence_id for row in further} - {None} - set(found)
    return list(found.values())


def _named(row: Evidence) -> list[int]:
    return [pk for pk in (row.origin_id, row.relays_origin_id) if pk is not None]


def _origins(ids: set[int]) -> dict[str, OriginFact]:
    """Return the named origins and all they are part of; a confidential one goes unnamed."""
    found: dict[int, Origin] = {}
    todo = set(ids)
    while todo:
        further = list(Origin.objects.filter(pk__in=todo))
        found |= {row.pk: row for row in further}
        todo = {row.part_of_id for row in further if row.part_of_id is not None} - set(found)
    above = {row.pk: found[row.part_of_id].reference for row in found.values() if row.part_of_id}
    return {row.reference: origin_fact(row, above.get(row.pk, "")) for row in found.values()}


def origin_fact(row: Origin, part_of: str) -> OriginFact:
    """Return what the rules need to know of an origin, part of the one named."""
    return OriginFact(
        reference=row.reference,
        name="a confidential source" if row.is_confidential else row.name,
        kind=OriginKind(row.kind),
        part_of=part_of,
        reliability=Reliability(row.reliability),
        is_confidential=row.is_confidential,
        is_confirmed=row.identity_confirmed_at is not None,
    )


def _retracted(evidence_ids: list[int]) -> set[int]:
    """Return the evidence whose source, or what it relays, was taken back, unless it stands."""
    flags = Flag.objects.filter(evidence_id__in=evidence_ids, kind__in=RETRACTING).exclude(
        answer=FlagAnswer.STANDS
    )
    return set(flags.values_list("evidence_id", flat=True))


def _fact(row: Evidence, retracted: Collection[int]) -> EvidenceFact:
    return EvidenceFact(
        reference=row.reference,
        stance=Stance(row.stance),
        quote_state=QuoteState(row.quote_state),
        origin=row.origin.reference if row.origin else "",
        relays_evidence=row.relays_evidence.reference if row.relays_evidence else "",
        relays_origin=row.relays_origin.reference if row.relays_origin else "",
        credibility=row.credibility,
        is_primary_record=row.is_primary_record,
        dispute_kind=DisputeKind(row.dispute_kind) if row.dispute_kind else None,
        is_retracted=row.pk in retracted,
        source=row.source.reference,
    )


def _context(row: Evidence) -> EvidenceFact:
    fact = _fact(row, set())
    return EvidenceFact(
        reference=fact.reference,
        stance=Stance.CONTEXT,
        quote_state=fact.quote_state,
        origin=fact.origin,
        relays_evidence=fact.relays_evidence,
        relays_origin=fact.relays_origin,
        source=fact.source,
    )
