from django.template.loader import render_to_string

from claims.present.diff import DiffPiece, diff_of
from claims.text.diff import RowKind

BEFORE = "Troops moved on Friday. About 1,500 soldiers have arrived, officials said. It rained."
AFTER = "Troops moved on Friday. About 3,000 soldiers have arrived, officials said. It rained."
QUOTE = "About 1,500 soldiers have arrived"
FOUND = "About 3,000 soldiers have arrived"


def changed_row(diff):
    (row,) = [row for row in diff.rows if row.kind is RowKind.CHANGED]
    return row


def test_the_changed_figure_is_marked_on_both_sides():
    row = changed_row(diff_of(BEFORE, AFTER))
    assert [piece.text.strip() for piece in row.before if piece.is_figure] == ["1,500"]
    assert [piece.text.strip() for piece in row.after if piece.is_figure] == ["3,000"]


def test_a_changed_word_is_no_figure():
    row = changed_row(diff_of("They have arrived there.", "They have landed there."))
    assert [piece.is_figure for piece in row.after if piece.is_changed] == [False]


def test_the_quoted_passage_is_marked_in_both_texts():
    row = changed_row(diff_of(BEFORE, AFTER, quotes=[QUOTE], found=[FOUND]))
    assert "".join(piece.text for piece in row.before if piece.is_quoted) == QUOTE
    assert "".join(piece.text for piece in row.after if piece.is_quoted) == FOUND


def test_a_passage_the_text_does_not_have_marks_nothing():
    row = changed_row(diff_of(BEFORE, AFTER, quotes=["Nobody has ever said this."], found=[""]))
    assert not any(piece.is_quoted for piece in row.before + row.after)


def test_typography_does_not_hide_a_quote():
    row = changed_row(diff_of("“It’s over”, said 5.", "“It’s over”, said 6.", quotes=["It's over"]))
    assert "".join(piece.text for piece in row.before if piece.is_quoted) == "It’s over"


def test_the_pieces_of_a_side_join_to_its_sentence():
    row = changed_row(diff_of(BEFORE, AFTER, quotes=[QUOTE]))
    assert (
        "".join(piece.text for piece in row.before)
        == "About 1,500 soldiers have arrived, officials said."
    )


def test_equal_texts_have_nothing_to_show():
    diff = diff_of(BEFORE, BEFORE)
    assert not diff.is_changed
    assert {row.kind for row in diff.rows} <= {RowKind.UNCHANGED, RowKind.FOLDED}


def test_long_unchanged_runs_are_folded_and_counted():
    quiet = " ".join(
        f"Sentence {word} stays as it is."
        for word in ("one", "two", "three", "four", "five", "six")
    )
    diff = diff_of(f"{quiet} It was 5.", f"{quiet} It was 6.")
    assert [row.count for row in diff.rows if row.kind is RowKind.FOLDED] == [4]


def test_a_removed_sentence_stands_alone():
    diff = diff_of("It rained. The agency said so.", "It rained.")
    (row,) = [row for row in diff.rows if row.kind is RowKind.REMOVED]
    assert row.after == ()
    assert row.before == (DiffPiece("The agency said so.", is_changed=True),)


def page(*texts, **marks):
    return render_to_string("claims/diff.html", {"diff": diff_of(*texts, **marks)})


def test_the_table_shows_what_went_and_what_came():
    html = page(BEFORE, AFTER, quotes=[QUOTE], found=[FOUND])
    assert 'class="figure-changed">1,500</del>' in html
    assert 'class="figure-changed">3,000</ins>' in html
    assert "<mark>About " in html


def test_a_hostile_page_s_words_are_escaped():
    html = page("It is <b>5</b>.", "It is <script>alert(1)</script> 6.")
    assert "<script>" not in html
    assert "<b>5" not in html
