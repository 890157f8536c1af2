"""Forms that put evidence on a claim: from a page the watch reads first, by hand, or offline."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from typing_extensions import override

from claims.access import sources_visible_to
from claims.admin.forms.base import ClaimForm, Told
from claims.admin.forms.evidence_fields import EvidenceForm, text_of_source
from claims.admin.forms.figures import figure_rows
from claims.models import Claim, Evidence, Source
from claims.present.words import label
from claims.services import evidence as service
from claims.services.previews import Preview, preview_page
from claims.states import SourceKind
from claims.text.addresses import parse_url
from claims.text.addresses.faults import UrlRefused
from claims.types import Actor


class AddressInput(forms.TextInput):
    """A field for an address; one that holds a password is not shown again."""

    @override
    def format_value(self, value: Any) -> str | None:
        place = str(value or "").partition("://")[2].partition("/")[0]
        return None if "@" in place else super().format_value(value)


class ReadPage(ClaimForm):
    """Give an address; the watch reads the page, then the quote is picked in it."""

    slug = "read-page"
    title = "A web page"
    button = "Read the page"
    status: int = HTTPStatus.OK

    url = forms.CharField(
        label="Address of the page",
        max_length=2048,
        widget=AddressInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="http or https. The watch reads it to you; nothing is evidence before you say "
        "so.",
    )

    def preview(self) -> Preview:
        """Have the page read.

        Raises:
            RecordError: the service's own refusal.
        """
        return preview_page(self.actor, self.claim.pk, url=self.cleaned_data["url"])


class NewEvidence(EvidenceForm):
    """What all ways of adding evidence share: rows of figures, and the evidence once it is made."""

    made: Evidence | None = None
    status: int = HTTPStatus.OK

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.figures = figure_rows(data)
        self.figures.auto_id = f"{self.slug}-%s"

    @override
    def is_valid(self) -> bool:
        """Check the rows of figures too."""
        return all([super().is_valid(), self.figures.is_valid()])

    def add(self, **of: Any) -> Evidence:
        """Call the service for a source given one way or another."""
        return service.add_evidence(
            self.actor,
            self.claim.pk,
            values=self.values(),
            figures=self.figure_values(),
            note=self.cleaned_data.get("own_word") or "",
            **of,
        )


class AddEvidence(NewEvidence):
    """A page, new or known, becomes evidence without waiting for the watch."""

    slug = "add-evidence"
    title = "Add evidence"
    button = "Add the evidence"

    url = forms.CharField(
        label="Address of the page",
        max_length=2048,
        widget=AddressInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text="http or https. The watch fetches it at its next round.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        self.order_fields(["url"])
        self.fields["quote"].required = True

    @override
    def clean(self) -> dict[str, Any]:
        """Look for the quote where the page is known and was read."""
        super().clean()
        self.check_passage(self._known())
        return self.cleaned_data

    def _known(self) -> Source | None:
        try:
            url = parse_url(self.cleaned_data.get("url", ""), allow=settings.FETCH_ALLOW_PRIVATE)
        except UrlRefused:
            return None
        rows = sources_visible_to(self.actor).filter(url=url.url)
        return rows.select_related("snapshot").first()

    @override
    def carry_out(self) -> Told:
        """Link it."""
        self.made = self.add(url=self.cleaned_data["url"])
        return "Added. Its quote counts once the watch has found it on the page."


class AddFromPage(NewEvidence):
    """A passage of a page that was linked becomes evidence."""

    slug = "add-from-page"
    title = "Add it as evidence"
    button = "Add the evidence"

    def __init__(
        self, data: Any = None, *, actor: Actor, claim: Claim, source: Source, **options: Any
    ) -> None:
        if source.snapshot is not None:
            options.setdefault("initial", {"language": source.snapshot.language[:16]})
        super().__init__(data, actor=actor, claim=claim, **options)
        self.source = source
        self.asks_word = not text_of_source(source)
        self.fields["quote"].required = True

    @override
    def clean(self) -> dict[str, Any]:
        """Look for the quote; where nothing can be read, ask how the person knows it."""
        super().clean()
        self.check_passage(self.source)
        if not text_of_source(self.source) and not self.cleaned_data.get("own_word"):
            self.add_error("own_word", "The watch has not read this page: say how you know them.")
        return self.cleaned_data

    @override
    def carry_out(self) -> Told:
        """Link it."""
        self.made = self.add(source=self.source)
        return "Added. Its quote counts once the watch has found it on the page."


class AddItem(NewEvidence):
    """What is not on the web: an interview, a document, a photo, a video."""

    slug = "add-item"
    title = "Something offline"
    button = "Add the item"

    kind = forms.ChoiceField(
        label="Kind",
        choices=[(kind.value, label(kind)) for kind in SourceKind if kind is not SourceKind.PAGE],
    )
    item = forms.CharField(
        label="What it is",
        max_length=500,
        help_text="As you would name it to a colleague: who, what, when. No name of a confidential "
        "source.",
    )
    SAYS = {**EvidenceForm.SAYS, "title": "item"}

    def __init__(self, data: Any = None, *, actor: Actor, claim: Claim, **options: Any) -> None:
        super().__init__(data, actor=actor, claim=claim, **options)
        del self.fields["own_word"]
        self.order_fields(["kind", "item"])
        self.fields["quote"].help_text = "The words said or written, if there are any."

    @override
    def carry_out(self) -> Told:
        """Put it on record."""
        given = self.cleaned_data
        item = service.Item(SourceKind(given["kind"]), given["item"])
        self.made = self.add(source=item)
        return "Added. It counts once somebody attests it, below."
