from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from claims.present.times import ago_words, moment_html

AT = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)


def test_a_moment_is_shown_in_the_active_zone_and_kept_in_utc():
    with timezone.override(ZoneInfo("Asia/Seoul")):
        html = moment_html(AT)
    assert html == '<time datetime="2026-11-23T09:04:00Z">23 Nov 2026, 18:04 KST</time>'


def test_no_moment_is_a_dash():
    assert moment_html(None) == "–"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=2, minutes=50), "2 h ago"),
        (timedelta(days=3), "3 d ago"),
        (timedelta(days=60), "24 Sep 2026"),
    ],
)
def test_an_age_is_said_in_one_unit(age, words):
    assert ago_words(AT - age, now=AT) == words
