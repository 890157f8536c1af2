from datetime import date
from enum import StrEnum

import pytest

from claims import states
from claims.present.words import counted, label, status_line, status_words
from claims.states import ClaimKind, ClaimStatus, FigureQualifier, FlagKind, Ground, QuoteState

ENUMS = [
    kind for kind in vars(states).values() if isinstance(kind, type) and issubclass(kind, StrEnum)
]
SILENT = {FigureQualifier.EXACT, states.FigureScope.NOT_STATED}


@pytest.mark.parametrize(
    "member", [member for kind in ENUMS if kind is not StrEnum for member in kind]
)
def test_every_member_has_a_plain_word(member):
    word = label(member)
    assert (word == "") == any(member is silent for silent in SILENT)
    assert "_" not in word
    assert word == word.strip()


@pytest.mark.parametrize(
    ("member", "word"),
    [
        (QuoteState.STANDING, "still there"),
        (Ground.EDITOR_OVERRIDE, "editor's override"),
        (FlagKind.RELAYED_RETRACTED, "relayed source retracted"),
        (FlagKind.RETRACTION, "retraction"),
        (states.Role.FACT_CHECKER, "fact-checker"),
        (states.EntryKind.CLAIM_MADE_VISIBLE, "opened to readers"),
    ],
)
def test_words_are_those_of_the_design(member, word):
    assert label(member) == word


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (ClaimStatus.CORROBORATED, ClaimKind.STATEMENT, "corroborated that it was said"),
        (ClaimStatus.CORROBORATED, ClaimKind.FACT, "corroborated"),
        (ClaimStatus.DISPUTED, ClaimKind.STATEMENT, "disputed that it was said"),
    ],
)
def test_a_statement_is_only_ever_shown_to_have_been_said(status, kind, words):
    assert status_words(status, kind=kind) == words


@pytest.mark.parametrize(
    ("status", "day", "ground", "line"),
    [
        (ClaimStatus.REPORTED, None, None, "Someone says so; we have not established it."),
        (
            ClaimStatus.CORROBORATED,
            date(2026, 11, 3),
            Ground.INDEPENDENT_ORIGINS,
            "Independent origins agree, as of 3 Nov 2026.",
        ),
        (
            ClaimStatus.CORROBORATED,
            None,
            Ground.PRIMARY_RECORD,
            "A primary record of the act shows it.",
        ),
        (ClaimStatus.DISPUTED, None, None, "Contradicted: see why."),
    ],
)
def test_each_status_says_in_one_line_what_it_means(status, day, ground, line):
    assert status_line(status, as_of_on=day, ground=ground) == line


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 origins"), (1, "1 origin"), (1204, "1,204 origins")]
)
def test_a_number_takes_its_noun(number, words):
    assert counted(number, one="origin") == words
