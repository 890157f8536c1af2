"""Walls, missing pages and outages through a whole round of the watch."""

import pytest

from claims.models import Snapshot, Source, Watch
from claims.states import FlagKind, LinkState, Outcome, QuoteState
from tests.claims.cast import make_evidence
from tests.verifier.rounds import FAR_AWAY, LONG_AGO, flags, look, make_cast_again
from tests.verifier.wall_cases import CHECKING, MISSING, SIGN_IN
from verifier.recheck import recheck_batch


def reason() -> str:
    return Source.objects.get().link_reason


@pytest.mark.parametrize("body", [CHECKING, SIGN_IN], ids=["bot wall", "login"])
def test_a_wall_takes_nothing_from_what_is_on_record(row, site, means, body):
    look(means)
    kept = Snapshot.objects.get()
    usual, site.body = site.body, body.encode
    done = look(means)
    source = Source.objects.get()
    row.refresh_from_db()
    assert dict(done.outcomes) == {Outcome.BLOCKED: 1}
    assert (source.link_state, source.snapshot) == (LinkState.BLOCKED, kept)
    assert (row.quote_state, flags(row)) == (QuoteState.STANDING, [])
    look(means)
    site.body = usual
    look(means)
    assert Source.objects.get().link_state == LinkState.LIVE
    assert reason().startswith("The page is back, after ")
    assert Snapshot.objects.count() == 1


def test_a_wall_at_the_first_look_is_told(row, site, means):
    site.body = SIGN_IN.encode
    assert dict(look(means).outcomes) == {Outcome.BLOCKED: 1}
    assert not Snapshot.objects.exists()
    row.refresh_from_db()
    assert row.quote_state == QuoteState.UNCHECKED


def test_a_page_that_says_it_is_not_there_is_gone_when_it_says_so_twice(row, site, means):
    look(means)
    site.body = MISSING.encode
    look(means)
    assert Source.objects.get().link_state == LinkState.SUSPECTED_GONE
    assert flags(row) == []
    look(means)
    assert Source.objects.get().link_state == LinkState.GONE
    row.refresh_from_db()
    assert (row.quote_state, flags(row)) == (QuoteState.STANDING, [FlagKind.SOURCE_GONE])


def further(row, site, number=3):
    return [
        make_evidence(
            make_cast_again(),
            row.claim,
            url=f"http://{site.place}/page{n}",
            quote=f"q{n}",
            state=QuoteState.UNCHECKED,
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("status", [404, 503])
def test_a_whole_host_that_fails_is_no_purge(row, site, means, status):
    further(row, site)
    look(means)
    site.status = status
    for _ in range(4):
        look(means)
    states = set(Source.objects.values_list("link_state", flat=True))
    assert LinkState.GONE not in states
    assert flags(row) == []
    if status == 404:
        assert "Every linked page of its host fails." in Source.objects.first().link_reason


def test_one_page_removed_among_pages_that_stand_is_gone(row, site, means):
    further(row, site)
    look(means)
    usual = site.answer

    def answer(request):
        site.status = 404 if request.path == "/page0" else 200
        usual(request)

    site.answer = answer
    for _ in range(3):
        look(means)
    gone = Source.objects.filter(link_state=LinkState.GONE)
    assert [source.url.rpartition("/")[2] for source in gone] == ["page0"]


def test_a_move_is_told_with_the_new_address(row, site, means):
    look(means)
    site.location = "/flood-2"
    look(means)
    assert reason() == f"The page answers at another address: http://{site.place}/flood-2"


def look_only(means, *sources):
    Watch.objects.update(due_at=LONG_AGO)
    return recheck_batch(means, only=[source.pk for source in sources])


def test_the_first_page_of_a_dying_host_is_not_gone_once_its_siblings_failed_too(row, site, means):
    siblings = [other.source for other in further(row, site)]
    look(means)
    site.status = 404
    look_only(means, row.source)
    assert Source.objects.get(pk=row.source_id).link_state == LinkState.SUSPECTED_GONE
    for source in siblings:
        look_only(means, source)
    look_only(means, row.source)
    assert Source.objects.get(pk=row.source_id).link_state == LinkState.SUSPECTED_GONE
    assert not Source.objects.filter(link_state=LinkState.GONE).exists()


def test_a_missed_page_has_its_siblings_looked_at_soon(row, site, means):
    siblings = [other.source for other in further(row, site, 5)]
    look(means)
    site.status = 404
    Watch.objects.exclude(source=row.source).update(due_at=FAR_AWAY)
    Watch.objects.filter(source=row.source).update(due_at=LONG_AGO)
    recheck_batch(means, only=[row.source_id])
    soon = Watch.objects.filter(source__in=siblings, due_at__lt=FAR_AWAY)
    assert soon.count() == 3
