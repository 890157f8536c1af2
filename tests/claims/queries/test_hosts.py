"""A host that fails as a whole is told from one page removed among pages that stand."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from claims.models import Host, Snapshot, Source, Watch
from claims.queries.hosts import host_failing_since, hosts_failing, is_said_elsewhere
from claims.states import Outcome

HOURS = timedelta(hours=1)


class Outlet:
    """One host whose pages were looked at, hours ago, with what came of it."""

    def __init__(self, name: str = "paper.example:443") -> None:
        self.host = Host.objects.create(authority=name)
        self.now = timezone.now()

    def page(self, *, read_h: float | None, outcome=None, since_h: float = 0, last_h: float = 0):
        """A page last read `read_h` hours ago; failing since `since_h` hours ago, if it fails."""
        number = Source.objects.count()
        source = Source.objects.create(
            reference=f"SO-{number:06d}", url=f"https://{self.host.authority}/{number}"
        )
        Watch.objects.create(
            source=source,
            host=self.host,
            due_at=self.now + HOURS,
            last_read_at=self._ago(read_h),
            run_outcome=outcome or Outcome.UNCHANGED,
            run_first_at=self._ago(since_h if outcome else read_h),
            run_last_at=self._ago(last_h if outcome else read_h),
            failures=1 if outcome else 0,
        )
        return source

    def _ago(self, hours: float | None) -> datetime | None:
        return None if hours is None else self.now - hours * HOURS


@pytest.fixture
def outlet(db):
    return Outlet()


def test_three_pages_missed_since_the_last_success_are_an_outage(outlet):
    for _ in range(2):
        outlet.page(read_h=5, outcome=Outcome.GONE, since_h=2)
    third = outlet.page(read_h=4)
    assert hosts_failing([third.pk]) == {third.pk}


def test_one_page_missed_among_pages_that_stand_is_no_outage(outlet):
    outlet.page(read_h=1)
    outlet.page(read_h=2)
    missed = outlet.page(read_h=9, outcome=Outcome.GONE, since_h=3)
    assert hosts_failing([missed.pk]) == frozenset()


def test_a_page_read_since_the_others_were_missed_ends_the_outage(outlet):
    for _ in range(3):
        missed = outlet.page(read_h=9, outcome=Outcome.GONE, since_h=3)
    assert hosts_failing([missed.pk]) == {missed.pk}
    outlet.page(read_h=1)
    assert hosts_failing([missed.pk]) == frozenset()


def test_a_page_read_in_the_same_batch_ends_the_outage(outlet):
    missed = [outlet.page(read_h=9) for _ in range(3)]
    fine = outlet.page(read_h=9)
    ids = [source.pk for source in missed]
    assert hosts_failing(ids) == frozenset(ids)
    assert hosts_failing(ids, read=[fine.pk]) == frozenset()


def test_two_pages_are_too_few_to_tell(outlet):
    outlet.page(read_h=5, outcome=Outcome.GONE, since_h=2)
    second = outlet.page(read_h=5)
    assert hosts_failing([second.pk]) == frozenset()


def test_pages_that_were_gone_before_tell_nothing(outlet):
    for _ in range(4):
        outlet.page(read_h=900, outcome=Outcome.GONE, since_h=800)
    standing = outlet.page(read_h=24)
    assert hosts_failing([standing.pk]) == frozenset()


def test_pages_never_read_tell_nothing_where_others_were(outlet):
    for _ in range(3):
        outlet.page(read_h=None, outcome=Outcome.GONE, since_h=2)
    missed = outlet.page(read_h=24)
    assert hosts_failing([missed.pk]) == frozenset()


def test_a_host_of_which_nothing_was_ever_read_fails_as_a_whole(outlet):
    for _ in range(2):
        outlet.page(read_h=None, outcome=Outcome.GONE, since_h=2)
    third = outlet.page(read_h=None, outcome=None)
    assert hosts_failing([third.pk]) == {third.pk}


@pytest.mark.parametrize(
    ("outcome", "is_outage"),
    [
        (Outcome.GONE, True),
        (Outcome.SOFT_GONE, True),
        (Outcome.SERVER_ERROR, True),
        (Outcome.DNS, True),
        (Outcome.TIMEOUT, True),
        (Outcome.BLOCKED, True),
        (Outcome.THROTTLED, False),
        (Outcome.PROXY, False),
        (Outcome.STORAGE, False),
        (Outcome.WORKER_DIED, False),
        (Outcome.TOO_LARGE, False),
        (Outcome.EXTRACT_TIMEOUT, False),
        (Outcome.SEEN_GONE, False),
    ],
)
def test_what_a_failing_host_answers(outlet, outcome, is_outage):
    for _ in range(2):
        outlet.page(read_h=5, outcome=outcome, since_h=2)
    third = outlet.page(read_h=5)
    assert bool(hosts_failing([third.pk])) is is_outage


def test_a_failure_of_the_day_before_yesterday_tells_nothing_of_today(outlet):
    for _ in range(2):
        outlet.page(read_h=90, outcome=Outcome.TIMEOUT, since_h=60, last_h=50)
    third = outlet.page(read_h=90)
    assert hosts_failing([third.pk]) == frozenset()


def test_a_page_that_is_not_watched_tells_nothing(outlet):
    for _ in range(2):
        left = outlet.page(read_h=5, outcome=Outcome.GONE, since_h=2)
        Watch.objects.filter(source=left).update(due_at=None)
    third = outlet.page(read_h=5)
    assert hosts_failing([third.pk]) == frozenset()


def test_all_hosts_of_a_batch_are_told_in_one_query(outlet, django_assert_num_queries):
    other, further = Outlet("other.example:443"), Outlet("further.example:443")
    asked = [place.page(read_h=5).pk for place in (outlet, other, further) for _ in range(3)]
    further.page(read_h=0.1)
    single = Outlet("single.example:443").page(read_h=5).pk
    with django_assert_num_queries(1):
        assert hosts_failing([*asked, single]) == frozenset(asked)


def test_nothing_failed_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert hosts_failing([]) == frozenset()


def test_since_when_a_host_fails_is_told_to_people(outlet):
    outlet.page(read_h=9, outcome=Outcome.GONE, since_h=4)
    outlet.page(read_h=9, outcome=Outcome.TIMEOUT, since_h=3)
    third = outlet.page(read_h=9, outcome=Outcome.GONE, since_h=2)
    assert host_failing_since(third.pk) == outlet.now - 4 * HOURS
    outlet.page(read_h=1)
    assert host_failing_since(third.pk) is None


def said(source: Source, text: str) -> None:
    snapshot = Snapshot.objects.create(
        source=source,
        taken_at=timezone.now(),
        sha256="0" * 64,
        size_bytes=1,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    Source.objects.filter(pk=source.pk).update(snapshot=snapshot)


def test_the_text_of_another_address_of_the_host_is_known(outlet):
    mine, other = outlet.page(read_h=5), outlet.page(read_h=5)
    abroad = Outlet("other.example:443").page(read_h=5)
    said(other, "This paper has ceased to appear.")
    assert is_said_elsewhere(mine.pk, "This paper has ceased to appear.")
    assert not is_said_elsewhere(mine.pk, "Other words.")
    assert not is_said_elsewhere(other.pk, "This paper has ceased to appear.")
    assert not is_said_elsewhere(abroad.pk, "This paper has ceased to appear.")
