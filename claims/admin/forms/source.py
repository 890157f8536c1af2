"""How a linked source is treated."""

from typing import Any

from django import forms

from claims.admin.forms.base import DeskForm, Told
from claims.models import Source
from claims.services.sources import recheck_now, set_treatment
from claims.types import Actor


class Treatment(DeskForm):
    """Whether a page is fetched, and whether it is expected to change."""

    slug = "treatment"
    title = "How it is treated"
    button = "Save"

    is_not_fetched = forms.BooleanField(
        label="Do not fetch",
        required=False,
        help_text="Fetching tells the publisher that somebody is interested.",
    )
    is_expected_to_change = forms.BooleanField(
        label="Expected to change",
        required=False,
        help_text="A live blog, say: only a contradicted figure raises a flag.",
    )

    def __init__(self, data: Any = None, *, actor: Actor, source: Source) -> None:
        initial = {
            "is_not_fetched": not source.is_fetched,
            "is_expected_to_change": source.is_expected_to_change,
        }
        super().__init__(data, initial=initial, auto_id=f"{self.slug}-%s")
        self.actor = actor
        self.source = source

    def carry_out(self) -> Told:
        """Write the treatment."""
        set_treatment(
            self.actor,
            self.source.reference,
            is_fetched=not self.cleaned_data["is_not_fetched"],
            is_expected_to_change=self.cleaned_data["is_expected_to_change"],
        )
        return "Saved."


class LookNow(DeskForm):
    """The watch looks at the source at its next round."""

    slug = "look"
    button = "Look now"

    def __init__(self, data: Any = None, *, actor: Actor, source: Source) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s")
        self.actor = actor
        self.source = source

    def carry_out(self) -> Told:
        """Ask for the look."""
        recheck_now(self.actor, self.source.reference)
        return "The watch looks at it at its next round."
