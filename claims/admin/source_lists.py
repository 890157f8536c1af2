"""The lists of linked sources and of those information comes from."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from typing_extensions import override

from claims.access import (
    sources_visible_to,
)
from claims.admin.links import source_link
from claims.admin.record import CappedPaginator, RecordList, page_link, word_filter
from claims.admin.site import desk
from claims.models import Origin, Source
from claims.present.evidence import shown_address
from claims.present.times import moment_html
from claims.present.words import label
from claims.queries.desk import origins_known_to
from claims.queries.search import search_sources
from claims.states import (
    LinkState,
    OriginKind,
    Reliability,
    SourceKind,
)
from claims.types import Actor


class ShortCount(CappedPaginator):
    """Counts four pages: for whom a source exists is known from the claims on it, row by row."""

    most = 200


@admin.register(Source, site=desk)
class SourceList(RecordList[Source]):
    """Linked sources, newest first."""

    paginator = ShortCount
    list_display = ("name_and_page", "kind_now", "answers", "since", "treatment")
    list_filter = (
        word_filter("link_state", LinkState, title="linked source"),
        word_filter("kind", SourceKind, title="kind"),
    )
    search_fields = ("title", "url")
    search_help_text = "Words of the title, or an address or a part of one."

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Source]:
        return sources_visible_to(actor)

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Source], search_term: str
    ) -> tuple[QuerySet[Source], bool]:
        """Find by words, as claims are found."""
        found = search_sources(queryset, search_term) if search_term.strip() else queryset
        return found, False

    @admin.display(description="Linked source")
    def name_and_page(self, source: Source) -> SafeString:
        """Name and address."""
        return format_html(
            '{}<br><span class="address">{}</span>', source_link(source), shown_address(source.url)
        )

    @admin.display(description="Kind")
    def kind_now(self, source: Source) -> str:
        """A page or an offline item."""
        return label(SourceKind(source.kind))

    @admin.display(description="Answers")
    def answers(self, source: Source) -> SafeString:
        """Its link state."""
        state = LinkState(source.link_state)
        return format_html('<span class="state state-{}">{}</span>', state, label(state))

    @admin.display(description="Since")
    def since(self, source: Source) -> SafeString:
        """Since when."""
        return moment_html(source.link_state_since_at)

    @admin.display(description="Treated")
    def treatment(self, source: Source) -> str:
        """What was said about fetching it."""
        words = ["do not fetch"] if not source.is_fetched else []
        words += ["expected to change"] if source.is_expected_to_change else []
        return ", ".join(words) or "–"


@admin.register(Origin, site=desk)
class OriginList(RecordList[Origin]):
    """Origins, newest first."""

    list_display = ("name_and_page", "kind_now", "belongs_to", "graded")
    list_filter = (
        word_filter("kind", OriginKind, title="kind"),
        word_filter("reliability", Reliability, title="reliability"),
    )
    search_fields = ("name",)

    @override
    def rows_for(self, actor: Actor) -> QuerySet[Origin]:
        return origins_known_to(actor).select_related("part_of")

    @admin.display(description="Origin")
    def name_and_page(self, origin: Origin) -> SafeString:
        """The name."""
        link = page_link("claims_origin_page", origin.reference, origin.name)
        confidential = " (confidential)" if origin.is_confidential else ""
        return format_html(
            '{}{} <span class="reference">{}</span>', link, confidential, origin.reference
        )

    @admin.display(description="Kind")
    def kind_now(self, origin: Origin) -> str:
        """What it is."""
        return label(OriginKind(origin.kind))

    @admin.display(description="Part of")
    def belongs_to(self, origin: Origin) -> str:
        """What it is part of."""
        part_of = origin.part_of
        return part_of.name if part_of and not part_of.is_confidential else "–"

    @admin.display(description="Reliability")
    def graded(self, origin: Origin) -> str:
        """Its grade."""
        unknown = ", cannot be judged" if origin.reliability == Reliability.F else ""
        return f"{origin.reliability}{unknown}"
