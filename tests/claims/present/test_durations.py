"""How long something took, in words."""

from datetime import timedelta

import pytest

from claims.present.durations import age_words, duration_words

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under a minute"),
        (59.9, "under a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (12_000, "3 h 20 min"),
        (86_400, "1 d"),
        (187_200, "2 d 4 h"),
        (777_660, "9 d"),
    ],
)
def test_a_duration_is_said_in_two_units_at_most(seconds, words):
    assert duration_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 1, "under 1 h"),
        (1, 4, "1–4 h"),
        (4, 24, "4 h–1 d"),
        (24, 72, "1–3 d"),
        (168, None, "over 7 d"),
    ],
)
def test_an_age_names_its_unit_once_where_both_ends_share_it(low, high, words):
    below = None if high is None else high * HOUR
    assert age_words(low * HOUR, below=below) == words
