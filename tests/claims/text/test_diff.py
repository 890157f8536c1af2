import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.text.diff import MOST_SENTENCES, RowKind, compare, diff_words, fold

BEFORE = "One came. About 1,500 men left. Three stayed. Four slept."
AFTER = "One came. About 3,000 men left. Three stayed. Four slept. Five woke."


def kinds(comparison):
    return [row.kind.value for row in comparison.rows]


def joined(runs):
    return "".join(run.text for run in runs)


def changed(runs):
    return [run.text for run in runs if run.is_changed]


def test_equal_texts_have_no_change():
    comparison = compare(BEFORE, BEFORE)
    assert not comparison.is_changed
    assert set(kinds(comparison)) == {"unchanged"}


def test_a_changed_sentence_stands_beside_its_new_form():
    comparison = compare(BEFORE, AFTER)
    assert kinds(comparison) == ["unchanged", "changed", "unchanged", "unchanged", "added"]
    row = comparison.rows[1]
    assert (changed(row.before), changed(row.after)) == (["1,500"], ["3,000"])


def test_spans_lead_to_the_sentences():
    row = compare(BEFORE, AFTER).rows[1]
    assert BEFORE[slice(*row.before_span)] == "About 1,500 men left."
    assert AFTER[slice(*row.after_span)] == "About 3,000 men left."


def test_a_removed_sentence_has_no_other_side():
    comparison = compare(
        "One came. Two quarrelled bitterly. Three stayed.", "One came. Three stayed."
    )
    assert kinds(comparison) == ["unchanged", "removed", "unchanged"]
    assert comparison.rows[1].after == ()


def test_unlike_sentences_are_removed_and_added_not_paired():
    assert kinds(compare("Zebras graze quietly.", "Fly by moonlit chimp.")) == ["removed", "added"]


def test_typography_and_spacing_are_no_change():
    assert not compare("“It’s  over” — he said.", '"It\'s over" - he said.').is_changed


@pytest.mark.parametrize(
    ("one", "other"), [("PDF, 464KB", "PDF, 464 KB"), ("every day", "everyday")]
)
def test_a_change_of_spaces_inside_words_is_marked(one, other):
    before, after = diff_words(one, other)
    assert changed(before)
    assert changed(after)


def test_long_unchanged_runs_are_folded_around_the_change():
    lines = [f"Line {number} stands." for number in range(20)]
    other = [*lines[:10], "Line ten fell.", *lines[11:]]
    rows = fold(compare("\n".join(lines), "\n".join(other)), around=2).rows
    assert [row.kind.value for row in rows] == [
        "folded", "unchanged", "unchanged", "changed", "unchanged", "unchanged", "folded"
    ]  # fmt: skip
    assert (rows[0].count, rows[-1].count) == (8, 7)


def test_a_single_row_is_not_folded():
    comparison = compare("A one.\nB two.\nC three.\nD four.", "A one.\nB two.\nC three.\nD five.")
    assert kinds(fold(comparison, around=2)) == ["unchanged", "unchanged", "unchanged", "changed"]


def test_equal_texts_fold_to_one_row():
    assert kinds(fold(compare(BEFORE, BEFORE))) == ["folded"]


def test_a_text_over_the_limit_is_cut_and_says_so():
    lines = "\n".join(f"Line {number}." for number in range(MOST_SENTENCES + 5))
    comparison = compare(lines, lines)
    assert comparison.is_cut
    assert len(comparison.rows) == MOST_SENTENCES


def test_one_endless_sentence_is_compared_as_a_whole():
    comparison = compare("a " * 200_000, "b " * 200_000)
    assert comparison.is_changed


sentence = st.sampled_from(
    [
        "One came.",
        "About 1,500 men left.",
        "About 3,000 men left.",
        "“It’s over.”",
        "북한군 도착.",
        "Не был.",
    ]
)


@given(st.lists(sentence, max_size=8), st.lists(sentence, max_size=8))
def test_rows_hold_every_sentence_of_both_sides_in_order(before, after):
    rows = compare("\n".join(before), "\n".join(after)).rows
    assert [joined(row.before) for row in rows if row.before] == before
    assert [joined(row.after) for row in rows if row.after] == after


@given(st.text(max_size=40), st.text(max_size=40))
def test_word_runs_join_to_the_whole_of_each_side(before, after):
    old, new = diff_words(before, after)
    assert (joined(old), joined(new)) == (before, after)


def test_kinds_are_the_words_templates_use():
    assert {kind.value for kind in RowKind} == {
        "unchanged",
        "changed",
        "added",
        "removed",
        "folded",
    }
