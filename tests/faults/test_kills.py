"""kill -9 in the middle of a round: after restart nothing is lost, nothing recorded twice."""

import random
import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from celery import Celery
from django.core.management import call_command
from django.db.models import Count

from claims.models import Evidence, LedgerEntry, Snapshot, Source, Watch
from claims.states import QuoteState
from config.celery import broker_url
from config.services import Redis
from tests.stack import Stack
from tests.until import until


@pytest.fixture
def own_redis():
    """A Redis of this test's own, to be killed; as root it runs as another user."""
    with tempfile.TemporaryDirectory(prefix="stet-redis-") as name:
        Path(name).chmod(0o755)
        with Redis(Path(name)) as running:
            yield running


@pytest.fixture
def stack(committed_db, own_redis, tmp_path):
    """The whole product on the seed, every source of it due, on a Redis of its own."""
    running = Stack(tmp_path)
    running.environment["REDIS_URL"] = own_redis.url
    running.environment["WATCH_LEASE_S"] = "5"
    running.load_seeds()
    try:
        running.start()
        yield running
    finally:
        running.supervisor.stop()


def kill(process) -> None:
    process.child.kill()
    process.child.wait()


def somebody_looks() -> bool:
    return Watch.objects.filter(lease_token__isnull=False).exists()


def all_looked_at() -> bool:
    return not Watch.objects.filter(looks=0, due_at__isnull=False).exists()


def assert_nothing_lost_nothing_twice() -> None:
    until(all_looked_at)
    until(lambda: not Evidence.objects.exclude(quote_state=QuoteState.STANDING).exists())
    twice = Snapshot.objects.values("source", "text_sha256").annotate(n=Count("pk"))
    assert not twice.filter(n__gt=1).exists()
    assert Snapshot.objects.values("source").distinct().count() == Source.objects.count()
    taken = LedgerEntry.objects.filter(kind="snapshot_taken").count()
    assert taken == Snapshot.objects.count()
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("whole: ")


def test_a_fetch_worker_killed_in_mid_round(stack):
    until(somebody_looks)
    kill(stack.process("fetch"))
    stack.process("fetch").start()
    assert_nothing_lost_nothing_twice()


def test_beat_killed_in_mid_round(stack):
    until(somebody_looks)
    kill(stack.process("beat"))
    stack.process("beat").start()
    assert_nothing_lost_nothing_twice()


def test_redis_killed_in_mid_round(stack, own_redis):
    until(somebody_looks)
    own_redis.child.kill()
    own_redis.child.wait()
    own_redis.start()
    assert_nothing_lost_nothing_twice()


def test_a_forged_message_runs_nothing(stack, own_redis):
    until(all_looked_at)
    before = LedgerEntry.objects.count()
    with Celery("forger", broker=broker_url(own_redis.url)) as forger:
        forger.conf.broker_transport_options = {"global_keyprefix": "stet:"}
        for name, words in (
            ("os.system", ["true"]),
            ("verifier.tasks.ring", ["an argument it does not take"]),
        ):
            forger.send_task(name, args=words, queue="fetch")
    Watch.objects.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    until(lambda: not Watch.objects.filter(looks__lt=2).exists())
    assert LedgerEntry.objects.count() == before
    assert stack.process("fetch").child.poll() is None


@pytest.mark.long
@pytest.mark.timeout(600)
def test_twenty_random_kills_while_every_page_is_looked_at_again_and_again(stack, own_redis):
    dice = random.Random(20)  # noqa: S311 - whom to kill next
    for _ in range(20):
        until(somebody_looks, within_s=120)
        victim = dice.choice(["fetch", "default", "beat", "redis"])
        if victim == "redis":
            own_redis.child.kill()
            own_redis.child.wait()
            own_redis.start()
        else:
            kill(stack.process(victim))
            stack.process(victim).start()
    assert_nothing_lost_nothing_twice()
