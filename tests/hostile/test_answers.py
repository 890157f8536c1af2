"""Bad answers: each ends within its limits, with the outcome that names what was wrong."""

import socket

import pytest

from claims.states import Outcome
from claims.types import Fetched
from tests.hostile.answers import PAGE, ROUTES, status
from tests.hostile.catalogue import case
from tests.hostile.server import Server
from verifier.fetch import fetch, fetch_many
from verifier.types import FetchRequest, Guard, Limits

LIMITS = Limits(total_s=1.0, connect_s=1.0, wire_bytes=1_000_000, decoded_bytes=2_000_000)

OUTCOMES = [
    ("/fine", Outcome.CHANGED, 200),
    ("/zipped", Outcome.CHANGED, 200),
    ("/to-fine", Outcome.CHANGED, 200),
    ("/unauthorised", Outcome.BLOCKED, 401),
    ("/legal", Outcome.BLOCKED, 451),
    ("/teapot", Outcome.CLIENT_ERROR, 418),
    ("/failing", Outcome.SERVER_ERROR, 500),
    case(28, "/reset", Outcome.CONNECTION, 0),
    case(28, "/reset-in-head", Outcome.CONNECTION, 200),
    case(28, "/reset-in-body", Outcome.CONNECTION, 200),
    case(28, "/nothing", Outcome.CONNECTION, 0),
    case(30, "/to-itself", Outcome.REDIRECT_LOOP, 301),
    case(30, "/a", Outcome.REDIRECT_LOOP, 301),
    case(30, "/chain-0", Outcome.REDIRECT_LOOP, 301),
    case(31, "/to-file", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-data", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-redis", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-port-22", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-metadata", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-decimal", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-single-label", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-nowhere", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-no-place", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-no-url", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-a-long-way", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-a-backslash", Outcome.REDIRECT_BLOCKED, 301),
    case(31, "/to-credentials", Outcome.REDIRECT_BLOCKED, 301),
    case(33, "/to-fine-with-cookie", Outcome.CHANGED, 200),
    case(34, "/slow-head", Outcome.TIMEOUT, 200),
    case(34, "/slow-body", Outcome.TIMEOUT, 200),
    case(34, "/silent", Outcome.TIMEOUT, 0),
    case(35, "/endless", Outcome.TOO_LARGE, 200),
    case(35, "/endless-chunks", Outcome.TOO_LARGE, 200),
    case(35, "/endless-redirect-body", Outcome.CHANGED, 200),
    case(35, "/endless-not-found", Outcome.GONE, 404),
    case(36, "/five-gigabytes", Outcome.TOO_LARGE, 200),
    case(36, "/length-of-23-digits", Outcome.TOO_LARGE, 200),
    case(36, "/negative-length", Outcome.PROTOCOL, 200),
    case(36, "/two-lengths", Outcome.PROTOCOL, 200),
    case(36, "/length-and-chunks", Outcome.PROTOCOL, 200),
    case(36, "/chunk-that-is-none", Outcome.PROTOCOL, 200),
    case(36, "/chunk-of-18-digits", Outcome.PROTOCOL, 200),
    case(37, "/too-short", Outcome.INCOMPLETE, 200),
    case(37, "/chunks-cut", Outcome.INCOMPLETE, 200),
    case(38, "/5000-fields", Outcome.PROTOCOL, 200),
    case(38, "/trailer-storm", Outcome.PROTOCOL, 200),
    case(38, "/field-of-a-megabyte", Outcome.PROTOCOL, 200),
    case(38, "/field-without-colon", Outcome.PROTOCOL, 200),
    case(38, "/nul-in-field", Outcome.PROTOCOL, 200),
    case(38, "/nul-in-status", Outcome.PROTOCOL, 200),
    case(39, "/bomb", Outcome.TOO_LARGE, 200),
    case(39, "/bomb-of-many-members", Outcome.TOO_LARGE, 200),
    case(39, "/zip-in-zip", Outcome.BAD_ENCODING, 200),
    case(39, "/zip-cut", Outcome.BAD_ENCODING, 200),
    case(39, "/zip-and-garbage", Outcome.BAD_ENCODING, 200),
    case(39, "/zip-that-is-none", Outcome.BAD_ENCODING, 200),
    # Members in a row are one stream by RFC 1952, bounded as any other.
    case(39, "/zipped-twice-over", Outcome.CHANGED, 200),
    case(40, "/brotli", Outcome.UNSUPPORTED_ENCODING, 200),
    case(40, "/zstd", Outcome.UNSUPPORTED_ENCODING, 200),
    case(40, "/gzip-gzip", Outcome.UNSUPPORTED_ENCODING, 200),
    case(40, "/two-encodings", Outcome.UNSUPPORTED_ENCODING, 200),
    case(40, "/rot13", Outcome.UNSUPPORTED_ENCODING, 200),
    case(40, "/transfer-gzip", Outcome.BAD_ENCODING, 200),
    case(41, "/no-content", Outcome.EMPTY, 204),
    case(41, "/reset-content", Outcome.EMPTY, 205),
    case(41, "/part", Outcome.INCOMPLETE, 206),
    case(41, "/not-modified", Outcome.PROTOCOL, 304),
    case(41, "/use-proxy", Outcome.PROTOCOL, 305),
    case(41, "/switching", Outcome.PROTOCOL, 101),
    case(41, "/status-999", Outcome.PROTOCOL, 999),
    case(41, "/early-hints", Outcome.CHANGED, 200),
    case(41, "/slow-interim", Outcome.TIMEOUT, 100),
    case(41, "/interim-storm", Outcome.PROTOCOL, 100),
    case(42, "/forbidden", Outcome.BLOCKED, 403),
    case(42, "/too-many", Outcome.THROTTLED, 429),
    case(42, "/unavailable", Outcome.SERVER_ERROR, 503),
    case(43, "/not-found", Outcome.GONE, 404),
    case(43, "/gone", Outcome.GONE, 410),
    case(45, "/empty", Outcome.EMPTY, 200),
    case(45, "/zip-of-nothing", Outcome.EMPTY, 200),
    case(46, "/image", Outcome.CHANGED, 200),
    case(46, "/pdf-as-html", Outcome.CHANGED, 200),
    case(46, "/two-types", Outcome.CHANGED, 200),
    case(47, "/zip", Outcome.CHANGED, 200),
    case(48, "/http-0.9", Outcome.PROTOCOL, 0),
    case(48, "/http-2-in-plain", Outcome.PROTOCOL, 0),
    case(48, "/ssh", Outcome.PROTOCOL, 0),
    case(48, "/garbage", Outcome.PROTOCOL, 0),
]
JUDGED = [getattr(row, "values", row) for row in OUTCOMES]
# Further stations of the loop and of the chain.
ON_THE_WAY = {"/b", *(f"/chain-{n}" for n in range(1, 9))}


def look(server: Server, path: str, *, limits: Limits = LIMITS) -> Fetched:
    return fetch(FetchRequest(server.url(path)), limits=limits, guard=Guard(allow=server.allow))


@pytest.mark.parametrize(("path", "outcome", "status"), OUTCOMES)
def test_every_answer_ends_in_the_outcome_that_names_it(server, path, outcome, status):
    got = look(server, path)
    assert (got.outcome, got.status) == (outcome, status)


def test_every_route_is_judged():
    assert {path for path, _, _ in JUDGED} == ROUTES.keys() - ON_THE_WAY


@pytest.fixture(scope="module")
def lot():
    with Server(ROUTES) as running:
        requests = [FetchRequest(running.url(path)) for path, _, _ in JUDGED]
        limits = Limits(total_s=2.0, wire_bytes=1_000_000, decoded_bytes=2_000_000, per_host=16)
        yield fetch_many(requests, limits=limits, guard=Guard(allow=running.allow))


def test_the_whole_lot_at_once_gives_the_same_as_one_by_one(lot):
    assert [got.outcome for got in lot] == [outcome for _, outcome, _ in JUDGED]


def test_every_failure_says_why_in_words(lot):
    assert all(got.detail for got in lot if got.outcome is not Outcome.CHANGED)


@pytest.mark.catalogue(28)
def test_a_port_where_nobody_listens_is_a_matter_of_connection():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        got = fetch(
            FetchRequest(f"http://{place}/"), limits=LIMITS, guard=Guard(allow=frozenset({place}))
        )
    assert (got.outcome, got.body) == (Outcome.CONNECTION, b"")


@pytest.mark.catalogue(28, 37)
def test_a_body_that_breaks_off_is_kept_as_far_as_it_came(server):
    assert look(server, "/too-short").body == PAGE
    assert look(server, "/reset-in-body").body == b"x" * 100


@pytest.mark.catalogue(40)
def test_a_body_in_a_foreign_encoding_is_kept_raw(server):
    assert look(server, "/brotli").body == b"raw"


def test_all_members_of_a_gzip_stream_are_read(server):
    assert look(server, "/zipped-twice-over").body == PAGE * 2


@pytest.mark.catalogue(35, 36, 39)
@pytest.mark.parametrize("path", ["/bomb", "/endless", "/endless-chunks", "/five-gigabytes"])
def test_a_body_over_its_limit_is_let_go(server, path):
    assert look(server, path).body == b""


@pytest.mark.catalogue(41)
def test_a_304_to_a_conditional_request_is_unchanged(server):
    request = FetchRequest(server.url("/not-modified"), etag='"one"')
    got = fetch(request, limits=LIMITS, guard=Guard(allow=server.allow))
    assert (got.outcome, got.status) == (Outcome.UNCHANGED, 304)


@pytest.mark.catalogue(46)
def test_of_two_media_types_the_last_counts(server):
    assert look(server, "/two-types").media_type == "image/png"


FAR = "Fri, 31 Dec 9999 23:59:59 GMT"
PAST = "Mon, 02 Nov 1998 10:00:00 GMT"


@pytest.mark.parametrize("line", ["403 No", "429 No", "503 No"])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        case(42, "0", 60),
        case(42, "120", 120),
        case(42, "1000000000", 86_400),
        case(42, "9" * 5000, 86_400, name="5,000 digits"),
        case(42, FAR, 86_400),
        case(42, PAST, 60),
        case(42, "-5", None),
        case(42, "1.5", None),
        case(42, "²", None),
        case(42, "soon", None),
        case(42, "Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_what_the_server_asks_us_to_wait_is_told_within_bounds(line, value, seconds):
    with Server({"/": status(line, f"Retry-After: {value}")}) as server:
        assert look(server, "/").retry_after_s == seconds


@pytest.mark.catalogue(33)
def test_a_cookie_set_on_the_way_is_neither_sent_nor_kept(server):
    got = look(server, "/to-fine-with-cookie")
    assert "cookie" not in server.heads[-1].lower()
    assert "set-cookie" not in {name for hop in got.hops for name, _ in hop.headers}


@pytest.mark.catalogue(31)
def test_credentials_of_a_redirect_are_not_told(server):
    assert "secret" not in look(server, "/to-credentials").detail
