"""Articles, and one article with its claims marked by status."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.models import Appearance, Article, Claim
from claims.present.badges import Badge
from claims.present.claim_page import badge_of, claimant_words
from claims.present.evidence import web_url
from claims.present.pending import pending_words
from claims.present.segments import ClaimMark, MarkedText, mark_text
from claims.queries.articles import appearances_in, newest_articles, read_article
from claims.queries.desks import desks_of
from claims.states import Basis, ClaimKind, ClaimStatus
from claims.types import Actor
from claims.web.door import read_page

PAGE_SIZE = 50

Tally = tuple[tuple[Badge, int], ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in the list."""

    reference: str
    title: str
    published_at: datetime | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the margin for one claim."""

    number: int
    reference: str
    badge: Badge
    statement: str
    claimant: str
    cue: str
    hedges: tuple[str, ...]
    sources: int
    origins: int
    why: str
    pending: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article, its claims, and those whose place in it is lost."""

    reference: str
    title: str
    url: str
    language: str
    published_at: datetime | None
    corrected_at: datetime | None
    tally: Tally
    in_question: int
    marked: MarkedText
    notes: tuple[Note, ...]
    lost: tuple[Note, ...]


@read_page
def articles(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the articles, newest first."""
    rows = newest_articles(actor, before=request.GET.get("before", ""), limit=PAGE_SIZE)
    lines = [
        ArticleLine(
            reference=row.article.reference,
            title=row.article.title,
            published_at=row.article.published_at,
            tally=_tally(row.tally),
        )
        for row in rows
    ]
    next_url = f"?before={rows[-1].article.reference}" if len(rows) == PAGE_SIZE else ""
    return render(request, "web/articles.html", {"articles": lines, "next_url": next_url})


@read_page
def article(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show one article with its claims marked, each with a note in the margin."""
    found = read_article(actor, reference)
    page = _page(found, appearances_in(actor, found), desks=desks_of(actor))
    return render(request, "web/article.html", {"page": page})


def _page(
    found: Article, appearances: Sequence[Appearance], *, desks: Collection[str]
) -> ArticlePage:
    spans = _spans(found, appearances)
    claims = {row.claim_id: row for row in reversed(appearances)}
    order = sorted(claims.values(), key=lambda row: (row.start, row.end, row.pk))
    marks = [
        ClaimMark(number, row.claim.reference, badge_of(row.claim), spans[row.claim_id])
        for number, row in enumerate(order, start=1)
    ]
    notes = [_note(n, row, desks=desks) for n, row in enumerate(order, start=1)]
    marked = mark_text(found.text, marks=marks)
    lost = {mark.number for mark in marked.unplaced}
    badges = [note.badge for note in notes]
    return ArticlePage(
        reference=found.reference,
        title=found.title,
        url=web_url(found.url),
        language=found.language,
        published_at=found.published_at,
        corrected_at=found.corrected_at,
        tally=_tally({s: sum(badge.status is s for badge in badges) for s in ClaimStatus}),
        in_question=sum(badge.basis is not Basis.HOLDS for badge in badges),
        marked=marked,
        notes=tuple(note for note in notes if note.number not in lost),
        lost=tuple(note for note in notes if note.number in lost),
    )


def _spans(
    found: Article, appearances: Sequence[Appearance]
) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Return each claim's spans; those whose words the text no longer has are left out."""
    spans: dict[int, tuple[tuple[int, int], ...]] = {row.claim_id: () for row in appearances}
    for row in appearances:
        if found.text[row.start : row.end] == row.quote:
            spans[row.claim_id] += ((row.start, row.end),)
    return spans


def _note(number: int, row: Appearance, *, desks: Collection[str]) -> Note:
    claim: Claim = row.claim
    return Note(
        number=number,
        reference=claim.reference,
        badge=badge_of(claim),
        statement=claim.statement,
        claimant=claimant_words(claim, desks=desks),
        cue=row.cue,
        hedges=tuple(row.hedges),
        sources=getattr(row, "linked_sources", 0),
        origins=claim.independent_origins,
        why=claim.basis_reason,
        pending=pending_words(getattr(row, "pending", None), kind=ClaimKind(claim.kind)),
    )


def _tally(numbers: Mapping[ClaimStatus, int]) -> Tally:
    return tuple((Badge(status), numbers.get(status, 0)) for status in ClaimStatus)
