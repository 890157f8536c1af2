"""A linked source's page says how its link stood and why, and what people must look at."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from claims.admin.source_links import errands
from claims.admin.source_runs import LEAST_WIDTH, STRIP_HEIGHT, STRIP_WIDTH, Run, Sight, strip_of
from claims.models import Evidence, Host, Source, Watch
from claims.services.leases import lease
from claims.services.looks import record_looks
from claims.states import LinkState, Outcome, QuoteState, SourceKind
from claims.types import Look
from tests.claims.admin.looking import look_at

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PAST = timezone.now() - timedelta(days=1)


def miss(source: Source, outcome: Outcome, *, state: LinkState, reason: str, status: int = 404):
    """Record a look that did not read the page."""
    Watch.objects.filter(source=source).update(due_at=PAST)
    Host.objects.update(next_allowed_at=PAST)
    (leased,) = lease(
        1, lease_for=timedelta(minutes=1), pause=timedelta(0), per_host=1, only=[source.pk]
    )
    record_looks(
        [
            Look(
                source_id=source.pk,
                token=leased.token,
                outcome=outcome,
                status=status,
                link_state=state,
                link_reason=reason,
                due_in_s=3600,
            )
        ]
    )


@pytest.fixture
def source(claim):
    return claim.evidence.first().source


def page_of(door, source):
    return html.unescape(door("ada").text("claims_source_page", source.reference))


def test_a_source_nobody_looked_at_says_what_will_stand_there(door, source):
    page = page_of(door, source)
    assert "No look has told anything of this link yet." in page
    assert "Nobody has looked yet." in page
    assert "never yet" in page
    assert "People must look" not in page


def test_the_states_of_a_link_are_told_with_reason_look_and_time(door, source):
    look_at(source, "It says about 1,500 soldiers.")
    miss(source, Outcome.GONE, state=LinkState.SUSPECTED_GONE, reason="Missed once.")
    miss(source, Outcome.GONE, state=LinkState.GONE, reason="Missed twice, 2 hours apart.")
    page = page_of(door, source)
    states = page.split('id="links-head"')[1].split("</section>")[0]
    assert states.index("Missed twice, 2 hours apart.") < states.index("Missed once.")
    assert "The look: not there, HTTP 404" in states
    assert states.count("now</td>") == 1


def test_runs_of_looks_are_a_strip_and_a_table(door, source):
    look_at(source, "It says about 1,500 soldiers.")
    miss(source, Outcome.GONE, state=LinkState.SUSPECTED_GONE, reason="Missed once.")
    page = page_of(door, source)
    assert 'class="strip-read"' in page
    assert 'class="strip-missed"' in page
    assert "Not there" in page
    assert "HTTP 404" in page


def test_a_wall_sends_people_to_look_and_says_when_the_watch_tries_again(door, source):
    look_at(source, "It says about 1,500 soldiers.")
    miss(source, Outcome.BLOCKED, state=LinkState.BLOCKED, reason="Not shown.", status=403)
    page = page_of(door, source)
    assert "People must look, the watch cannot" in page
    assert "only somebody with access can read it" in page
    assert "The watch looks again on " in page


def test_a_page_that_must_not_be_fetched_sends_people_to_look(door, source):
    Source.objects.filter(pk=source.pk).update(is_fetched=False)
    Watch.objects.filter(source=source).update(due_at=None)
    page = page_of(door, source)
    assert "It is marked: do not fetch." in page
    assert "never, until it may be fetched" in page


def test_a_quote_never_found_sends_people_to_look(door, source):
    look_at(source, "It says about 1,500 soldiers.")
    assert "People must look" not in page_of(door, source)
    Evidence.objects.filter(source=source).update(quote_state=QuoteState.UNCHECKED)
    assert "One quote was never found on it" in page_of(door, source)


def test_an_outage_of_the_whole_host_is_told(door, claim, source):
    for row in Source.objects.all():
        Watch.objects.filter(source=row).update(host=source.watch.host)
        look_at(row, "It says about 1,500 soldiers.")
    further = Source.objects.create(reference="SO-FVRTHR", url="https://page9.example.org/x")
    Watch.objects.create(source=further, host=source.watch.host, due_at=PAST, last_read_at=PAST)
    for row in Source.objects.all():
        miss(row, Outcome.GONE, state=LinkState.LIVE, reason="Missed.")
    assert "Every linked page of this host fails since" in page_of(door, source)
    look_at(further, "It is back.")
    assert "Every linked page of this host" not in page_of(door, source)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": SourceKind.INTERVIEW}, "It is not on the web"),
        ({"is_fetched": False}, "do not fetch"),
        ({"link_state": LinkState.BLOCKED}, "behind a wall"),
        ({"link_state": LinkState.UNREACHABLE}, "cannot reach it"),
    ],
)
def test_what_the_watch_cannot_do_is_said(fields, words):
    source = Source(**{"kind": SourceKind.PAGE, "link_state": LinkState.LIVE, **fields})
    (told,) = errands(source, None, [], now=NOON)
    assert words in told.why


@pytest.mark.parametrize("state", [LinkState.LIVE, LinkState.CHANGED, LinkState.UNCHECKED])
def test_where_the_watch_can_look_nobody_is_sent(state):
    source = Source(kind=SourceKind.PAGE, link_state=state)
    read = Watch(due_at=NOON, last_read_at=NOON)
    standing = Evidence(quote="Words.", quote_state=QuoteState.STANDING)
    assert errands(source, read, [standing], now=NOON) == ()


def test_a_quote_is_not_missed_before_the_page_was_read():
    source = Source(kind=SourceKind.PAGE, link_state=LinkState.UNCHECKED)
    unfound = Evidence(quote="Words.", quote_state=QuoteState.UNCHECKED)
    assert errands(source, Watch(due_at=NOON), [unfound], now=NOON) == ()


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (None, "The watch will not look."),
        (NOON - timedelta(hours=1), "The watch looks again as soon as a worker is free."),
        (NOON + timedelta(days=1), "The watch looks again on 3 Nov 2026"),
    ],
)
def test_when_the_watch_tries_again_is_said(due_at, words):
    source = Source(kind=SourceKind.PAGE, link_state=LinkState.BLOCKED)
    (told,) = errands(source, Watch(due_at=due_at), [], now=NOON)
    assert told.then.startswith(words)


def run(outcome: Outcome, *, first_h: int, last_h: int) -> Run:
    return Run(outcome, NOON + timedelta(hours=first_h), NOON + timedelta(hours=last_h), 2)


def test_the_strip_covers_the_whole_time_in_order():
    newest_first = (
        run(Outcome.GONE, first_h=8, last_h=10),
        run(Outcome.TIMEOUT, first_h=5, last_h=7),
        run(Outcome.CHANGED, first_h=0, last_h=4),
    )
    bars = strip_of(newest_first)
    assert [bar.run.sight for bar in bars] == [Sight.READ, Sight.HIDDEN, Sight.MISSED]
    assert [(bar.x, bar.width) for bar in bars] == [(0, 500), (500, 300), (800, 200)]
    assert len({bar.height for bar in bars}) == len(bars)
    assert {bar.y + bar.height for bar in bars} == {STRIP_HEIGHT}


def test_a_run_of_one_look_is_still_seen_on_the_strip():
    bars = strip_of(
        [
            run(Outcome.BLOCKED, first_h=9000, last_h=9000),
            run(Outcome.GONE, first_h=9000, last_h=9000),
            run(Outcome.CHANGED, first_h=0, last_h=8999),
        ]
    )
    assert min(bar.width for bar in bars) >= LEAST_WIDTH - 1
    assert bars[-1].x + bars[-1].width == STRIP_WIDTH


def test_a_single_look_is_the_whole_strip_and_none_is_no_strip():
    (bar,) = strip_of([run(Outcome.CHANGED, first_h=0, last_h=0)])
    assert (bar.x, bar.width) == (0, STRIP_WIDTH)
    assert strip_of([]) == ()
