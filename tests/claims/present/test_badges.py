from datetime import UTC, datetime

import pytest

from claims.present.badges import Badge, BasisFacts, badge_html, basis_html, flag_html, pill_html
from claims.states import Basis, ClaimKind, ClaimStatus, FlagKind

AT = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "glyph", "word"),
    [
        (ClaimStatus.REPORTED, "?", "Reported"),
        (ClaimStatus.CORROBORATED, "✓", "Corroborated"),
        (ClaimStatus.DISPUTED, "!", "Disputed"),
    ],
)
def test_a_badge_says_its_status_by_glyph_word_and_class(status, glyph, word):
    html = pill_html(Badge(status))
    assert f'aria-hidden="true">{glyph}</span>' in html
    assert f">{word}</span>" in html
    assert f"s-{status}" in html


def test_a_statement_s_badge_says_that_it_was_said():
    assert "that it was said" in badge_html(Badge(ClaimStatus.CORROBORATED, ClaimKind.STATEMENT))
    assert "that it was said" not in badge_html(Badge(ClaimStatus.CORROBORATED))


@pytest.mark.parametrize("basis", Basis)
def test_the_basis_is_printed_with_every_status(basis):
    words = {"holds": "basis holds", "in_question": "basis in question", "lost": "basis lost"}
    assert f">{words[basis]}</span>" in badge_html(Badge(ClaimStatus.CORROBORATED, basis=basis))


@pytest.mark.parametrize(("flags", "words"), [(1, "1 open flag<"), (3, "3 open flags<")])
def test_open_flags_stand_beside_the_status(flags, words):
    assert words in badge_html(Badge(ClaimStatus.REPORTED, open_flags=flags))


def test_no_flag_mark_without_open_flags():
    assert "s-flag" not in badge_html(Badge(ClaimStatus.REPORTED))


def test_one_flag_is_named_by_its_kind():
    assert ">Figure altered</span>" in flag_html(FlagKind.FIGURE_ALTERED)


def test_a_badge_read_aloud_leaves_nothing_out():
    badge = Badge(ClaimStatus.CORROBORATED, ClaimKind.STATEMENT, Basis.IN_QUESTION, 2)
    assert badge.words == "corroborated that it was said, basis in question, 2 open flags"


def test_the_basis_line_gives_since_why_origins_and_oldest_look():
    html = basis_html(BasisFacts(Basis.LOST, AT, "a page was withdrawn", 1, AT))
    for part in (
        "Basis lost",
        "since",
        "a page was withdrawn",
        "1 independent origin<",
        "oldest look",
    ):
        assert part in html
    assert html.count('datetime="2026-11-23T09:04:00Z"') == 2


def test_the_basis_line_owns_up_where_a_source_was_never_looked_at():
    assert "not every source looked at yet" in basis_html(BasisFacts(Basis.HOLDS))


def test_the_reason_is_escaped():
    html = basis_html(BasisFacts(Basis.LOST, why="<script>alert(1)</script>"))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
