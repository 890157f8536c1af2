from datetime import date
from decimal import Decimal

import pytest

from claims.present.figures import figure_words
from claims.states import FigureQualifier as Q
from claims.states import FigureScope as S
from claims.types import FigureValue


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            FigureValue(Decimal("1500.000000"), unit="soldiers", qualifier=Q.ABOUT),
            "about 1,500 soldiers",
        ),
        (
            FigureValue(Decimal(12000), unit="soldiers", scope=S.ADDITIONAL),
            "12,000 soldiers, additional",
        ),
        (FigureValue(Decimal("2.50"), unit="%"), "2.5%"),
        (FigureValue(Decimal(100)), "100"),
        (FigureValue(Decimal(3), Decimal(5), "days", Q.BETWEEN), "between 3 and 5 days"),
        (FigureValue(Decimal(3), Decimal(5), "days"), "3–5 days"),
        (
            FigureValue(
                Decimal(8_000_000), unit="rounds", qualifier=Q.UP_TO, as_of_on=date(2024, 10, 18)
            ),
            "up to 8,000,000 rounds, as of 18 Oct 2024",
        ),
    ],
)
def test_a_figure_reads_as_a_person_would_say_it(figure, words):
    assert figure_words(figure) == words
