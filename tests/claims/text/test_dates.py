from datetime import date

import pytest

from claims.text.dates import find_dates


def parts(text):
    return [(span.year, span.month, span.day) for span in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 4, 2024", [(2024, 3, 4)]),
        ("4 March 2024", [(2024, 3, 4)]),
        ("the 4th of March", [(None, 3, 4)]),
        ("Sept. 11", [(None, 9, 11)]),
        ("14-18 February", [(None, 2, 14), (None, 2, 18)]),
        ("4 to 6 March 2022", [(None, 3, 4), (2022, 3, 6)]),
        ("2024-10-18", [(2024, 10, 18)]),
        ("2024-10-18T10:00", [(2024, 10, 18)]),
        ("18.10.2024", [(2024, 10, 18)]),
        ("25/12/2023", [(2023, 12, 25)]),
        ("12/25/2023", [(2023, 12, 25)]),
        ("03/04/2024", [(2024, None, None)]),
        ("in March", [(None, 3, None)]),
        ("March 2024", [(2024, 3, None)]),
        ("in 2015 soldiers left", [(2015, None, None)]),
        ("2024년 3월 4일", [(2024, 3, 4)]),
        ("3월 4일", [(None, 3, 4)]),
        ("4일 밝혔다", [(None, None, 4)]),
        ("4 марта 2024 года", [(2024, 3, 4)]),
        ("5 мая", [(None, 5, 5)]),
        ("в марте 2024 г.", [(2024, 3, None)]),
        ("в 2024 году", [(2024, None, None)]),
        ("２０２４年３月４日", [(2024, 3, 4)]),
    ],
)
def test_dates_are_read_in_every_writing(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "we march on",
        "they may go",
        "2015 soldiers",
        "£2000",
        "45 March",
        "3일간 이어졌다",
        "1.2.3",
        "12:30",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    assert parts(text) == []


def test_a_whole_date_has_its_calendar_day():
    assert find_dates("4 March 2024")[0].on == date(2024, 3, 4)


def test_a_date_that_does_not_exist_or_lacks_a_part_has_no_calendar_day():
    assert find_dates("30 February 2024")[0].on is None
    assert find_dates("4 March")[0].on is None
