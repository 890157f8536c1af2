"""A figure in words, as a reader would say it."""

from decimal import Decimal

from django.utils.formats import date_format

from claims.present.words import label
from claims.states import FigureQualifier
from claims.types import FigureValue


def number_words(value: Decimal) -> str:
    """Return a number with its thousands apart and no idle zeros: "1,500", "2.5"."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure_words(figure: FigureValue) -> str:
    """Return qualifier, value or range, unit, scope and as-of date.

    For example "about 1,500 soldiers, in total, as of 18 Oct 2024".
    """
    value = number_words(figure.value)
    if figure.value_high is not None:
        joint = " and " if figure.qualifier is FigureQualifier.BETWEEN else "–"
        value = f"{value}{joint}{number_words(figure.value_high)}"
    unit = figure.unit if figure.unit in {"", "%"} else f" {figure.unit}"
    parts = [f"{label(figure.qualifier)} {value}{unit}".strip(), label(figure.scope)]
    if figure.as_of_on:
        parts.append(f"as of {date_format(figure.as_of_on, 'j M Y')}")
    return ", ".join(part for part in parts if part)
