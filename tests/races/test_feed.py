"""Many write, many follow the feed over HTTP: each entry has its effect once, in order."""

import os
import secrets
import time

import pytest

from claims.models import LedgerEntry
from tests.claims.cast import make_cast, make_claim
from tests.following import Consumer, Writers, following, hide_or_open, reword, say, tip
from tests.stack import Stack
from tests.until import until

SMALL = (6, 2, 2)
FULL = (16, 4, 60)
SIZES = [SMALL, pytest.param(*FULL, marks=[pytest.mark.long, pytest.mark.timeout(400)])]
"""Writers, consumers, seconds."""
CLAIMS = 8


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("web"))
    try:
        stack.start("web")
        yield stack
    finally:
        stack.supervisor.stop()


@pytest.fixture
def cast(committed_db):
    cast = make_cast()
    for number in range(CLAIMS):
        make_claim(cast, f"Claim {number}.")
    return cast


@pytest.fixture
def seed():
    given = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    print(f"SEED={given}")  # noqa: T201 - to do it again
    return given


def write_for(writers: Writers, seconds: float) -> None:
    until_at = time.monotonic() + seconds
    with writers.at_work():
        until(lambda: time.monotonic() > until_at, within_s=seconds + 60)
    assert writers.aborted


@pytest.mark.parametrize(("writers", "consumers", "seconds"), SIZES)
def test_each_consumer_has_each_entry_once_in_order(
    web, cast, seed, tmp_path, writers, consumers, seconds
):
    many = [
        Consumer(tmp_path, cast, name="ada", desk=cast.desk, url=web.url) for _ in range(consumers)
    ]
    with following(*many):
        write_for(Writers(cast, count=writers, acts=[tip, say, reword], seed=seed), seconds)
        for consumer in many:
            consumer.assert_followed()


@pytest.mark.parametrize(("writers", "consumers", "seconds"), SIZES)
def test_consumer_without_rights_holds_nothing_after_hidden_and_all_after_opened(
    web, cast, seed, tmp_path, writers, consumers, seconds
):
    theirs = [
        Consumer(tmp_path, cast, name="omar", desk=cast.other_desk, url=web.url)
        for _ in range(consumers)
    ]
    ours = Consumer(tmp_path, cast, name="dora", desk=cast.desk, url=web.url)
    with following(*theirs, ours):
        for consumer in theirs:
            consumer.note_what_is_held()
        acts = [tip, reword, hide_or_open, hide_or_open]
        write_for(Writers(cast, count=writers, acts=acts, seed=seed), seconds)
        for consumer in [*theirs, ours]:
            consumer.assert_followed()
        for consumer in theirs:
            assert consumer.hidden_but_held() == []
    assert LedgerEntry.objects.filter(kind="hidden").exists()
    assert all(consumer.rows("SELECT * FROM held") for consumer in theirs)
