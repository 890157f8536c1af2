"""The lists of claims, of the evidence they rest on, and of the articles they appear in."""

from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from typing_extensions import override

from claims.access import (
    articles_visible_to,
    evidence_visible_to,
    visible_to,
)
from claims.admin.actors import actor_in, works_at
from claims.admin.forms.bulk import FORMS
from claims.admin.links import claim_link, source_link
from claims.admin.record import RecordList, word_filter
from claims.admin.site import desk
from claims.errors import InvalidInput
from claims.models import Article, Claim, Desk, Evidence
from claims.models.fields import read_reference
from claims.present.badges import badge_html
from claims.present.claim_page import badge_of, claimant_words
from claims.present.pending import pending_words
from claims.present.times import moment_html
from claims.present.words import label
from claims.queries.claim_lists import topics_seen
from claims.queries.desks import desks_of
from claims.queries.search import search
from claims.queries.sign_off import pending_of
from claims.services.bulk import MOST_AT_ONCE
from claims.states import (
    Basis,
    ClaimKind,
    ClaimStatus,
    Ground,
    QuoteState,
    Stance,
)
from claims.types import Actor


class DeskFilter(admin.SimpleListFilter):
    """One of the desks the person belongs to."""

    title = "desk"
    parameter_name = "desk"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Claim]
    ) -> list[tuple[str, str]]:
        return [(slug, slug) for slug in sorted(desks_of(actor_in(request)))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """Keep one desk's, by its key: how many rows that leaves, a join would not tell."""
        chosen = self.value()
        found = Desk.objects.filter(slug=chosen).first() if chosen else None
        return queryset.filter(desk=found) if found else queryset


class TopicFilter(admin.SimpleListFilter):
    """One of the topics of claims that are worked."""

    title = "topic"
    parameter_name = "topic"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Claim]
    ) -> list[tuple[str, str]]:
        return [(topic, topic) for topic in topics_seen(actor_in(request))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        chosen = self.value()
        return queryset.filter(topic=chosen) if chosen else queryset


@admin.register(Claim, site=desk)
class ClaimList(RecordList[Claim]):
    """Claims, newest first; those chosen are worked on together (`pages.bulk`)."""

    list_display = ("choose", "statement_and_page", "status_now", "ground_now", "since", "desk")
    list_filter = (
        word_filter("status", ClaimStatus, title="status"),
        word_filter("basis", Basis, title="basis"),
        word_filter("ground", Ground, title="ground"),
        word_filter("kind", ClaimKind, title="kind"),
        DeskFilter,
        TopicFilter,
    )
    search_fields = ("statement",)
    search_help_text = "Words of the statement, or a reference such as ST-7K2M9Q."

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Claim]:
        rows = visible_to(actor).select_related("desk", "claimant__desk")
        return rows.annotate(pending=pending_of())

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """Find by reference where one was typed, in any case; else by words, the likest first."""
        if not search_term.strip():
            return queryset, False
        reference = read_reference(search_term, "ST")
        if reference:
            return queryset.filter(reference=reference), False
        return search(queryset, search_term), False

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        acts = {act: form.word for act, form in FORMS.items()}
        own = {"acts": acts if works_at(actor_in(request)) else {}, "most_at_once": MOST_AT_ONCE}
        return super().changelist_view(request, {**own, **(extra_context or {})})

    @admin.display(description=format_html('<span class="visually-hidden">{}</span>', "Choose"))
    def choose(self, claim: Claim) -> SafeString:
        """A box that chooses the claim as it stands here, revision and all."""
        return format_html(
            '<input type="checkbox" name="row" value="{}:{}" form="bulk" aria-label="Choose {}">',
            claim.reference,
            claim.revision,
            claim.reference,
        )

    @admin.display(description="Claim")
    def statement_and_page(self, claim: Claim) -> SafeString:
        """The statement, with who says it."""
        claimant = claimant_words(claim, desks=())
        said = format_html('<br><span class="quiet">said by {}</span>', claimant)
        return format_html("{}{}", claim_link(claim), said if claimant else "")

    @admin.display(description="Status")
    def status_now(self, claim: Claim) -> SafeString:
        """The badge, and beneath it what waits for a second person."""
        found = claim.pending  # type: ignore[attr-defined]  # annotated
        waits = pending_words(found, kind=ClaimKind(claim.kind))
        mark = format_html('<br><span class="pending">{}</span>', waits) if waits else ""
        return format_html("{}{}", badge_html(badge_of(claim)), mark)

    @admin.display(description="Ground")
    def ground_now(self, claim: Claim) -> str:
        """Why it has that status."""
        closed = ", closed" if claim.closed_at else ""
        return label(Ground(claim.ground)) + closed

    @admin.display(description="Since")
    def since(self, claim: Claim) -> SafeString:
        """Since when."""
        return moment_html(claim.status_since_at)


OF_THE_PAGE = ("p", "e", "all")


def claims_listed(request: HttpRequest, query: QueryDict) -> QuerySet[Claim]:
    """Return all that the list of claims shows its reader under a query, on whichever page.

    Raises:
        InvalidInput: field `query`: the list cannot be filtered so.
    """
    wanted = query.copy()
    for name in OF_THE_PAGE:
        wanted.pop(name, None)
    asked = copy(request)
    asked.GET = wanted  # type: ignore[assignment]  # as good as an immutable one to who only reads
    try:
        listed = desk.get_model_admin(Claim).get_changelist_instance(asked)
    except IncorrectLookupParameters as error:
        raise InvalidInput("query", "the list cannot be filtered so.") from error
    rows: QuerySet[Claim] = listed.queryset
    return rows


@admin.register(Evidence, site=desk)
class EvidenceList(RecordList[Evidence]):
    """Evidence, newest first."""

    list_display = ("said", "stance_now", "state", "linked_source", "of_claim")
    list_filter = (
        word_filter("quote_state", QuoteState, title="quote"),
        word_filter("stance", Stance, title="stance"),
    )

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Evidence]:
        return evidence_visible_to(actor).select_related("claim", "source")

    @admin.display(description="Quote")
    def said(self, row: Evidence) -> SafeString:
        """Reference and quote."""
        withdrawn = " (withdrawn)" if row.withdrawn_at else ""
        return format_html(
            '<span class="reference">{}</span>{} {}', row.reference, withdrawn, row.quote[:200]
        )

    @admin.display(description="Stance")
    def stance_now(self, row: Evidence) -> str:
        """What it does to the claim."""
        return label(Stance(row.stance))

    @admin.display(description="Quote is")
    def state(self, row: Evidence) -> str:
        """Where the quote stands."""
        return label(QuoteState(row.quote_state))

    @admin.display(description="Linked source")
    def linked_source(self, row: Evidence) -> SafeString:
        """Its source."""
        return source_link(row.source)

    @admin.display(description="Claim")
    def of_claim(self, row: Evidence) -> SafeString:
        """Its claim."""
        return claim_link(row.claim)


@admin.register(Article, site=desk)
class ArticleList(RecordList[Article]):
    """Articles, newest first."""

    list_display = ("title_and_reference", "desk", "published_at")
    search_fields = ("title",)

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Article]:
        return articles_visible_to(actor).defer("text").select_related("desk")

    @admin.display(description="Article")
    def title_and_reference(self, article: Article) -> SafeString:
        """The title."""
        return format_html('<span class="reference">{}</span> {}', article.reference, article.title)
