"""What time alone brings about: review dates that pass, walls that stay."""

import uuid
from datetime import timedelta

from claims.models import Claim, Evidence, Source
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle_all
from claims.states import FlagKind, LinkState
from claims.types import MACHINE

NAMESPACE = uuid.UUID("0d9ad1f5-57e7-4f2e-8a38-57e757e757e7")
MOST_CLAIMS = 100
CLAIMS_TOGETHER = 40

PASSED = """
SELECT c.id FROM claims_claim c
WHERE c.review_by_on < (clock_timestamp() AT TIME ZONE 'UTC')::date AND c.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM claims_flag f WHERE f.claim_id = c.id
      AND f.kind = 'review_date_passed' AND f.raised_at >= c.review_by_on)
ORDER BY c.id LIMIT %s
"""


WALLED = """
SELECT s.id FROM claims_source s
WHERE s.link_state = 'blocked' AND s.link_state_since_at < clock_timestamp() - %(after)s
  AND EXISTS (SELECT FROM claims_evidence e WHERE e.source_id = s.id AND e.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT FROM claims_flag f WHERE f.evidence_id = e.id
          AND f.kind = 'source_unreachable' AND f.raised_at >= s.link_state_since_at))
ORDER BY s.id LIMIT %(most)s
"""


def flag_passed_review_dates() -> int:
    """Flag up to a hundred open claims whose review date has passed, each once a date."""
    with recording(MACHINE) as record:
        due = [claim.pk for claim in Claim.objects.raw(PASSED, [MOST_CLAIMS])]
        locked = _locked(due)
        for claim in locked:
            name = f"review-by:{claim.pk}:{claim.review_by_on}"
            cause = Cause(id=uuid.uuid5(NAMESPACE, name))
            raise_flag(claim, FlagKind.REVIEW_DATE_PASSED, record=record, cause=cause)
        settle_all(locked, record=record)
        return len(locked)


def flag_lasting_walls(*, after: timedelta) -> int:
    """Flag what rests on sources that have been blocked for long, each claim once a wall.

    The link stays *blocked*: that says more than *unreachable*.

    Args:
        after: how long a wall must have stood.

    Returns:
        How many sources were found; a hundred at most.
    """
    found = list(Source.objects.raw(WALLED, {"after": after, "most": MOST_CLAIMS}))
    for source in found:
        rows = Evidence.objects.filter(source=source, withdrawn_at__isnull=True)
        claim_ids = sorted(set(rows.values_list("claim", flat=True)))
        for start in range(0, len(claim_ids), CLAIMS_TOGETHER):
            _flag_wall(source.pk, claim_ids[start : start + CLAIMS_TOGETHER])
    return len(found)


def _flag_wall(source_id: int, claim_ids: list[int]) -> None:
    with recording(MACHINE) as record:
        claims = {claim.pk: claim for claim in _locked(claim_ids)}
        source = Source.objects.select_related("snapshot").get(pk=source_id)
        if source.link_state != LinkState.BLOCKED:
            return
        name = f"wall:{source.pk}:{source.link_state_since_at.isoformat()}"
        cause = Cause(source=source, before=source.snapshot, id=uuid.uuid5(NAMESPACE, name))
        rows = Evidence.objects.filter(
            source=source, claim__in=claim_ids, withdrawn_at__isnull=True
        ).order_by("pk")
        for row in rows:
            raise_flag(
                claims[row.claim_id],
                FlagKind.SOURCE_UNREACHABLE,
                record=record,
                cause=cause,
                evidence=row,
                detail=source.link_reason,
            )
        settle_all(list(claims.values()), record=record)


def _locked(claim_ids: list[int]) -> list[Claim]:
    rows = Claim.objects.filter(pk__in=claim_ids).order_by("pk")
    return list(rows.select_related("desk").select_for_update(of=("self",), no_key=True))
