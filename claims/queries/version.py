"""The exact version of a claim a second person approves: one hash over what they saw."""

import hashlib
from datetime import date

from django.db.models import QuerySet

from claims.models import Claim, Evidence, Figure
from claims.models.chain import Value, canonical
from claims.states import QuoteState


def version_of(claim: Claim) -> str:
    """Return the hex SHA-256 over the claim's wording, kind, figures and live evidence.

    Status, basis and flags are left out: they are what people decide on this version. A quote that
    was altered or went missing is in; that the watch found an attested or unchecked one is not:
    it takes nothing away from what was approved.
    """
    evidence = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True).order_by("pk")
    facts: Value = {
        "statement": claim.statement,
        "kind": claim.kind,
        "claimant": claim.claimant_id,
        "as_of_on": _day(claim.as_of_on),
        "figures": _figures(Figure.objects.filter(claim=claim, ended_at__isnull=True)),
        "evidence": [_evidence(row) for row in evidence.prefetch_related("figures")],
    }
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def _evidence(row: Evidence) -> Value:
    return {
        "reference": row.reference,
        "source": row.source_id,
        "stance": row.stance,
        "dispute_kind": row.dispute_kind,
        "quote": row.quote,
        "went": row.quote_state in {QuoteState.ALTERED, QuoteState.MISSING},
        "origin": row.origin_id,
        "relays": [row.relays_evidence_id, row.relays_origin_id],
        "credibility": row.credibility,
        "primary": row.is_primary_record,
        "figures": _figures(row.figures.all()),
    }


def _figures(rows: QuerySet[Figure]) -> Value:
    return [
        [
            f"{row.value.normalize():f}",
            "" if row.value_high is None else f"{row.value_high.normalize():f}",
            row.unit,
            row.qualifier,
            row.scope,
            _day(row.as_of_on),
        ]
        for row in rows
        if row.ended_at is None
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
