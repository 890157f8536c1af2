"""Redis gone, frozen, emptied, refusing, or full of things that are no rings."""

import base64
import json
import signal
import threading
from contextlib import contextmanager

import pytest
from redis import Redis as Client

from claims.models import LedgerEntry, Watch
from tests.faults.conftest import PAGES
from tests.faults.visitor import Visitor
from tests.faults.watching import bell, make_all_due
from tests.until import until


@pytest.fixture
def redis(own_redis):
    with Client.from_url(own_redis.url) as client:
        yield client


def ask_for_a_look(ada: Visitor, row) -> None:
    answer = ada.post(f"/admin/claims/source/{row.source.reference}/look/")
    assert answer.status == 302
    assert Watch.objects.get(source=row.source).due_at


def test_a_lost_redis_costs_no_request_and_its_return_no_restart(
    whole, ada, system, rows, outlet, own_redis
):
    with whole.unharmed():
        own_redis.child.kill()
        own_redis.child.wait()
        ask_for_a_look(ada, rows[0])
        assert system.get("/api/v1/claims/").status == 200
        assert system.get("/healthz").json() == {"database": "ok", "redis": "down"}
        until(lambda: "Trying again" in whole.new_lines("fetch"))
        own_redis.start()
        whole.assert_goes_on(outlet, PAGES)


def test_rings_flushed_while_they_wait_are_rung_again(whole, rows, outlet, redis):
    whole.kill("fetch")
    make_all_due()
    until(lambda: redis.llen("stet:fetch") > 1)
    redis.flushall()
    whole.process("fetch").start()
    whole.assert_goes_on(outlet, PAGES)


def test_rings_nobody_answers_do_not_pile_up(whole, redis):
    whole.kill("fetch")
    try:
        with bell(whole.environment["REDIS_URL"]) as ours:
            for _ in range(100):
                ours.send_task("verifier.tasks.ring", queue="fetch")
        assert redis.llen("stet:fetch") <= 33
    finally:
        whole.process("fetch").start()


@contextmanager
def frozen(service):
    """A Redis that keeps its connections and says nothing."""
    service.child.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        service.child.send_signal(signal.SIGCONT)


def test_a_frozen_redis_keeps_nobody_waiting_for_long(whole, ada, system, rows, outlet, own_redis):
    with frozen(own_redis):
        ask_for_a_look(ada, rows[0])
        assert system.get("/api/v1/claims/").status == 200
        assert system.get("/healthz").json()["redis"] == "down"
    whole.assert_goes_on(outlet, PAGES)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_redis_frozen_for_a_minute_is_taken_up_again(whole, ada, rows, outlet, own_redis):
    with frozen(own_redis):
        threading.Event().wait(60)
        ask_for_a_look(ada, rows[0])
    whole.assert_goes_on(outlet, PAGES)


REFUSING = [
    ("wrong password", ("CONFIG", "SET", "requirepass"), "secret", ""),
    ("full", ("CONFIG", "SET", "maxmemory"), "1", "128mb"),
    ("read-only", ("REPLICAOF",), "127.0.0.1 1", "NO ONE"),
]


@pytest.mark.parametrize(("word", "command", "turn", "back"), REFUSING)
def test_a_redis_that_refuses_is_as_good_as_away_and_health_says_why(
    whole, ada, rows, outlet, redis, word, command, turn, back
):
    redis.ping()  # this connection keeps its rights
    with whole.unharmed():
        redis.execute_command(*command, *turn.split())
        redis.client_kill_filter(_type="normal", skipme=True)
        try:
            until(
                lambda: (
                    Visitor(whole.url).get("/healthz").json() == {"database": "ok", "redis": word}
                )
            )
            ask_for_a_look(ada, rows[0])
            until(lambda: "Trying again" in whole.new_lines("fetch"))
        finally:
            redis.execute_command(*command, *(back.split() or [""]))
        whole.assert_goes_on(outlet, PAGES)


def ring(headers=None, body=None, properties=None, **other) -> bytes:
    """A well-formed ring with something else in it."""
    words = [[], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    message = {
        "body": base64.b64encode(json.dumps(words if body is None else body).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"task": "verifier.tasks.ring", "id": "1", "retries": 0, **(headers or {})},
        "properties": {
            "delivery_tag": "1",
            "delivery_info": {"exchange": "", "routing_key": "fetch"},
            "body_encoding": "base64",
            **(properties or {}),
        },
    }
    return json.dumps(message | other).encode()


def without(name: str) -> bytes:
    message = json.loads(ring())
    del message[name]
    return json.dumps(message).encode()


CHAIN = {"chain": [{"task": "verifier.tasks.sweep", "args": [], "kwargs": {}, "options": {}}]}
NO_RINGS = [
    b"\xff\xfe\x00garbage",
    b"",
    b"not json",
    b"[" * 100_000,
    b"9" * 5000,
    b"null",
    b'"text"',
    b"{}",
    without("body"),
    without("headers"),
    without("properties"),
    ring(body="no list"),
    ring(**{"content-type": "application/x-python-serialize"}),
    ring(**{"content-encoding": "nope"}),
    ring(headers={"task": "os.system"}),
    ring(headers={"task": ["a", "list"]}),
    ring(headers={"task": None, "id": None}),
    ring(headers={"retries": "x"}),
    ring(headers={"timelimit": "x"}),
    ring(headers={"timelimit": [1, 2, 3]}),
    ring(headers={"eta": "tomorrow"}),
    ring(headers={"expires": "never"}),
    ring(headers={"stamps": 5, "stamped_headers": "x", "ignore_result": "x", "lang": {}}),
    ring(headers={"root_id": [], "parent_id": {}, "group": 3, "origin": 0, "argsrepr": 9}),
    ring(properties={"delivery_tag": 5}),
    ring(properties={"delivery_info": "x"}),
    ring(properties={"priority": "x", "reply_to": 5, "correlation_id": []}),
    ring(properties={"body_encoding": "rot13"}),
    ring(body=[["an argument"], {}, {}]),
    ring(body=[[], {"url": "http://169.254.169.254/"}, {}]),
    ring(body=[[], {}, CHAIN]),
    json.dumps({"task": "verifier.tasks.ring", "id": "old", "args": [], "kwargs": {}}).encode(),
]


def test_what_is_no_ring_is_dropped_and_the_worker_lives_on(whole, rows, outlet, redis):
    before, asked = LedgerEntry.objects.count(), outlet.asked.copy()
    with whole.unharmed():
        for message in NO_RINGS:
            redis.lpush("stet:fetch", message)
        until(lambda: redis.llen("stet:fetch") == 0)
        assert (LedgerEntry.objects.count(), outlet.asked) == (before, asked)
        whole.assert_goes_on(outlet, PAGES)
    assert "no ring was dropped" in whole.new_lines("fetch")
    assert "unregistered task of type 'os.system'" in whole.new_lines("fetch")
