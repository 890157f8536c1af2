"""What time alone brings about: review dates that pass."""

import uuid

from claims.models import Claim
from claims.services.ledger import recording
from claims.services.reviews import Cause, raise_flag
from claims.services.settle import settle
from claims.states import FlagKind
from claims.types import MACHINE

NAMESPACE = uuid.UUID("0d9ad1f5-57e7-4f2e-8a38-57e757e757e7")
MOST_CLAIMS = 100

PASSED = """
SELECT c.id FROM claims_claim c
WHERE c.review_by_on < (clock_timestamp() AT TIME ZONE 'UTC')::date AND c.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM claims_flag f WHERE f.claim_id = c.id
      AND f.kind = 'review_date_passed' AND f.raised_at >= c.review_by_on)
ORDER BY c.id LIMIT %s
"""


def flag_passed_review_dates() -> int:
    """Flag up to a hundred open claims whose review date has passed, each once a date."""
    with recording(MACHINE) as record:
        due = [claim.pk for claim in Claim.objects.raw(PASSED, [MOST_CLAIMS])]
        rows = Claim.objects.filter(pk__in=due).order_by("pk")
        locked = list(rows.select_related("desk").select_for_update(of=("self",), no_key=True))
        for claim in locked:
            name = f"review-by:{claim.pk}:{claim.review_by_on}"
            cause = Cause(id=uuid.uuid5(NAMESPACE, name))
            raise_flag(claim, FlagKind.REVIEW_DATE_PASSED, record=record, cause=cause)
            settle(claim, record=record)
        return len(locked)
