"""The operator's look at the board's figures: compared, and made anew."""

import pytest
from django.core.management import CommandError, call_command

from claims.models import Tally
from claims.queries.panels import BoardFilters
from claims.queries.panels_now import status_now
from tests.claims.cast import make_cast, make_claim


def test_true_figures_are_said_to_be_so(cast, capsys):
    make_claim(cast)
    call_command("check_tallies")
    assert capsys.readouterr().out == "the figures are so: 1 claims counted\n"


def test_a_false_figure_is_named(cast):
    make_claim(cast)
    Tally.objects.filter(name="not_reviewed").update(value=7)
    with pytest.raises(CommandError, match=r"'not_reviewed'.*kept as 7, not 1.*--rebuild"):
        call_command("check_tallies")


def test_they_are_made_anew(committed_db, capsys):
    cast = make_cast()
    make_claim(cast)
    Tally.objects.update(value=7)
    call_command("check_tallies", rebuild=True)
    assert capsys.readouterr().out.startswith("made anew from 1 entries\n")
    assert status_now(cast.cleo, filters=BoardFilters()).total == 1
