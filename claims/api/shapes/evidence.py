"""One piece of evidence: the quoted passage, its stance, whom it comes from and its grades."""

from django.db.models import Case, OuterRef, Subquery, When

from claims.access import evidence_visible_to
from claims.api.shapes.parts import Asked, figures, origin
from claims.api.sql_json import JsonObject, Moment, address, or_null


def evidence_shape(asked: Asked) -> JsonObject:
    """Return evidence as `asked.actor` may see it."""
    return JsonObject(
        reference="reference",
        url=address("evidence/", "reference"),
        claim="claim__reference",
        source=_source(),
        stance="stance",
        dispute_kind=or_null("dispute_kind"),
        quote="quote",
        prefix="prefix",
        suffix="suffix",
        language=or_null("language"),
        translation=or_null("translation"),
        locator=or_null("locator"),
        origin=origin("origin", asked=asked),
        relays=_relays(asked),
        is_primary_record="is_primary_record",
        credibility="credibility",
        quote_state="quote_state",
        quote_state_since_at=Moment("quote_state_since_at"),
        quote_found=or_null("quote_found"),
        attested=_attested(),
        figures=figures("evidence"),
        withdrawn=_withdrawn(),
        added_at=Moment("created_at"),
    )


def _source() -> JsonObject:
    return JsonObject(
        reference="source__reference",
        url=address("sources/", "source__reference"),
        kind="source__kind",
        page_url="source__url",
        title=or_null("source__title"),
        link_state="source__link_state",
    )


def _relays(asked: Asked) -> Case:
    """Return what it repeats: an origin, or other evidence where its reader may know of that."""
    seen = evidence_visible_to(asked.actor).filter(pk=OuterRef("relays_evidence_id"))
    told = JsonObject(
        evidence=Subquery(seen.values("reference")),
        origin=origin("relays_origin", asked=asked),
    )
    return Case(
        When(relays_evidence__isnull=False, then=told),
        When(relays_origin__isnull=False, then=told),
    )


def _attested() -> Case:
    told = JsonObject(on="attested_on", by="attested_by__reference")
    return Case(When(attested_by__isnull=False, then=told))


def _withdrawn() -> Case:
    told = JsonObject(at=Moment("withdrawn_at"), reason="withdrawn_reason")
    return Case(When(withdrawn_at__isnull=False, then=told))
