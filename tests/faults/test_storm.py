"""Random kills while every page is looked at again and again, and changes on a known schedule."""

import os
import random
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pytest

from claims.models import Watch
from claims.services.ledger import clock
from config.processes import Process
from tests.faults.invariants import assert_each_edition_had_its_effect_once
from tests.faults.watching import (
    LONG_AGO,
    all_looked_at_since,
    children_of,
    make_all_due,
    make_rows,
)
from tests.until import until

CHANGES_EVERY = 3


@dataclass(frozen=True)
class Storm:
    """How many pages are looked at how often, and how many of the rounds end in a kill."""

    pages: int
    rounds: int
    kills: int

    @property
    def looks(self) -> int:
        return self.pages * self.rounds


SMALL = Storm(pages=15, rounds=4, kills=2)
FULL = Storm(pages=200, rounds=20, kills=20)


def rage(storm: Storm, watching, outlet, own_redis) -> None:
    """Look at every page once a round, and in the middle of some rounds kill somebody."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    print(f"{storm.looks} rechecks, {storm.kills} kills, SEED={seed}")  # noqa: T201 - to do it again
    dice = random.Random(seed)  # noqa: S311 - whom to kill
    struck = set(dice.sample(range(storm.rounds), storm.kills))
    for turn in range(storm.rounds):
        for number in range(storm.pages):
            if turn and (number + turn) % CHANGES_EVERY == 0:
                outlet.publish(number)
        begun = make_all_due()
        if turn in struck:
            strike(dice, storm, watching, outlet, own_redis)
        until(partial(all_looked_at_since, begun), within_s=120)
        until(partial(all_read_since, begun), within_s=120)
    assert_each_edition_had_its_effect_once(outlet, range(storm.pages))
    watching.assert_whole()


def all_read_since(begun: datetime) -> bool:
    """Return whether every page was read; one whose child was killed is looked at once more."""
    unread = Watch.objects.exclude(last_read_at__gte=begun)
    unread.filter(due_at__gt=clock()).update(due_at=LONG_AGO)
    return not unread.exists()


def strike(dice, storm: Storm, watching, outlet, own_redis) -> None:
    """Kill somebody while a page drawn by lot is half read, and start it again."""
    hold = outlet.hold(dice.randrange(storm.pages))
    assert hold.asked.wait(60)
    victim = dice.choice(["fetch", "fetch", "child", "beat", "redis"])
    if victim == "redis":
        own_redis.child.kill()
        own_redis.child.wait()
        own_redis.start()
    elif victim == "child":
        for child in children_of(watching.process("fetch").child.pid):
            os.kill(child, 9)
    else:
        watching.kill(victim)
        watching.process(victim).start()
    hold.go.set()


@pytest.fixture
def rung(watching):
    """The watch with two beats that ring it."""
    beat = next(one for one in watching.processes() if one.name == "beat")
    second = Process(
        "beat2", beat.command, logs=watching.places.logs, environment=watching.environment
    )
    watching.supervisor.add(beat)
    watching.supervisor.add(second)
    yield watching
    for one in (beat, second):
        watching.supervisor.members.remove(one)
        one.stop()


def test_two_beats_ring_and_nothing_is_done_twice(rung, outlet, cast):
    make_rows(cast, outlet, numbers=range(4))
    begun = make_all_due()
    until(lambda: all_looked_at_since(begun))
    rung.kill("beat")
    outlet.publish(1)
    again = make_all_due()
    until(lambda: all_looked_at_since(again))  # the other one rings
    assert_each_edition_had_its_effect_once(outlet, range(4))
    rung.assert_whole()


def test_random_kills_lose_nothing_and_double_nothing(rung, outlet, cast, own_redis):
    make_rows(cast, outlet, numbers=range(SMALL.pages))
    rage(SMALL, rung, outlet, own_redis)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_twenty_random_kills_during_4000_rechecks_lose_and_double_nothing(
    rung, outlet, cast, own_redis
):
    make_rows(cast, outlet, numbers=range(FULL.pages))
    rage(FULL, rung, outlet, own_redis)
