"""Rows of figures: value or range, what is counted, how the words bound it, as of when."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from typing_extensions import override

from claims.present.words import label
from claims.services.fields import figure_json
from claims.states import FigureQualifier, FigureScope
from claims.types import FigureValue

MOST_FIGURES = 6


class Day(forms.DateInput):
    """The browser's own date picker; ISO both ways."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FigureForm(forms.Form):
    """One figure; a row without a value is no figure."""

    label_suffix = ""

    qualifier = forms.ChoiceField(
        label="Bounded by",
        choices=[(q.value, label(q) or "exactly") for q in FigureQualifier],
        initial=FigureQualifier.EXACT.value,
    )
    value = forms.DecimalField(label="Value", max_digits=30, decimal_places=6, required=False)
    value_high = forms.DecimalField(
        label="to", max_digits=30, decimal_places=6, required=False, help_text="For a range."
    )
    unit = forms.CharField(label="Of what", max_length=100, required=False)
    scope = forms.ChoiceField(
        label="Scope",
        choices=[(s.value, label(s) or "not stated") for s in FigureScope],
        initial=FigureScope.NOT_STATED.value,
    )
    as_of_on = forms.DateField(label="As of", required=False, widget=Day())

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a row that bounds or counts nothing."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        others = any(given.get(name) for name in ("value_high", "unit", "as_of_on"))
        if given.get("value") is None and others and "value" not in self.errors:
            self.add_error("value", "A figure needs a value.")
        return given

    def figure(self) -> FigureValue | None:
        """Return the row as a value."""
        given = self.cleaned_data
        if given.get("value") is None:
            return None
        return FigureValue(
            value=given["value"],
            value_high=given["value_high"],
            unit=given["unit"],
            qualifier=FigureQualifier(given["qualifier"]),
            scope=FigureScope(given["scope"]),
            as_of_on=given["as_of_on"],
        )


FigureRows = formset_factory(
    FigureForm, extra=1, max_num=MOST_FIGURES, absolute_max=MOST_FIGURES, validate_max=True
)


def figure_rows(data: Any = None, *, had: Iterable[FigureValue] = ()) -> "BaseFormSet[FigureForm]":
    """Return the rows of what is on record and an empty one, or of what was handed in."""
    initial = [
        {
            "qualifier": value.qualifier.value,
            "value": value.value.normalize().__format__("f"),
            "value_high": None
            if value.value_high is None
            else value.value_high.normalize().__format__("f"),
            "unit": value.unit,
            "scope": value.scope.value,
            "as_of_on": value.as_of_on,
        }
        for value in had
    ]
    return FigureRows(data, initial=initial, prefix="figures")


def figures_in(rows: "BaseFormSet[FigureForm]") -> list[FigureValue]:
    """Return the figures of valid rows."""
    return [figure for row in rows if (figure := row.figure()) is not None]


def as_json(figures: Iterable[FigureValue]) -> list[dict[str, object]]:
    """Return figures in the form an edit keeps them."""
    return [figure_json(figure) for figure in figures]
