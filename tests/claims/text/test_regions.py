import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.regions import around_places, regions, settled_lines

QUOTE = "About 1,500 soldiers have reached Russia."
FILLER = [
    f"Paragraph {number} tells another story altogether, at some length." for number in range(9)
]


def page(*lines):
    return "\n".join(lines)


BEFORE = page(*FILLER, QUOTE, *FILLER[::-1])


def test_what_differs_and_where_the_quote_stands_is_kept_in_its_place():
    after = BEFORE.replace("1,500", "3,000")
    kept = regions(BEFORE, after, quotes=[QUOTE])
    assert kept is not None
    then, now = kept
    assert (len(then), len(now)) == (len(BEFORE), len(after))
    at = after.index("3,000")
    assert now[at : at + 5] == "3,000"
    assert then[BEFORE.index(QUOTE) :].startswith(QUOTE)
    assert FILLER[0] not in now


@pytest.mark.parametrize("quote", ["“—”", "and", "words that were never there"])
def test_a_quote_whose_places_cannot_be_told_keeps_the_whole_text(quote):
    assert regions(BEFORE, BEFORE, quotes=[quote]) is None
    assert settled_lines(BEFORE, BEFORE, quotes=[quote]) == frozenset()


def test_lines_of_both_texts_are_settled_but_for_the_quoted_and_the_counted_otherwise():
    after = page(FILLER[0], BEFORE)
    settled = settled_lines(BEFORE, after, quotes=[QUOTE])
    assert FILLER[1] in settled
    assert not settled & {QUOTE, FILLER[0]}


def test_only_the_places_of_a_quote_are_kept():
    kept = around_places(BEFORE, QUOTE)
    assert kept.index(QUOTE) == BEFORE.index(QUOTE)
    assert FILLER[0] not in kept


lines = st.lists(st.sampled_from(["", "one", QUOTE, "Another line.", " "]), max_size=12)


@given(lines, lines)
def test_regions_blank_and_never_move(before, after):
    texts = page(*before), page(*after)
    for kept, text in zip(regions(*texts, quotes=[QUOTE]) or texts, texts, strict=True):
        assert len(kept) == len(text)
        assert all(new in {old, " ", "\n"} for new, old in zip(kept, text, strict=True))
