"""An open review: one round of work on one claim, with the flags that ask for it."""

from django.db.models import OuterRef, Subquery

from claims.access import sources_visible_to
from claims.api.shapes.parts import Asked
from claims.api.sql_json import JsonObject, Moment, address, items, or_null
from claims.models import Flag


def review_shape(asked: Asked) -> JsonObject:
    """Return a review; who has taken it, and until when, moves without an entry and is not told."""
    return JsonObject(
        reference="reference",
        url=address("reviews/", "reference"),
        claim="claim__reference",
        claim_url=address("claims/", "claim__reference"),
        desk="claim__desk__slug",
        reason=or_null("reason"),
        opened_at=Moment("opened_at"),
        ended_at=Moment("ended_at"),
        outcome=or_null("outcome"),
        flags=items(Flag.objects.filter(review=OuterRef("pk")).order_by("pk"), _flag(asked)),
    )


def _flag(asked: Asked) -> JsonObject:
    """Return one flag; those of one event share `cause`."""
    source = sources_visible_to(asked.actor).filter(pk=OuterRef("source_id"))
    return JsonObject(
        kind="kind",
        cause="cause",
        source=Subquery(source.values("reference")),
        evidence="evidence__reference",
        found=or_null("found"),
        detail=or_null("detail"),
        is_stealth="is_stealth",
        raised_at=Moment("raised_at"),
        answered_at=Moment("answered_at"),
        answer=or_null("answer"),
    )
