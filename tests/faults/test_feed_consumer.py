"""The documented consumer of the feed, and the web it asks, killed again and again."""

import os
import random
import re
import secrets
import sqlite3
import subprocess
import sys
import time
from functools import partial

import pytest

from claims.models import LedgerEntry, Membership
from claims.services.claims import close, set_visibility
from claims.services.redaction import redact
from claims.states import CloseReason, Role, Visibility
from tests.claims.cast import fresh, make_cast, make_claim
from tests.following import PROGRAM, Consumer, Writers, following, reword, say, tip
from tests.stack import ROOT, Stack
from tests.until import until

ALL_LINES = pytest.param(1, marks=[pytest.mark.long, pytest.mark.timeout(600)])


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
    return make_cast()


@pytest.fixture
def claim(cast):
    return make_claim(cast, "About 1,500 soldiers have arrived.")


@pytest.fixture
def make_consumer(web, cast, tmp_path):
    """Return a function that makes a consumer for one of the cast."""

    def make(name="ada") -> Consumer:
        desk = cast.other_desk if name == "omar" else cast.desk
        return Consumer(tmp_path, cast, name=name, desk=desk, url=web.url)

    return make


def test_the_manual_names_the_program():
    assert "(feed_consumer.py)" in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_it_needs_the_standard_library_alone():
    words = re.findall(r"^(?:from|import) (\w+)", PROGRAM.read_text(encoding="utf-8"), re.MULTILINE)
    assert words
    assert set(words) <= sys.stdlib_module_names


@pytest.mark.parametrize("step", [29, ALL_LINES])
def test_killed_at_any_line_it_goes_on_where_it_was(cast, claim, make_consumer, tmp_path, step):
    tip(cast, claim, "A tip.")
    for to in (Visibility.RESTRICTED, Visibility.OPEN):
        set_visibility(cast.cleo, claim.pk, to=to, seen=fresh(claim).revision)
    whole = make_consumer()
    first = 1 + secrets.randbelow(step)
    print(f"from line {first}")  # noqa: T201 - to do it again
    folder = tmp_path / "killed"
    folder.mkdir()
    program = ROOT / "tests" / "faults" / "killed_at.py"
    done = subprocess.run(
        [sys.executable, program, PROGRAM, whole.url, folder, str(first), str(step)],
        env=whole.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 100 // step
    print(f"{done.stdout.strip()} deaths")  # noqa: T201 - what the figures come from
    for file in sorted(folder.iterdir())[: int(done.stdout)]:
        whole.file = file
        assert_followed_though_dead(whole)


def assert_followed_though_dead(consumer: Consumer) -> None:
    last = LedgerEntry.objects.latest("seq")
    effects = consumer.rows("SELECT seq FROM done ORDER BY rowid")
    assert effects == [(seq,) for seq in range(1, last.seq + 1)], consumer.file
    assert consumer.rows("SELECT hash FROM place") == [(bytes(last.hash).hex(),)]
    consumer.assert_holds_what_may_be_seen()


LONG = pytest.param(16, 4, 12, 5, marks=[pytest.mark.long, pytest.mark.timeout(600)])


@pytest.mark.parametrize(("writers", "consumers", "kills", "every_s"), [(3, 2, 3, 0), LONG])
def test_web_and_consumers_killed_while_others_write_double_and_lose_nothing(
    web, cast, make_consumer, writers, consumers, kills, every_s
):
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    print(f"SEED={seed}")  # noqa: T201 - to do it again
    for number in range(8):
        make_claim(cast, f"Claim {number}.")
    many = [make_consumer() for _ in range(consumers)]
    dice = random.Random(seed)  # noqa: S311 - whom to kill
    work = Writers(cast, count=writers, acts=[tip, say, reword], seed=seed)
    with following(*many):
        with work.at_work():
            for turn in range(kills):
                victim = dice.choice(many)
                begun, until_at = victim.place(), time.monotonic() + every_s
                until(partial(has_gone_on, victim, begun, until_at))
                if turn % 2:
                    web.kill("web")
                    web.process("web").start()
                else:
                    victim.kill()
                    victim.start()
        assert web.supervisor.watch(web.answers, timeout_s=60)
        for consumer in many:
            consumer.assert_followed()


def has_gone_on(consumer: Consumer, place: int, until_at: float) -> bool:
    return consumer.place() > place and time.monotonic() > until_at


def test_what_is_removed_is_removed_from_what_it_holds(cast, claim, make_consumer):
    consumer = make_consumer()
    with following(consumer):
        consumer.catch_up()
        redact(cast.cleo, seq=1, field="statement", reason="A name stood in it.")
        consumer.assert_followed()
    assert consumer.rows("SELECT statement FROM claims") == [("[redacted]",)]
    assert b"soldiers" not in consumer.file.read_bytes()


def test_change_of_rights_has_it_read_all_claims_anew(cast, claim, make_consumer):
    make_claim(cast, "Of the desk alone.", visibility=Visibility.RESTRICTED)
    consumer = make_consumer("omar")
    with following(consumer):
        consumer.catch_up()
        assert consumer.rows("SELECT reference FROM claims") == [(claim.reference,)]
        consumer.kill()
        # the same file goes on with a token that sees more
        consumer.environment = make_consumer("ada").environment
        consumer.name = "ada"
        consumer.start()
        consumer.catch_up()
        until(lambda: len(consumer.rows("SELECT reference FROM claims")) == 2)
        consumer.assert_followed()


def test_role_that_is_less_than_before_is_no_reason_to_stop(cast, claim, make_consumer):
    consumer = make_consumer()
    with following(consumer):
        consumer.catch_up()
        Membership.objects.filter(user=cast.users["ada"]).update(role=Role.READER)
        close(cast.cleo, claim.pk, reason=CloseReason.MISTAKE, note="A slip.", seen=1)
        consumer.assert_followed()


def test_another_ledger_is_noticed(cast, claim, make_consumer):
    consumer = make_consumer()
    with following(consumer):
        consumer.catch_up()
        consumer.kill()
        with sqlite3.connect(consumer.file) as file:
            file.execute("UPDATE place SET hash = ?", ["ab" * 32])
        file.close()
        tip(cast, claim, "A tip.")
        consumer.start()
        assert consumer.child
        assert consumer.child.wait(60) == 1
    assert "another ledger" in consumer.log.read_text(encoding="utf-8")
