"""What the board and the list of claims are narrowed to, read strictly from the address."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from typing_extensions import override

from claims.present.durations import age_words
from claims.present.words import label
from claims.queries.claim_lists import STARTS, Footing, Work
from claims.queries.panel_times import Reason
from claims.queries.panels import PERIODS
from claims.states import ClaimStatus

USUAL_PERIOD = 30
HOUR = timedelta(hours=1)
FOOTING_WORDS = {
    Footing.HOLDS: "basis holds",
    Footing.NOT_HOLDING: "basis in question or lost",
    Footing.IN_QUESTION: "basis in question",
    Footing.LOST: "basis lost",
}
WORK_WORDS = {
    Work.OPEN: "open",
    Work.LATE: "open and late",
    Work.NEW: "not yet reviewed",
    Work.FLAGGED: "has open flags",
    Work.SIGN_OFF: "waits for sign-off",
    Work.OVERRIDDEN: "by editor's override",
}

REASON_WORDS = {
    Reason.NEW: "new claim",
    Reason.FLAGGED: "flag",
    Reason.OTHER: "other reason",
}

Choices = Iterable[tuple[str, str]]


def age_key(start: timedelta) -> str:
    """Return how an address names the age of the backlog that begins there, in hours."""
    return f"{start // HOUR}h"


def age_name(start: timedelta) -> str:
    """Return an age of the backlog in words."""
    ends = STARTS[STARTS.index(start) + 1 :]
    return age_words(start, below=ends[0] if ends else None)


class FilterForm(forms.Form):
    """Choices in an address; what is not among them is told in words, and nothing is guessed."""

    label_suffix = ""
    all_words: ClassVar = {"topic": "All topics", "desk": "All desks"}
    elsewhere: frozenset[str] = frozenset()
    """Names in the address that are no filter, such as the place in a list."""

    def __init__(self, data: QueryDict, **choices: Choices) -> None:
        super().__init__(_every_field(data, self.base_fields))
        self.asked = data
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = [("", self.all_words[name]), *offered]
        for name, field in self.fields.items():
            field.error_messages["invalid_choice"] = (
                f"There is no {name} “%(value)s” here; choose one of the list."
            )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what is no filter of this page, and a filter given twice."""
        for name, values in self.asked.lists():
            if name not in self.fields and name not in self.elsewhere:
                self.add_error(None, f"This page cannot be narrowed by “{name}”.")
            elif len(values) > 1:
                self.add_error(None, f"“{name}” is given more than once; one is enough.")
        return self.cleaned_data

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use, by name."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def _every_field(
    data: Mapping[str, Any], fields: Mapping[str, forms.Field]
) -> MultiValueDict[str, str]:
    """Fill in what an address leaves out, so that the form shows it chosen."""
    return MultiValueDict(
        {name: [str(data.get(name) or field.initial or "")] for name, field in fields.items()}
    )


def _choice(all_words: str, offered: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", all_words), *offered], required=False)


class BoardForm(FilterForm):
    """Topic, desk and period of the board."""

    topic = forms.ChoiceField(required=False)
    desk = forms.ChoiceField(required=False)
    period = forms.TypedChoiceField(
        choices=[(str(days), f"{days} days") for days in PERIODS],
        coerce=int,
        initial=USUAL_PERIOD,
    )


class ClaimsForm(FilterForm):
    """Status, basis, work, topic and desk of the list of claims."""

    elsewhere = frozenset({"after"})

    status = _choice("Any status", [(one.value, capfirst(label(one))) for one in ClaimStatus])
    basis = _choice("Any basis", [(one.value, capfirst(FOOTING_WORDS[one])) for one in Footing])
    work = _choice("Any work", [(one.value, capfirst(WORK_WORDS[one])) for one in Work])
    reason = _choice("Any reason", [(one.value, capfirst(REASON_WORDS[one])) for one in Reason])
    age = _choice("Any age", [(age_key(one), capfirst(age_name(one))) for one in STARTS])
    topic = forms.ChoiceField(required=False)
    desk = forms.ChoiceField(required=False)
