"""Where a number of the board leads: the list that holds what was counted."""

from datetime import timedelta

from django.urls import reverse
from django.utils.http import urlencode

from claims.queries.claim_lists import Footing, Work
from claims.queries.panel_times import Reason
from claims.queries.panels import BoardFilters
from claims.states import ClaimStatus
from claims.web.board_filters import age_key


def claims_url(
    filters: BoardFilters,
    *,
    status: ClaimStatus | None = None,
    basis: Footing | None = None,
    work: Work | None = None,
    reason: Reason | None = None,
    age: timedelta | None = None,
) -> str:
    """Return the address of the claims counted, of the board's own topic and desk."""
    chosen = {
        "status": status,
        "basis": basis,
        "work": work,
        "reason": reason,
        "age": None if age is None else age_key(age),
        "topic": filters.topic,
        "desk": filters.desk,
    }
    query = urlencode({name: str(value) for name, value in chosen.items() if value})
    return f"{reverse('web:claims')}?{query}" if query else reverse("web:claims")


def corrections_url(filters: BoardFilters) -> str:
    """Return the address of the corrections due, of the board's own topic and desk."""
    chosen = {"topic": filters.topic, "desk": filters.desk}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{reverse('web:corrections')}?{query}" if query else reverse("web:corrections")
