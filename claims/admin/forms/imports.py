"""The form that takes a file of claims."""

from typing import Any

from django import forms

from claims.admin.forms.base import DeskForm, choose
from claims.models import Desk
from claims.present.words import label
from claims.services.import_files import MOST_BYTES, MOST_ROWS
from claims.states import Visibility

MOST_MIB = MOST_BYTES // 1024 // 1024


class ChooseFile(DeskForm):
    """A file, the desk its claims are for, and who sees them."""

    button = "Show what would happen"

    file = forms.FileField(
        label="File",
        allow_empty_file=True,  # that it is empty is said in the words of all other faults
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.jsonl,text/csv,application/json"}),
        help_text=f"CSV or JSON in UTF-8; at most {MOST_MIB} MiB and {MOST_ROWS:,} claims.",
    )
    desk = forms.ChoiceField(label="Desk")
    visibility = forms.ChoiceField(
        label="Seen by",
        choices=[(v.value, label(v)) for v in Visibility],
        initial=Visibility.OPEN.value,
        help_text="Where the file does not say that fewer may see them.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, desks: list[Desk]) -> None:
        super().__init__(data, files, auto_id="import-%s")
        self.desks = {desk.slug: desk for desk in desks}
        choose(self.fields["desk"], [(desk.slug, desk.name) for desk in desks])

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"Is larger than {MOST_MIB} MiB.")
        return file
