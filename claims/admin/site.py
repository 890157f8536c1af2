"""The desk: the admin site that fact-checkers sign in to, and the way its pages answer."""

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from typing_extensions import override

from claims.admin.actors import actor_in
from claims.admin.record import RecordList
from claims.errors import NotAllowed, NotFound
from claims.present.kept import kept_texts
from claims.queries.desks import zone_of

Page = Callable[..., HttpResponseBase]
UNUSED = frozenset({"autocomplete", "view_on_site"})
"""Addresses of the stock site that would lead to objects by their integer keys."""


class DeskSite(admin.AdminSite):
    """Only read-only lists of the record can be reached; other packages' tables cannot."""

    site_header = site_title = "Stet"
    index_title = "The record"
    enable_nav_sidebar = False

    def __init__(self) -> None:
        super().__init__()
        self._pages: list[tuple[str, Page, str]] = []

    def page(self, route: str, *, name: str) -> Callable[[Page], Page]:
        """Put a page of our own before the stock ones; for signed-in staff, like all of them."""

        def register(view: Page) -> Page:
            self._pages.append((route, view, name))
            return view

        return register

    @override
    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take lists of the record; what other packages register is left out without a word."""
        if admin_class is not None and issubclass(admin_class, RecordList):
            super().register(model_or_iterable, admin_class, **options)

    @override
    def get_urls(self) -> list[URLResolver | URLPattern]:
        pages = sorted(self._pages, key=lambda page: page[0].replace("<", "~"))  # words first
        own = [path(route, self.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *(url for url in super().get_urls() if _name(url) not in UNUSED)]

    @override
    def index(  # type: ignore[override]  # a redirection is no template, and as good an answer
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk begins with what waits."""
        return redirect("admin:claims_queue")

    @override
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one sign-in for every door; who is signed in already has no place here."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            return TemplateResponse(
                request, "admin/desk/no_place.html", status=HTTPStatus.FORBIDDEN
            )
        asked_for = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(asked_for, reverse("web:sign-in"))

    @override
    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().app_index(
            request, app_label, {"title": "All lists", **(extra_context or {})}
        )

    @override
    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return keeping(super().admin_view(answering(view), cacheable))


def _name(url: URLResolver | URLPattern) -> str | None:
    return url.name if isinstance(url, URLPattern) else None


def answering(view: Page) -> Page:
    """Answer in the person's zone; what does not exist for them is 404, what they may not is 403.

    The page is rendered here, while the zone holds.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with timezone.override(zone_of(actor_in(request))):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                return response
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return answer


def keeping(view: Page) -> Page:
    """Show what somebody wrote into a form while their session ended, instead of dropping it."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            kept = kept_texts(request.POST)
            if kept:
                return TemplateResponse(
                    request,
                    "admin/desk/signed_out.html",
                    {"kept": kept},
                    status=HTTPStatus.FORBIDDEN,
                )
        return view(request, *args, **kwargs)

    return answer


desk = DeskSite()


def show(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200
) -> TemplateResponse:
    """Return a page of the desk, with what the stock templates need beside."""
    return TemplateResponse(
        request, template, {**desk.each_context(request), **context}, status=status
    )
