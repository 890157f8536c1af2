import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.normalise import clean, comparison_form, find_control, fold_case, normalise

SAME = [
    ("“It’s over,” he said", '"It\'s over," he said'),
    ("« Nous partons » dit-il", '"Nous partons" dit-il'),
    ("ﬁve oﬃcers", "five officers"),
    ("co\u00adoperation", "cooperation"),
    ("1\u202f500\u00a0men", "1 500 men"),
    ("zero\u200bwidth", "zerowidth"),
    ("word — word", "word – word"),
    ("word—word", "word -- word"),
    ("wait…", "wait..."),
    ("cafe\u0301", "café"),
    ("１，５００", "1,500"),
    ("said , then left .", "said, then left."),
    ("( aside )", "(aside)"),
    ("first.\nsecond", "first. second"),
    ("한국", unicodedata.normalize("NFD", "한국")),
    ("\tat  the   border ", "at the border"),
]
DIFFERENT = [
    ("1,500 men", "1,50 men"),
    ("3¼ miles", "31/4 miles"),
    ("10² metres", "102 metres"),
    ("did", "didn't"),
    ("Polish troops", "polish troops"),
    ("Exeter, Devon", "Exeter Devon"),
    ("every day", "everyday"),
    ("3-year", "3 year"),
    ("не был", "был"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_typography_and_spacing_leave_the_comparison_form_alone(one, other):
    assert comparison_form(one) == comparison_form(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_words_figures_and_capitals_change_the_comparison_form(one, other):
    assert comparison_form(one) != comparison_form(other)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("he said “about\u00a01,500 men”", "1,500"),
        ("a ﬁne da\u00ady", "day"),
        ("one  —  two\u200b three", "three"),
        ("북한군\u00a0약 1,500명", "1,500"),
        ("cafe\u0301 closed", "café"),
    ],
)
def test_a_found_span_leads_back_to_the_words_as_they_stood(text, word):
    form = normalise(text)
    at = form.cased.index(word)
    start, end = form.span(at, at + len(word))
    assert comparison_form(text[start:end]) == word


TYPOGRAPHY = [*" \t\n\u00a0\u200b-–—''“”«».,()$1aé\u0301ﬁ…한"]
any_text = st.text(st.one_of(st.characters(), st.sampled_from(TYPOGRAPHY)), max_size=60)


@given(any_text)
def test_every_span_of_the_form_leads_into_the_text_in_order(text):
    form = normalise(text)
    spans = [form.span(at, at + 1) for at in range(len(form.cased))]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert all(left[0] <= right[0] and left[1] <= right[1] for left, right in pairwise(spans))


@given(any_text)
def test_the_whole_form_leads_back_to_all_that_is_not_white(text):
    form = normalise(text)
    start, end = form.span(0, len(form.cased))
    assert comparison_form(text[start:end]) == form.cased


@given(st.lists(st.sampled_from(["three", "1,500", "Kim", "не", "북한군", "said"]), min_size=1))
def test_plain_words_are_found_where_they_stand(words):
    text = "\u00a0 ".join(words)
    form = normalise(text)
    at = 0
    for word in words:
        at = form.cased.index(word, at)
        start, end = form.span(at, at + len(word))
        assert text[start:end] == word
        at += len(word)


def test_folding_case_keeps_every_character_in_its_place():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(fold_case(everything)) == len(everything)


@pytest.mark.parametrize(
    "text",
    ["e" + "\u0301" * 200_000, " " * 300_000, "“" * 200_000, "- " * 200_000, "\u00a0" * 200_000],
)
def test_hostile_runs_are_normalised_without_choking(text):
    assert len(normalise(text).cased) <= len(text)


def test_lone_surrogates_survive():
    assert "\ud800" in comparison_form("a\ud800b")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain\ttext\nhere", None),
        ("nul\x00", "\x00"),
        ("right\u202eleft", "\u202e"),
        ("\ud800", "\ud800"),
        ("zero\u200bwidth", None),
        ("c1\x85", "\x85"),
    ],
)
def test_control_characters_are_found_and_ordinary_ones_are_not(text, found):
    assert find_control(text) == found


def test_clean_composes_and_trims():
    assert clean("  cafe\u0301\r\nbar\r ") == "café\nbar"
