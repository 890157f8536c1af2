"""Read articles, and the claims in them that their reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from claims.access import articles_visible_to, visible_to
from claims.errors import NotFound
from claims.models import Appearance, Article
from claims.models.fields import read_reference
from claims.queries.sign_off import pending_of
from claims.states import ClaimStatus
from claims.types import Actor


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list, with the number of its claims by status."""

    article: Article
    tally: dict[ClaimStatus, int]


def newest_articles(
    actor: Actor, *, before: str, limit: int, is_tallied: bool = True
) -> list[ArticleRow]:
    """Return articles, newest first; only older ones than `before` where it names one.

    Args:
        actor: who reads.
        before: the reference of an article; empty for the newest.
        limit: how many at most.
        is_tallied: whether their claims are counted, which costs far more than the articles.

    Raises:
        NotFound: `before` names no article this actor sees.
    """
    rows = articles_visible_to(actor).defer("text").order_by("-pk")
    older = rows.filter(pk__lt=read_article(actor, before).pk) if before else rows
    found = list(older[:limit])
    tallies = _tallies(actor, [article.pk for article in found]) if is_tallied else {}
    return [ArticleRow(article, tallies.get(article.pk, {})) for article in found]


def _tallies(actor: Actor, article_ids: Iterable[int]) -> dict[int, dict[ClaimStatus, int]]:
    seen = Appearance.objects.filter(article__in=article_ids, claim__in=visible_to(actor))
    grouped = seen.values_list("article_id", "claim__status").annotate(
        Count("claim", distinct=True)
    )
    found: dict[int, dict[ClaimStatus, int]] = {}
    for article_id, status, number in grouped:
        found.setdefault(article_id, {})[ClaimStatus(status)] = number
    return found


def read_article(actor: Actor, reference: str) -> Article:
    """Return one article by the reference a person typed.

    Raises:
        NotFound: no such article for this actor.
    """
    found = articles_visible_to(actor).filter(reference=read_reference(reference, "AR")).first()
    if found is None:
        raise NotFound("There is no such article.")
    return found


def appearances_in(actor: Actor, article: Article) -> list[Appearance]:
    """Return where claims `actor` sees appear in an article, in its order.

    Each claim comes with its claimant, the claim that replaced it, and `pending`, what waits for a
    second person.
    """
    rows = Appearance.objects.filter(article=article, claim__in=visible_to(actor))
    return list(
        rows.select_related("claim__claimant__desk", "claim__replaced_by")
        .annotate(pending=pending_of("claim"))
        .order_by("start", "end", "pk")
    )
