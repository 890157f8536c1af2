"""What every list of the record shares: it is read, through `access`, and nothing here writes."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from typing_extensions import override

from claims.admin.actors import actor_in, sees_the_record, works_at
from claims.present.words import label
from claims.types import Actor

MOST_COUNTED = 10_000
"""Rows a list counts and pages through; beyond them one filters."""

Row = TypeVar("Row", bound=Model)


class CappedPaginator(Paginator[Any]):
    """Counts no further than `most` rows: a full count of a million takes seconds."""

    most: ClassVar[int] = MOST_COUNTED

    @cached_property
    @override
    def count(self) -> int:
        """How many rows there are, or the cap."""
        rows: Any = self.object_list
        return int(rows[: self.most].count())


class WordFilter(admin.SimpleListFilter):
    """A filter by one closed list, in plain words."""

    words: ClassVar[type[StrEnum]]

    @override
    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Iterable[tuple[str, str]]:
        return [(member.value, label(member) or member.value) for member in self.words]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what was asked for; a word that is not in the list asks for nothing."""
        chosen = self.value()
        if chosen not in list(self.words):
            return queryset
        return queryset.filter(**{str(self.parameter_name): chosen})


def word_filter(column: str, words: type[StrEnum], *, title: str) -> type[WordFilter]:
    """Return a filter of `column` by the members of a closed list."""
    return type(
        f"By{words.__name__}",
        (WordFilter,),
        {"title": title, "parameter_name": column, "words": words},
    )


class RecordList(admin.ModelAdmin[Row]):
    """A list of rows that exist for the person who reads; each leads to a page of the desk."""

    actions = None
    list_display_links = None
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator

    def rows_for(self, actor: Actor) -> QuerySet[Row]:
        """Return the rows that exist for this actor."""
        raise NotImplementedError

    def may_read(self, actor: Actor) -> bool:
        """Whether this list exists for this actor."""
        return sees_the_record(actor)

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return self.rows_for(actor_in(request)).order_by("-pk")

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        named = {
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "may_add": bool(works_at(actor_in(request))),
        }
        return super().changelist_view(request, {**named, **(extra_context or {})})

    @override
    def get_urls(self) -> list[URLPattern]:
        """Offer the list alone: no form of the stock admin is reachable."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        view: Callable[..., Any] = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name=name)]

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters offered and no look-up beside them."""
        offered = {getattr(item, "parameter_name", None) for item in self.list_filter}
        return lookup in offered

    @override
    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.may_read(actor_in(request))

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_read(actor_in(request))

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


def page_link(page: str, reference: str, words: str) -> SafeString:
    """Return a link to a page of the desk."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}", args=[reference]), words)
