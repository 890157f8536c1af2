"""Forms that say something about a claim: for good, or for its own desk only."""

from django import forms
from typing_extensions import override

from claims.admin.forms.base import ClaimForm, Told
from claims.errors import NotFound
from claims.services.comments import comment
from claims.services.notes import remove_note, write_note


class Comment(ClaimForm):
    """Said for everybody who reads the claim."""

    slug = "comment"
    title = "Comment"
    button = "Put the comment on record"
    key = "c"
    KEPT = ("text",)

    text = forms.CharField(label="Comment", widget=forms.Textarea(attrs={"rows": 2}))

    @override
    def carry_out(self) -> Told:
        """Put it on record."""
        comment(self.actor, self.claim.pk, text=self.cleaned_data["text"])
        return "The comment is on record."


class WriteNote(ClaimForm):
    """Kept for the people of the claim's desk."""

    slug = "note"
    title = "Private note"
    button = "Keep the note"
    key = "m"

    text = forms.CharField(
        label="Private note",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Seen by your desk only, not kept for good: it can be removed.",
    )

    @override
    def carry_out(self) -> Told:
        """Keep it."""
        write_note(self.actor, self.claim.pk, text=self.cleaned_data["text"])
        return "The note is kept; only your desk sees it."


class RemoveNote(ClaimForm):
    """Its words go, for everybody."""

    slug = "remove-note"
    button = "Remove"

    note = forms.CharField(max_length=9, widget=forms.HiddenInput)

    @override
    def carry_out(self) -> Told:
        """Remove it."""
        try:
            remove_note(self.actor, self.claim.pk, reference=self.cleaned_data["note"])
        except NotFound:
            return "That note was removed already."
        return "The note is removed."
