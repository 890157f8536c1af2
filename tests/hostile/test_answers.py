"""Bad answers: each ends within its limits, with the outcome that names what was wrong."""

import subprocess
import sys

import pytest

from claims.states import Outcome
from claims.types import Fetched
from tests.hostile.answers import BOMB, PAGE, ROUTES
from tests.hostile.server import Server
from verifier.fetch import fetch, fetch_many
from verifier.types import FetchRequest, Guard, Limits

LIMITS = Limits(total_s=1.0, connect_s=1.0, wire_bytes=1_000_000, decoded_bytes=2_000_000)

OUTCOMES = [
    ("/fine", Outcome.CHANGED, 200),
    ("/zipped", Outcome.CHANGED, 200),
    ("/zipped-twice-over", Outcome.CHANGED, 200),
    ("/image", Outcome.CHANGED, 200),
    ("/zip-cut", Outcome.BAD_ENCODING, 200),
    ("/zip-and-garbage", Outcome.BAD_ENCODING, 200),
    ("/zip-that-is-none", Outcome.BAD_ENCODING, 200),
    ("/bomb", Outcome.TOO_LARGE, 200),
    ("/brotli", Outcome.UNSUPPORTED_ENCODING, 200),
    ("/zstd", Outcome.UNSUPPORTED_ENCODING, 200),
    ("/gzip-gzip", Outcome.UNSUPPORTED_ENCODING, 200),
    ("/two-encodings", Outcome.UNSUPPORTED_ENCODING, 200),
    ("/rot13", Outcome.UNSUPPORTED_ENCODING, 200),
    ("/five-gigabytes", Outcome.TOO_LARGE, 200),
    ("/negative-length", Outcome.PROTOCOL, 200),
    ("/two-lengths", Outcome.PROTOCOL, 200),
    ("/length-and-chunks", Outcome.PROTOCOL, 200),
    ("/too-short", Outcome.INCOMPLETE, 200),
    ("/endless", Outcome.TOO_LARGE, 200),
    ("/endless-chunks", Outcome.TOO_LARGE, 200),
    ("/endless-redirect-body", Outcome.CHANGED, 200),
    ("/endless-not-found", Outcome.GONE, 404),
    ("/slow-head", Outcome.TIMEOUT, 200),
    ("/slow-body", Outcome.TIMEOUT, 200),
    ("/silent", Outcome.TIMEOUT, 0),
    ("/interim-storm", Outcome.PROTOCOL, 100),
    ("/reset", Outcome.CONNECTION, 0),
    ("/reset-in-head", Outcome.CONNECTION, 200),
    ("/reset-in-body", Outcome.CONNECTION, 200),
    ("/nothing", Outcome.CONNECTION, 0),
    ("/5000-fields", Outcome.PROTOCOL, 200),
    ("/field-of-a-megabyte", Outcome.PROTOCOL, 200),
    ("/field-without-colon", Outcome.PROTOCOL, 200),
    ("/nul-in-field", Outcome.PROTOCOL, 200),
    ("/http-0.9", Outcome.PROTOCOL, 0),
    ("/ssh", Outcome.PROTOCOL, 0),
    ("/garbage", Outcome.PROTOCOL, 0),
    ("/empty", Outcome.EMPTY, 200),
    ("/no-content", Outcome.EMPTY, 204),
    ("/reset-content", Outcome.EMPTY, 205),
    ("/part", Outcome.INCOMPLETE, 206),
    ("/not-modified", Outcome.PROTOCOL, 304),
    ("/status-999", Outcome.PROTOCOL, 999),
    ("/unauthorised", Outcome.BLOCKED, 401),
    ("/forbidden", Outcome.BLOCKED, 403),
    ("/legal", Outcome.BLOCKED, 451),
    ("/not-found", Outcome.GONE, 404),
    ("/gone", Outcome.GONE, 410),
    ("/teapot", Outcome.CLIENT_ERROR, 418),
    ("/too-many", Outcome.THROTTLED, 429),
    ("/failing", Outcome.SERVER_ERROR, 500),
    ("/unavailable", Outcome.SERVER_ERROR, 503),
    ("/to-itself", Outcome.REDIRECT_LOOP, 301),
    ("/a", Outcome.REDIRECT_LOOP, 301),
    ("/to-fine", Outcome.CHANGED, 200),
    ("/to-fine-with-cookie", Outcome.CHANGED, 200),
    ("/to-file", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-redis", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-metadata", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-decimal", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-single-label", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-nowhere", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-no-url", Outcome.REDIRECT_BLOCKED, 301),
    ("/to-credentials", Outcome.REDIRECT_BLOCKED, 301),
]


