"""An article, and the claims that appear in it."""

from django.db.models import F, OuterRef

from claims.access import visible_to
from claims.api.shapes.parts import Asked
from claims.api.sql_json import Counted, JsonObject, Moment, Part, address, items, or_null
from claims.models import Appearance


def article_shape(asked: Asked) -> JsonObject:
    """Return an article without its text."""
    return JsonObject(**_facts(asked))


def whole_article_shape(asked: Asked) -> JsonObject:
    """Return an article with its text and the places of the claims its reader may see.

    `start` and `end` are code-point offsets into `text`, `end` exclusive.
    """
    rows = Appearance.objects.filter(article=OuterRef("pk"), claim__in=visible_to(asked.actor))
    place = JsonObject(
        start="start",
        end="end",
        quote="quote",
        cue=or_null("cue"),
        hedges="hedges",
        claim=JsonObject(
            reference="claim__reference",
            url=address("claims/", "claim__reference"),
            statement="claim__statement",
            kind="claim__kind",
            status="claim__status",
            ground="claim__ground",
            basis="claim__basis",
        ),
    )
    appearances = items(rows.order_by("start", "end", "pk"), place)
    return JsonObject(**_facts(asked), text=F("text"), appearances=appearances)


def _facts(asked: Asked) -> dict[str, Part]:
    seen = visible_to(asked.actor).filter(appearances__article=OuterRef("pk"))
    return {
        "reference": "reference",
        "url": address("articles/", "reference"),
        "desk": "desk__slug",
        "title": "title",
        "language": or_null("language"),
        "page_url": or_null("url"),
        "external_id": or_null("external_id"),
        "is_ours": "is_ours",
        "published_at": Moment("published_at"),
        "corrected_at": Moment("corrected_at"),
        "claims_count": Counted(seen.values("pk").distinct()),
        "added_at": Moment("created_at"),
        "links": JsonObject(claims=address("claims/?article=", "reference", then="")),
    }
