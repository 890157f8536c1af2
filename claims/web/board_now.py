"""The board's first panels: what was printed and no longer holds, what is disputed, what moved."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from claims.models import Article, Claim, Use
from claims.present.badges import Badge
from claims.present.chart_parts import Axis, Cell, Mark, Series
from claims.present.charts import share_bar
from claims.present.claim_page import badge_of
from claims.present.evidence import source_words
from claims.present.words import counted
from claims.queries import panels
from claims.queries.claim_lists import Footing, Work
from claims.queries.panels_articles import articles_at_risk
from claims.queries.panels_now import disputed_now, status_now
from claims.queries.panels_sources import sources_changed
from claims.queries.uses import MOST_COUNTED, corrections_due, count_corrections_due
from claims.states import ClaimStatus, FlagKind, LinkState
from claims.types import Actor
from claims.web.board_links import claims_url, corrections_url

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim with its badge, and an article it stands in where one is named."""

    reference: str
    statement: str
    language: str
    badge: Badge
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class DueLine:
    """Words in print that rest on a claim which fell."""

    reference: str
    words: str
    claim: ClaimLine
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """Corrections due: `count` in words, for it may be "1,000 or more"."""

    count: str
    is_any: bool
    url: str
    lines: tuple[DueLine, ...]


@dataclass(frozen=True, slots=True)
class Disputed:
    """Claims disputed now, with the change in words."""

    count: int
    change: str
    url: str
    lines: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """A published article and what is the matter with its claims, worst first."""

    reference: str
    title: str
    language: str
    published_at: datetime | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Articles at risk; `scope` says among which."""

    count: int
    scope: str
    lines: tuple[ArticleLine, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A linked source behind open flags."""

    title: str
    kinds: tuple[FlagKind, ...]
    link_state: LinkState
    reason: str
    is_stealth: bool
    since: datetime
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Linked sources that changed and no person has answered for."""

    count: str
    flagged_claims: int
    flagged_url: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How all claims stand."""

    total: int
    total_url: str
    chart: SafeString
    not_yet_reviewed: int
    new_url: str
    overrides: int
    overrides_url: str


def claim_line(claim: Claim, article: Article | None = None) -> ClaimLine:
    """Return a claim as it stands in a panel."""
    return ClaimLine(
        reference=claim.reference,
        statement=claim.statement,
        language=claim.language,
        badge=badge_of(claim),
        article=article,
    )


def due_panel(actor: Actor, *, filters: panels.BoardFilters) -> Due:
    """Return the corrections due, longest first."""
    places = {"desk": filters.desk, "topic": filters.topic}
    found = corrections_due(actor, **places, limit=MOST_ROWS)
    count = count_corrections_due(actor, **places)
    words = f"{count:,}+" if count == MOST_COUNTED else f"{count:,}"
    return Due(
        count=words,
        is_any=count > 0,
        url=corrections_url(filters),
        lines=tuple(_due_line(use) for use in found),
    )


def _due_line(use: Use) -> DueLine:
    return DueLine(
        reference=use.reference,
        words=use.words,
        claim=claim_line(use.claim, use.article),
        reason=use.due_reason,
        since=use.due_since_at,
    )


def disputed_panel(actor: Actor, *, filters: panels.BoardFilters) -> Disputed:
    """Return what is disputed now."""
    found = disputed_now(actor, filters=filters)
    return Disputed(
        count=found.count,
        change=change_words(found.change),
        url=claims_url(filters, status=ClaimStatus.DISPUTED),
        lines=tuple(claim_line(row.claim, row.article) for row in found.newest),
    )


def change_words(change: int) -> str:
    """Say a change over the last day."""
    if change == 0:
        return "as many as 24 hours ago"
    return f"{abs(change):,} {'more' if change > 0 else 'fewer'} than 24 hours ago"


def at_risk_panel(actor: Actor, *, filters: panels.BoardFilters) -> AtRisk:
    """Return the published articles that rest on something that moved."""
    found = articles_at_risk(actor, filters=filters)
    scope = f"of {counted(found.published, one='article')} published in {found.days} days"
    return AtRisk(
        count=found.count,
        scope=f"{scope}; only the newest are looked at" if found.is_cut else scope,
        lines=tuple(_article_line(row) for row in found.articles[:MOST_ROWS]),
    )


def _article_line(row: panels.ArticleAtRisk) -> ArticleLine:
    parts = (
        (row.disputed, "disputed"),
        (row.lost, "whose basis is lost"),
        (row.in_question, "in question"),
    )
    return ArticleLine(
        reference=row.article.reference,
        title=row.article.title,
        language=row.article.language,
        published_at=row.article.published_at,
        parts=tuple(f"{number:,} {words}" for number, words in parts if number),
    )


def sources_panel(actor: Actor, *, filters: panels.BoardFilters) -> Sources:
    """Return the linked sources behind open flags, the newest flag first."""
    found = sources_changed(actor, filters=filters)
    return Sources(
        count=f"{found.count:,}+" if found.is_cut else f"{found.count:,}",
        flagged_claims=found.flagged_claims,
        flagged_url=claims_url(filters, work=Work.FLAGGED),
        lines=tuple(_source_line(row) for row in found.sources[:MOST_ROWS]),
    )


def _source_line(row: panels.ChangedSource) -> SourceLine:
    return SourceLine(
        title=source_words(row.source),
        kinds=row.kinds,
        link_state=LinkState(row.source.link_state),
        reason=row.source.link_reason,
        is_stealth=row.is_stealth,
        since=row.since_at,
        claims=row.claims,
    )


def status_panel(actor: Actor, *, filters: panels.BoardFilters) -> Status:
    """Return how all claims stand, corroborated as two numbers."""
    found = status_now(actor, filters=filters)
    return Status(
        total=found.total,
        total_url=claims_url(filters),
        chart=_status_chart(found, filters=filters),
        not_yet_reviewed=found.not_yet_reviewed,
        new_url=claims_url(filters, work=Work.NEW),
        overrides=found.overrides,
        overrides_url=claims_url(filters, work=Work.OVERRIDDEN),
    )


def _status_chart(found: panels.StatusNow, *, filters: panels.BoardFilters) -> SafeString:
    corroborated = ClaimStatus.CORROBORATED
    parts = (
        (
            "Corroborated, basis holds",
            Mark.CORROBORATED,
            found.corroborated_holding,
            claims_url(filters, status=corroborated, basis=Footing.HOLDS),
        ),
        (
            "Corroborated, basis in question or lost",
            Mark.SHAKING,
            found.corroborated_shaken,
            claims_url(filters, status=corroborated, basis=Footing.NOT_HOLDING),
        ),
        (
            "Reported",
            Mark.REPORTED,
            found.reported,
            claims_url(filters, status=ClaimStatus.REPORTED),
        ),
        (
            "Disputed",
            Mark.DISPUTED,
            found.disputed,
            claims_url(filters, status=ClaimStatus.DISPUTED),
        ),
    )
    series = [Series(name, mark, (Cell(number, url),)) for name, mark, number, url in parts]
    return share_bar(Axis("status", "Claims by status", "Status", ("claims",)), series=series)
