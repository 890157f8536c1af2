"""Cells a spreadsheet may open."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.cells import plain_cell, safe_cell

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")
SEPARATORS = (",", ";", "\t", "\n", "\r")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_begins_a_formula_gets_an_apostrophe(formula):
    assert safe_cell(formula).startswith("'")
    assert plain_cell(safe_cell(formula)) == formula


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_formula_behind_a_separator_gets_one_too(separator):
    assert f"{separator}'=1" in safe_cell(f"a{separator}=1")


@pytest.mark.parametrize(
    "text", ["", "plain", "1 - 2", "yes, -5 degrees", "a=b", "'quoted'", "'tis"]
)
def test_other_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


@given(st.text(alphabet="'=+-@\t\r\n,;ab "))
def test_what_was_made_safe_is_read_back_to_the_letter(text):
    assert plain_cell(safe_cell(text)) == text


@given(st.text(alphabet="'=+-@\t\n,;ab\" "), st.sampled_from(",;\t"))
def test_no_cell_of_a_quoted_table_is_a_formula_to_whoever_splits_it_elsewhere(text, delimiter):
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(["first", safe_cell(text), "last"])
    for row in csv.reader(io.StringIO(line.getvalue(), newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell[:1] in {"=", "+", "@", "-", "\t"}]
