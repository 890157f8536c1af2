"""A linked source: what is on record of it, and apart from that, how the watch stands with it."""

from django.db.models import Case, OuterRef, When

from claims.access import evidence_visible_to
from claims.api.shapes.parts import Asked, origin
from claims.api.sql_json import Counted, JsonObject, Moment, address, or_null


def source_shape(asked: Asked) -> JsonObject:
    """Return a source as `asked.actor` may see it; changes with ledger entries alone."""
    linked = evidence_visible_to(asked.actor).filter(
        source=OuterRef("pk"), withdrawn_at__isnull=True
    )
    return JsonObject(
        reference="reference",
        url=address("sources/", "reference"),
        kind="kind",
        page_url="url",
        title=or_null("title"),
        publisher=origin("publisher", asked=asked),
        is_fetched="is_fetched",
        is_expected_to_change="is_expected_to_change",
        link_state="link_state",
        link_state_since_at=Moment("link_state_since_at"),
        link_reason=or_null("link_reason"),
        final_url=or_null("final_url"),
        merged_into="merged_into__reference",
        snapshot=_snapshot(),
        evidence_count=Counted(linked.values("pk")),
        added_at=Moment("created_at"),
        links=JsonObject(
            watch=address("sources/", "reference", then="/watch/"),
            evidence=address("evidence/?source=", "reference", then=""),
        ),
    )


def _snapshot() -> Case:
    told = JsonObject(
        kind="snapshot__kind",
        taken_at=Moment("snapshot__taken_at"),
        sha256="snapshot__sha256",
        text_sha256="snapshot__text_sha256",
        size_bytes="snapshot__size_bytes",
        media_type=or_null("snapshot__media_type"),
    )
    return Case(When(snapshot__isnull=False, then=told))


def watch_shape(_asked: Asked) -> JsonObject:
    """Return how the watch stands with a source: moves with every look, without an entry."""
    return JsonObject(
        source="source__reference",
        url=address("sources/", "source__reference", then="/watch/"),
        due_at=Moment("due_at"),
        interval_s="interval_s",
        last_looked_at=Moment("last_looked_at"),
        last_read_at=Moment("last_read_at"),
        looks="looks",
        changes_seen="changes_seen",
        failures="failures",
        run=_run(),
    )


def _run() -> Case:
    """Return the open run of looks that all gave the same."""
    told = JsonObject(
        outcome="run_outcome",
        http_status="run_status",
        detail=or_null("run_detail"),
        first_at=Moment("run_first_at"),
        last_at=Moment("run_last_at"),
        count="run_count",
    )
    return Case(When(run_count__gt=0, then=told))
