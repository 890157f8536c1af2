"""Forms on a linked source: attach a capture, say what one saw there, merge it into another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from typing_extensions import override

from claims.admin.forms.base import DeskForm, Told
from claims.admin.forms.figures import Day
from claims.models import Evidence, Source
from claims.models.fields import read_reference
from claims.services.captures import Supplied, attach_capture
from claims.services.hand_looks import HandLook, look_by_hand
from claims.services.source_merge import merge_source
from claims.states import Outcome
from claims.types import Actor

MOST_PASSAGES = 20
MOST_SHOWN = 120
KEPT = "Kept for good, shown to everybody who may see this source."


class SourceForm(DeskForm):
    """A form on one source."""

    slug = ""
    title = ""
    lead = ""

    def __init__(self, data: Any = None, *, actor: Actor, source: Source, **options: Any) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s", **options)
        self.actor = actor
        self.source = source

    def carry_out(self) -> Told:
        """Call the service.

        Raises:
            RecordError: the service's own refusal.
        """
        raise NotImplementedError


class Capture(SourceForm):
    """A file that shows what the source said."""

    slug = "capture"
    title = "Attach a capture"
    button = "Attach it"
    lead = (
        "A PDF, an image, a recording, a film or plain text. It is kept as it is, with all it "
        "tells of its maker (place, device, name), handed out as a download and never opened here."
    )

    file = forms.FileField(label="File", allow_empty_file=True)
    caption = forms.CharField(
        label="What it shows", max_length=300, help_text=f"{KEPT} No name of a confidential source."
    )
    taken_on = forms.DateField(label="Taken on", widget=Day())

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        actor: Actor,
        source: Source,
        is_too_large: bool = False,
    ) -> None:
        initial = {"taken_on": timezone.localdate()}
        super().__init__(data, files=files, actor=actor, source=source, initial=initial)
        self._is_too_large = is_too_large
        self.fields["file"].help_text = f"At most {settings.CAPTURE_MAX_MB} MB."

    @override
    def clean(self) -> dict[str, Any]:
        """Say why a file that was too large to be taken in is not there."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self._is_too_large:
            self.errors.pop("file", None)
            self.add_error("file", f"Is larger than {settings.CAPTURE_MAX_MB} MB.")
        return given

    @override
    def carry_out(self) -> Told:
        """Keep it."""
        given = self.cleaned_data
        supplied = Supplied(given["file"], given["caption"], given["taken_on"])
        row = attach_capture(self.actor, self.source.reference, supplied=supplied)
        return f"Attached: {row.media_type}, SHA-256 {row.sha256[:16]}…"


class ByHand(SourceForm):
    """What a person saw where the watch cannot look, or before it did."""

    slug = "by-hand"
    title = "I looked myself"
    button = "Put it on record"
    lead = (
        "You say in your own name what you saw. “Changed” and “gone” send the claims that rest on "
        "it back to people, as a look of the watch would."
    )

    outcome = forms.ChoiceField(
        label="What I saw",
        choices=[
            (Outcome.SEEN_STANDING.value, "still there"),
            (Outcome.SEEN_CHANGED.value, "changed"),
            (Outcome.SEEN_GONE.value, "gone"),
        ],
    )
    on = forms.DateField(label="On", widget=Day())
    note = forms.CharField(
        label="How I looked, and what I saw",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=KEPT,
    )
    SAYS = {"passages": "outcome"}

    def __init__(
        self, data: Any = None, *, actor: Actor, source: Source, rows: Sequence[Evidence]
    ) -> None:
        initial = {"on": timezone.localdate()}
        super().__init__(data, actor=actor, source=source, initial=initial)
        self._rows = [row for row in rows if row.quote][:MOST_PASSAGES]
        for row in self._rows:
            self._ask(row)

    def _ask(self, row: Evidence) -> None:
        quote = row.quote if len(row.quote) <= MOST_SHOWN else f"{row.quote[:MOST_SHOWN]}…"
        self.fields[f"is-{row.reference}"] = forms.BooleanField(
            label=f"I looked for “{quote}” ({row.reference})", required=False
        )
        self.fields[f"now-{row.reference}"] = forms.CharField(
            label=f"If it changed: what stands there now ({row.reference})",
            required=False,
            max_length=10_000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Empty: nothing in its place.",
        )

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """What is asked of the whole source."""
        return [self[name] for name in ("outcome", "on", "note")]

    @property
    def passage_fields(self) -> list[forms.BoundField]:
        """What is asked of each quote."""
        return [self[f"{part}-{row.reference}"] for row in self._rows for part in ("is", "now")]

    @override
    def carry_out(self) -> Told:
        """Record the look."""
        given = self.cleaned_data
        on: date = given["on"]
        passages = {
            row.reference: given[f"now-{row.reference}"]
            for row in self._rows
            if given[f"is-{row.reference}"]
        }
        look = HandLook(Outcome(given["outcome"]), on, given["note"], passages)
        if look_by_hand(self.actor, self.source.reference, look=look):
            return "Put on record in your name."
        return "That look is on record already; nothing more was changed."


class Merge(SourceForm):
    """The same item was linked twice."""

    slug = "merge"
    title = "Merge it into another source"
    button = "Merge it"
    lead = (
        "Where the same item was linked twice. Its evidence moves to the other one; its history "
        "stays here, and this reference leads there for ever. The watch stops looking here."
    )

    into = forms.CharField(
        label="The source to keep", max_length=40, help_text="Its reference, SO-7K2M9Q."
    )
    reason = forms.CharField(
        label="Why they are the same",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=KEPT,
    )

    def clean_into(self) -> str:
        """Read the reference."""
        reference = read_reference(self.cleaned_data["into"], "SO")
        if reference is None:
            raise forms.ValidationError("A reference looks like SO-7K2M9Q.")
        return reference

    @override
    def carry_out(self) -> Told:
        """Merge it."""
        given = self.cleaned_data
        kept = merge_source(
            self.actor, self.source.reference, into=given["into"], reason=given["reason"]
        )
        return f"Merged into {kept.reference}."
