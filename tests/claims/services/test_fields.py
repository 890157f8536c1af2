"""What is handed in is checked field by field, and refused with field and reason."""

import pytest

from claims.errors import InvalidInput
from claims.services.fields import day, figure, text_of, whole


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("one", "not a number"),
        ("NaN", "out of bounds"),
        ("Infinity", "out of bounds"),
        ("1e24", "out of bounds"),
        ("1e999999999", "out of bounds"),
        ("1e-999999999", "after the point"),
        ("0.0000001", "after the point"),
        (None, "not a number"),
    ],
)
def test_a_bad_value_of_a_figure_is_refused_by_name(value, reason):
    with pytest.raises(InvalidInput, match=rf"figures\.value: .*{reason}"):
        figure("figures", {"value": value})


@pytest.mark.parametrize("value", ["0", "1500", "-3.25", "0.000001", 8_000_000])
def test_a_value_within_bounds_is_kept_exactly(value):
    assert str(figure("figures", {"value": value}).value) == str(value)


def test_an_unknown_field_of_a_figure_is_refused_by_name():
    with pytest.raises(InvalidInput, match=r"figures\.colour"):
        figure("figures", {"value": 1, "colour": "red"})


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "a\u202eb", "a\x1bb"])
def test_control_and_direction_characters_are_refused(bad):
    with pytest.raises(InvalidInput, match=r"statement: holds the control character U\+"):
        text_of("statement", bad, most=100)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  x ", "x"), ("e\u0301", "\u00e9"), ("한국", "한국"), ("👨‍👩‍👧", "👨‍👩‍👧")],
)
def test_text_is_kept_in_nfc_without_surrounding_space(given, kept):
    assert text_of("statement", given, most=100) == kept


@pytest.mark.parametrize(("text", "most", "reason"), [("", 9, "required"), ("xxx", 2, "longer")])
def test_too_little_and_too_much_text_is_refused(text, most, reason):
    with pytest.raises(InvalidInput, match=reason):
        text_of("statement", text, most=most, is_required=True)


@pytest.mark.parametrize("bad", ["0000-00-00", "2024-13-01", "yesterday", "9" * 5000])
def test_a_bad_date_is_refused(bad):
    with pytest.raises(InvalidInput, match="as_of_on"):
        day("as_of_on", bad)


@pytest.mark.parametrize("bad", ["", "x", "0", "7", "9" * 5000, "1.5"])
def test_a_number_out_of_bounds_is_refused(bad):
    with pytest.raises(InvalidInput, match="credibility"):
        whole("credibility", bad, least=1, most=6)
