from datetime import UTC, date, datetime

import pytest

from claims.models import Evidence, Source, Watch
from claims.present.sightings import Sighting, freshest_words, past_sighting_of, sighting_of
from claims.states import LinkState, QuoteState
from tests.claims.cast import make_claim, make_evidence

READ = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def row(cast):
    return make_evidence(cast, make_claim(cast))


def seen(
    row, *, state=QuoteState.STANDING, link=LinkState.LIVE, looked=READ, read=READ, attested=None
):
    who = row.created_by if attested else None
    Evidence.objects.filter(pk=row.pk).update(
        quote_state=state, quote_state_since_at=LATER, attested_on=attested, attested_by=who
    )
    Source.objects.filter(pk=row.source_id).update(link_state=link)
    Watch.objects.filter(source=row.source_id).update(last_looked_at=looked, last_read_at=read)
    return Evidence.objects.select_related("source__watch").get(pk=row.pk)


@pytest.mark.parametrize(
    ("facts", "sighting"),
    [
        ({}, Sighting("last seen unchanged", READ)),
        (
            {"link": LinkState.UNREACHABLE},
            Sighting("last seen unchanged", READ, "unreachable", is_good=False),
        ),
        ({"state": QuoteState.ALTERED}, Sighting("found altered", LATER, is_good=False)),
        (
            {"state": QuoteState.MISSING, "link": LinkState.GONE},
            Sighting("found to be gone", LATER, "gone", is_good=False),
        ),
        ({"state": QuoteState.UNCHECKED}, Sighting("page last read", READ, is_good=False)),
        ({"looked": None, "read": None}, Sighting("not looked at yet", is_good=False)),
        (
            {"read": None, "link": LinkState.BLOCKED},
            Sighting("looked at, never read:", READ, "behind a wall", is_good=False),
        ),
        (
            {"state": QuoteState.ATTESTED, "attested": date(2026, 11, 3)},
            Sighting("attested by a person on 3 Nov 2026"),
        ),
    ],
)
def test_evidence_says_when_it_was_last_seen(row, facts, sighting):
    assert sighting_of(seen(row, **facts)) == sighting


def test_of_the_past_only_the_quote_s_state_is_told(row):
    assert past_sighting_of(seen(row)) == Sighting("still there")
    assert not past_sighting_of(seen(row, state=QuoteState.MISSING)).is_good


@pytest.mark.parametrize(
    ("sightings", "words", "at", "is_good"),
    [
        ([], "nothing is linked yet", None, False),
        ([Sighting("a", LATER), Sighting("b", READ)], "last seen unchanged", READ, True),
        ([Sighting("a", READ), Sighting("b", LATER, is_good=False)], "1 of 2 b", None, False),
        (
            [Sighting("a", is_good=False), Sighting("b", LATER, is_good=False)],
            "2 of 2 not seen unchanged",
            None,
            False,
        ),
        ([Sighting("still there"), Sighting("still there")], "still there", None, True),
    ],
)
def test_a_claim_is_as_fresh_as_its_oldest_look(sightings, words, at, is_good):
    found = freshest_words(sightings)
    assert (found.words, found.at, found.is_good) == (words, at, is_good)
