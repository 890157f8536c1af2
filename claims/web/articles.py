"""Articles, and one article with its claims marked by status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from claims.errors import NotFound
from claims.present.article_page import ArticlePage, Tally, article_page, tally_of
from claims.present.as_of import Banner, banner_of
from claims.present.uses import UseLine, use_lines
from claims.queries.article_claims import evidence_in
from claims.queries.articles import appearances_in, newest_articles, read_article
from claims.queries.as_of import moment_of, read_article_as_of
from claims.queries.desks import desks_of
from claims.queries.uses import uses_of_article
from claims.types import Actor
from claims.web.door import read_page
from claims.web.past import asked_seq, not_yet

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in the list."""

    reference: str
    title: str
    published_at: datetime | None
    tally: Tally


@read_page
def articles(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the articles, newest first."""
    rows = newest_articles(actor, before=request.GET.get("before", ""), limit=PAGE_SIZE)
    lines = [
        ArticleLine(
            reference=row.article.reference,
            title=row.article.title,
            published_at=row.article.published_at,
            tally=tally_of(row.tally),
        )
        for row in rows
    ]
    next_url = f"?before={rows[-1].article.reference}" if len(rows) == PAGE_SIZE else ""
    return render(request, "web/articles.html", {"articles": lines, "next_url": next_url})


@read_page
def article(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show one article with its claims marked, each with a note; now or in the past."""
    seq = asked_seq(request)
    if seq is not None:
        return _past(request, actor, reference, seq=seq)
    found = read_article(actor, reference)
    rows = appearances_in(actor, found)
    evidence = evidence_in(actor, rows)
    page = article_page(found, rows, evidence=evidence, desks=desks_of(actor))
    return _answer(request, page, uses=use_lines(uses_of_article(actor, found)))


def _past(request: HttpRequest, actor: Actor, reference: str, *, seq: int) -> HttpResponse:
    try:
        found = read_article_as_of(actor, reference, seq=seq)
    except NotFound:
        now = read_article(actor, reference)
        return not_yet(request, what="article", reference=now.reference, seq=seq)
    places, evidence = found.appearances, found.evidence
    names = [place.claim.reference for place in places]
    moment = moment_of(actor, seq=seq, claims=names)
    page = article_page(
        found.article, places, evidence=evidence, desks=desks_of(actor), is_past=True
    )
    return _answer(request, page, as_of=banner_of(moment, about=names))


def _answer(
    request: HttpRequest,
    page: ArticlePage,
    *,
    as_of: Banner | None = None,
    uses: Sequence[UseLine] = (),
) -> HttpResponse:
    here = reverse("web:article", args=[page.reference])
    shown = {"page": page, "as_of": as_of, "here": here, "uses": uses}
    return render(request, "web/article.html", shown)
