import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.quotes import Page, find_between, find_exact, find_near, select

TEXT = (
    "The ministry spoke on Monday.\n"
    "About 1,500 North Korean soldiers have reached Russia, the agency said.\n"
    "Officials in Kyiv confirmed the report.\n"
    "About 1,500 North Korean soldiers have reached Russia, the agency said.\n"
    "Moscow did not comment."
)
PASSAGE = "About 1,500 North Korean soldiers have reached Russia"


def test_select_keeps_32_characters_on_either_side():
    start = TEXT.index("Officials")
    exact, prefix, suffix = select(TEXT, start, start + 9)
    assert exact == "Officials"
    assert prefix == TEXT[start - 32 : start]
    assert suffix == TEXT[start + 9 : start + 41]


def test_select_at_the_edges_keeps_what_there_is():
    assert select("abc", 0, 3) == ("abc", "", "")


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 1), (-1, 2), (0, 99)])
def test_select_refuses_a_span_that_is_not_in_the_text(start, end):
    with pytest.raises(ValueError, match="no passage"):
        select("abc", start, end)


@pytest.mark.parametrize("which", [0, 1])
def test_repeated_passages_are_told_apart_by_their_surroundings(which):
    start = TEXT.index(PASSAGE) if which == 0 else TEXT.rindex(PASSAGE)
    exact, prefix, suffix = select(TEXT, start, start + len(PASSAGE))
    assert find_exact(Page(TEXT), exact, prefix=prefix, suffix=suffix)[0].start == start


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("he said “it’s over” today", "it's over"),
        ("near the\u00a0bor\u00adder", "the border"),
        ("one line\nand the next", "one line and the next"),
        ("first.\nSecond line", "first.Second line"),
        ("약 1,500명이 도착했다", "약 1,500"),
        ("북한군이 도착했다", "북한군"),
        ("他说北京很大", "北京"),
    ],
)
def test_a_quote_is_found_through_typography_and_particles(page, quote):
    assert find_exact(Page(page), quote)[0].is_cased


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("11,500 soldiers", "1,500 soldiers"),
        ("some 1,500,000", "some 1,500"),
        ("it cost $5m then", "it cost $5"),
        ("병력 1만5천 명", "병력 1"),
        ("1,500만 명", "1,500"),
        ("the soldiers left", "the soldier"),
        ("rearmed men", "armed men"),
        ("2.5 per cent", "5 per cent"),
    ],
)
def test_part_of_a_word_or_number_is_no_match(page, quote):
    assert find_exact(Page(page), quote) == ()


def test_other_capitals_are_found_and_marked():
    assert [a.is_cased for a in find_exact(Page("THE END CAME"), "the end")] == [False]


def test_an_empty_or_invisible_quote_is_found_nowhere():
    assert find_exact(Page(TEXT), "") == ()
    assert find_exact(Page(TEXT), "\u200b ") == ()
    assert find_near(Page(TEXT), "") == ()


def test_the_nearest_passage_comes_first_and_whole():
    near = find_near(Page(TEXT.replace("1,500", "3,000")), PASSAGE)[0]
    assert TEXT.replace("1,500", "3,000")[near.start : near.end] == PASSAGE.replace(
        "1,500", "3,000"
    )


def test_whole_sentences_answer_to_a_whole_sentence():
    page = "He came. Officials in the city of Kyiv have now confirmed the report. She left."
    near = find_near(Page(page), "Officials in Kyiv confirmed the report.", is_whole=True)[0]
    assert (
        page[near.start : near.end]
        == "Officials in the city of Kyiv have now confirmed the report."
    )


def test_the_passage_in_its_place_is_found_among_many_alike():
    alike = [f"The office is closed on {day} May until noon. Note {day}." for day in range(1, 30)]
    page = "\n".join([*alike, "Opening hours of the main office", "The office opens at nine."])
    found = find_near(
        Page(page),
        "The office is closed on 31 May until noon.",
        prefix="Opening hours of the main office\n",
        is_whole=True,
    )
    assert "The office opens at nine." in {page[a.start : a.end] for a in found}


def test_what_stands_between_unchanged_surroundings_is_found():
    page = "according to the agency report of Monday, few men came to the border town last night"
    found = find_between(
        Page(page),
        "1,500",
        prefix="according to the agency report of Monday, ",
        suffix=" men came to the border town last night",
    )
    assert found is not None
    assert page[found.start : found.end].strip() == "few"


@pytest.mark.parametrize("gap", ["", "x" * 500])
def test_nothing_or_too_much_between_the_surroundings_is_no_answer(gap):
    head, tail = (
        "according to the agency report of Monday,",
        "men came to the border town last night",
    )
    assert find_between(Page(f"{head} {gap} {tail}"), "1,500", prefix=head, suffix=tail) is None


WORDS = ("army", "left", "Kursk", "1,500", "days", "said", "Kim", "не", "북한군", "ago")
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)


@given(words, words, words)
def test_a_selected_passage_is_found_where_it_was(before, passage, after):
    text = " ".join([*before, *passage, *after])
    start = len(" ".join(before)) + 1
    end = start + len(" ".join(passage))
    exact, prefix, suffix = select(text, start, end)
    assert (start, end) in {
        (a.start, a.end) for a in find_exact(Page(text), exact, prefix=prefix, suffix=suffix)
    }
