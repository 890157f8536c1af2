"""The board's panel on published articles that rest on something that moved."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.models import Appearance, Article
from claims.queries.panels import ArticleAtRisk, AtRisk, BoardFilters
from claims.queries.tallies import counted_for
from claims.types import Actor

DEFAULT_DAYS = 14
MOST_LOOKED_AT = 1000
MOST_LISTED = 10
DISPUTED, LOST, IN_QUESTION = 3, 2, 1
"""What a claim weighs for its article, as it is counted (`models.tally.Counted.risk`)."""


def articles_at_risk(actor: Actor, *, filters: BoardFilters, now: datetime | None = None) -> AtRisk:
    """List the published articles with claims that no longer stand firm; three queries.

    Published from `filters.days` (14) days ago until now (put on record then, where no time of
    publication is known), at most the `MOST_LOOKED_AT` newest of them. A claim weighs 3 where it is
    disputed, else 2 where its basis is lost, else 1 where it is in question or has an open flag;
    nothing where it is closed. Articles by the sum, then newest first.
    """
    at = now or timezone.now()
    days = filters.days or DEFAULT_DAYS
    rows = Article.objects.annotate(day_at=Coalesce("published_at", "created_at"))
    period = rows.filter(day_at__gte=at - timedelta(days=days), day_at__lte=at)
    newest = list(period.order_by("-day_at").values_list("pk", flat=True)[: MOST_LOOKED_AT + 1])
    looked_at = newest[:MOST_LOOKED_AT]
    found = _risks(actor, looked_at, filters=filters)
    worst = sorted((pk for pk in looked_at if pk in found), key=lambda pk: -_weight(found[pk]))
    articles = Article.objects.defer("text").select_related("desk").in_bulk(worst[:MOST_LISTED])
    return AtRisk(
        count=len(worst),
        published=len(looked_at),
        days=days,
        is_cut=len(newest) > MOST_LOOKED_AT,
        articles=tuple(ArticleAtRisk(articles[pk], *found[pk]) for pk in worst[:MOST_LISTED]),
    )


def _risks(
    actor: Actor, articles: list[int], *, filters: BoardFilters
) -> dict[int, tuple[int, int, int]]:
    """Count each article's claims by what they weigh: disputed, lost, in question."""
    seen = counted_for(actor, filters=filters, prefix="claim__counted__")
    rows = Appearance.objects.filter(seen, article__in=articles, claim__counted__risk__gt=0)
    counts = {
        f"risk_{risk}": Count("claim", distinct=True, filter=Q(claim__counted__risk=risk))
        for risk in (DISPUTED, LOST, IN_QUESTION)
    }
    found = rows.order_by().values("article").annotate(**counts)
    return {row["article"]: (row["risk_3"], row["risk_2"], row["risk_1"]) for row in found}


def _weight(counts: tuple[int, int, int]) -> int:
    disputed, lost, in_question = counts
    return DISPUTED * disputed + LOST * lost + IN_QUESTION * in_question