@pytest.fixture
def server():
    with Server(ROUTES) as running:
        yield running


def look(server: Server, path: str, *, limits: Limits = LIMITS) -> Fetched:
    return fetch(FetchRequest(server.url(path)), limits=limits, guard=Guard(allow=server.allow))


@pytest.mark.parametrize(("path", "outcome", "status"), OUTCOMES)
def test_every_answer_ends_in_the_outcome_that_names_it(server, path, outcome, status):
    got = look(server, path)
    assert (got.outcome, got.status) == (outcome, status)


def test_every_route_is_judged():
    # "/b" is the other half of the loop of "/a".
    assert {path for path, _, _ in OUTCOMES} == ROUTES.keys() - {"/b"}


@pytest.fixture(scope="module")
def lot():
    with Server(ROUTES) as running:
        requests = [FetchRequest(running.url(path)) for path, _, _ in OUTCOMES]
        limits = Limits(total_s=3.0, wire_bytes=1_000_000, decoded_bytes=2_000_000, per_host=16)
        yield fetch_many(requests, limits=limits, guard=Guard(allow=running.allow))


def test_the_whole_lot_at_once_gives_the_same_as_one_by_one(lot):
    assert [got.outcome for got in lot] == [outcome for _, outcome, _ in OUTCOMES]


def test_every_failure_says_why_in_words(lot):
    assert all(got.detail for got in lot if got.outcome is not Outcome.CHANGED)


def test_a_body_that_breaks_off_is_kept_as_far_as_it_came(server):
    assert look(server, "/too-short").body == PAGE
    assert look(server, "/reset-in-body").body == b"x" * 100


def test_a_body_in_a_foreign_encoding_is_kept_raw(server):
    assert look(server, "/brotli").body == b"raw"


def test_all_members_of_a_gzip_stream_are_read(server):
    assert look(server, "/zipped-twice-over").body == PAGE * 2


@pytest.mark.parametrize("path", ["/bomb", "/endless", "/endless-chunks"])
def test_no_body_grows_over_its_limit(server, path):
    assert len(look(server, path).body) <= LIMITS.decoded_bytes


def test_a_bomb_takes_no_memory_to_speak_of(server):
    limits = f"Limits(total_s=20, decoded_bytes={LIMITS.decoded_bytes})"
    program = f"""
import resource
from verifier.fetch import fetch
from verifier.types import FetchRequest, Guard, Limits
def look(path):
    request = FetchRequest({server.url("")!r} + path)
    fetch(request, limits={limits}, guard=Guard(allow=frozenset({{{server.authority!r}}})))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(look("/zipped"), look("/bomb"))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    before_mib, after_mib = map(int, done.stdout.split())
    assert len(BOMB) < LIMITS.wire_bytes
    assert after_mib - before_mib < 32


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("/too-many", 120), ("/unavailable", 60), ("/failing", None)],
)
def test_what_the_server_asks_us_to_wait_is_told_within_bounds(server, path, seconds):
    assert look(server, path).retry_after_s == seconds


def test_a_cookie_set_on_the_way_is_neither_sent_nor_kept(server):
    got = look(server, "/to-fine-with-cookie")
    assert "cookie" not in server.heads[-1].lower()
    assert "set-cookie" not in {name for hop in got.hops for name, _ in hop.headers}


def test_credentials_of_a_redirect_are_not_told(server):
    assert "secret" not in look(server, "/to-credentials").detail
