"""The outgoing door on its good days: validators, redirects, turns, and what goes on record."""

from datetime import UTC, datetime

import pycurl
import pytest

from claims.states import Outcome
from tests.hostile.answers import OK, PAGE, ROUTES, redirect, status, whole
from tests.hostile.server import Server, Visitor
from verifier.fetch import fetch, fetch_many, judge
from verifier.fetch.answers import (
    CURL_OUTCOMES,
    OTHER_PROTOCOLS,
    media_type_of,
    outcome_of_error,
    retry_after_s,
)
from verifier.types import FetchRequest, Guard, Limits

LIMITS = Limits(total_s=3.0, connect_s=1.0)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def server():
    with Server(ROUTES) as running:
        yield running


def look(server: Server, request: FetchRequest, *, limits: Limits = LIMITS, contact: str = ""):
    guard = Guard(allow=server.allow, contact=contact)
    return fetch(request, limits=limits, guard=guard)


def fields_of(head: str) -> dict[str, str]:
    lines = head.strip().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


def test_a_page_comes_with_what_is_needed_to_ask_again_and_to_prove_it(server):
    got = look(server, FetchRequest(server.url("/fine")))
    assert (got.body, got.media_type, got.charset) == (PAGE, "text/html", "utf-8")
    assert (got.etag, got.last_modified) == ('"one"', "Mon, 02 Nov 2026 10:00:00 GMT")
    assert (got.hops[0].peer, got.hops[0].status) == (server.authority, 200)
    assert ("etag", '"one"') in got.hops[0].headers


def test_a_request_says_who_asks_and_carries_nothing_else(server):
    look(server, FetchRequest(server.url("/fine")), contact="https://desk.example/about")
    fields = fields_of(server.heads[0])
    assert fields.keys() == {"host", "user-agent", "accept", "accept-encoding"}
    assert fields["user-agent"].endswith("; https://desk.example/about)")
    assert fields["accept-encoding"] == "gzip"


def not_modified(visitor: Visitor) -> None:
    visitor.send(b"HTTP/1.1 304 Not Modified\r\n\r\n")


def test_validators_are_sent_and_a_304_means_unchanged():
    with Server({"/": not_modified}) as server:
        request = FetchRequest(server.url("/"), etag='"one"', last_modified="yesterday")
        got = look(server, request)
    assert (got.outcome, got.body) == (Outcome.UNCHANGED, b"")
    fields = fields_of(server.heads[0])
    assert (fields["if-none-match"], fields["if-modified-since"]) == ('"one"', "yesterday")


def test_validators_are_sent_to_the_page_they_came_from_alone():
    with Server({"/old": redirect("/new"), "/new": not_modified}) as server:
        request = FetchRequest(server.url("/old"), etag='"one"', validated_url=server.url("/new"))
        got = look(server, request)
    assert got.outcome is Outcome.UNCHANGED
    assert ["if-none-match" in head.lower() for head in server.heads] == [False, True]


def test_validators_do_not_follow_a_redirect_to_another_page():
    with Server({"/old": redirect("/new"), "/new": ROUTES["/fine"]}) as server:
        got = look(server, FetchRequest(server.url("/old"), etag='"one"'))
    assert got.outcome is Outcome.CHANGED
    assert ["if-none-match" in head.lower() for head in server.heads] == [True, False]


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', '"ü"', "x" * 600])
def test_a_validator_that_is_no_line_of_text_is_not_sent(server, etag):
    look(server, FetchRequest(server.url("/fine"), etag=etag))
    assert "if-none-match" not in server.heads[0].lower()
    assert "evil" not in server.heads[0].lower()


@pytest.mark.parametrize(
    "field", ["ETag: " + "x" * 600, "Last-Modified: " + "x" * 65, "ETag: \xfc"]
)
def test_a_validator_that_could_not_be_sent_back_is_not_kept(field):
    with Server({"/": status("200 OK", field)}) as server:
        got = look(server, FetchRequest(server.url("/")))
    assert (got.outcome, got.etag, got.last_modified) == (Outcome.CHANGED, "", "")


def test_the_whole_chain_of_redirects_is_kept():
    routes = {"/a": redirect("/b"), "/b": redirect("c?x#y", code=308), "/c?x": whole(PAGE)}
    with Server(routes) as server:
        got = look(server, FetchRequest(server.url("/a")))
    assert [(hop.url, hop.status) for hop in got.hops] == [
        (server.url("/a"), 301),
        (server.url("/b"), 308),
        (server.url("/c?x"), 200),
    ]
    assert [hop.location for hop in got.hops] == ["/b", "c?x#y", ""]
    assert (got.outcome, got.url) == (Outcome.CHANGED, server.url("/c?x"))


@pytest.mark.parametrize(
    ("redirects", "outcome"), [(5, Outcome.CHANGED), (6, Outcome.REDIRECT_LOOP)]
)
def test_five_redirects_are_followed_and_no_more(redirects, outcome):
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(redirects)}
    with Server(routes | {f"/{redirects}": whole(PAGE)}) as server:
        assert look(server, FetchRequest(server.url("/0"))).outcome is outcome


def test_a_redirect_in_plain_utf8_is_followed():
    with Server({"/": redirect("/ü"), "/%C3%BC": whole(PAGE)}) as server:
        assert look(server, FetchRequest(server.url("/"))).outcome is Outcome.CHANGED


def test_the_path_is_sent_as_it_was_read_and_without_fragment():
    with Server({"/a%2Fb%zz?x=%C3%BC": whole(PAGE)}) as server:
        got = look(server, FetchRequest(server.url("/a%2Fb%zz?x=ü#part")))
    assert got.outcome is Outcome.CHANGED


def test_answers_stand_in_the_order_of_the_requests(server):
    paths = ["/not-found", "/fine", "/failing", "/fine", "/empty"]
    requests = [FetchRequest(server.url(path)) for path in paths]
    found = fetch_many(requests, limits=LIMITS, guard=Guard(allow=server.allow))
    assert [got.status for got in found] == [404, 200, 500, 200, 200]


def test_no_requests_give_no_answers():
    assert fetch_many([], limits=LIMITS, guard=Guard()) == []


def test_one_host_is_asked_two_things_at_once_and_no_more():
    with Server({"/": whole(PAGE)}) as server:
        requests = [FetchRequest(server.url("/"))] * 40
        found = fetch_many(requests, limits=LIMITS, guard=Guard(allow=server.allow))
    assert {got.outcome for got in found} == {Outcome.CHANGED}
    assert server.most_at_once <= 2


def test_a_hanging_host_does_not_hold_up_another():
    with Server({"/": lambda visitor: visitor.hold()}) as slow, Server(ROUTES) as fast:
        urls = [slow.url("/")] * 3 + [fast.url("/fine")] * 3
        guard = Guard(allow=slow.allow | fast.allow)
        limits = Limits(total_s=0.5, concurrency=3)
        found = fetch_many([FetchRequest(url) for url in urls], limits=limits, guard=guard)
    assert [got.outcome for got in found] == [Outcome.TIMEOUT] * 3 + [Outcome.CHANGED] * 3


def test_waiting_for_a_turn_does_not_count_against_a_look():
    answers = iter(range(20))

    def answer(visitor: Visitor) -> None:
        if next(answers) < 19:
            visitor.drip(b"H", every_s=0.05)
        visitor.send(whole(PAGE))

    with Server({"/": answer}) as server:
        requests = [FetchRequest(server.url("/"))] * 20
        limits = Limits(total_s=0.5, per_host=1)
        found = fetch_many(requests, limits=limits, guard=Guard(allow=server.allow))
    assert Outcome.TIMEOUT not in {got.outcome for got in found}


def test_connections_are_kept_within_a_batch():
    with Server({"/": whole(PAGE)}, keeps_alive=True) as server:
        requests = [FetchRequest(server.url("/"))] * 20
        fetch_many(requests, limits=LIMITS, guard=Guard(allow=server.allow))
    assert server.connections <= 2


def test_a_name_is_asked_for_once_a_batch(server):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    name = server.authority.replace("127.0.0.1", "news.example")
    guard = Guard(allow=frozenset({name}), resolve=resolve)
    found = fetch_many([FetchRequest(f"http://{name}/fine")] * 5, limits=LIMITS, guard=guard)
    assert {got.outcome for got in found} == {Outcome.CHANGED}
    assert asked == ["news.example"]


def test_the_second_address_of_a_name_is_tried_when_the_first_does_not_answer(server):
    name = server.authority.replace("127.0.0.1", "news.example")
    guard = Guard(allow=frozenset({name}), resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
    got = fetch(FetchRequest(f"http://{name}/fine"), limits=LIMITS, guard=guard)
    assert (got.outcome, got.hops[0].peer) == (Outcome.CHANGED, server.authority)


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("", Outcome.BAD_URL),
        ("nonsense", Outcome.BAD_URL),
        ("ftp://example.com/", Outcome.BAD_URL),
        ("http://example.com:22/", Outcome.BLOCKED_ADDRESS),
        ("http://10.0.0.1/", Outcome.BLOCKED_ADDRESS),
    ],
)
def test_what_may_not_be_asked_for_ends_before_any_connection(url, outcome):
    got = fetch(FetchRequest(url), limits=LIMITS, guard=Guard())
    assert (got.outcome, got.hops) == (outcome, ())
    assert got.detail


def test_a_closed_port_is_a_matter_of_the_connection():
    got = fetch(
        FetchRequest("http://127.0.0.1:1/"),
        limits=LIMITS,
        guard=Guard(allow=frozenset({"127.0.0.1:1"})),
    )
    assert (got.outcome, got.status) == (Outcome.CONNECTION, 0)


def test_a_cut_header_block_does_not_reach_the_next_look(server):
    requests = [FetchRequest(server.url(path)) for path in ("/5000-fields", "/fine")]
    found = fetch_many(requests, limits=LIMITS, guard=Guard(allow=server.allow))
    assert [got.outcome for got in found] == [Outcome.PROTOCOL, Outcome.CHANGED]


def test_every_error_of_libcurl_means_one_outcome():
    codes = [code for codes in CURL_OUTCOMES.values() for code in codes] + list(OTHER_PROTOCOLS)
    assert len(codes) == len(set(codes))
    named = {
        getattr(pycurl, name)
        for name in dir(pycurl)
        if name.startswith("E_") and not name.startswith("E_MULTI_") and name != "E_OK"
    }
    # pycurl's own numbers (a wrong call, a retired name) lie outside libcurl's.
    assert {code for code in named if 0 < code < 1000} <= set(codes)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (pycurl.E_COULDNT_RESOLVE_HOST, Outcome.DNS),
        (pycurl.E_COULDNT_CONNECT, Outcome.CONNECTION),
        (pycurl.E_OPERATION_TIMEDOUT, Outcome.TIMEOUT),
        (pycurl.E_PEER_FAILED_VERIFICATION, Outcome.TLS),
        (pycurl.E_PARTIAL_FILE, Outcome.INCOMPLETE),
        (pycurl.E_FTP_WEIRD_PASV_REPLY, Outcome.PROTOCOL),
        (9999, Outcome.PROTOCOL),
    ],
)
def test_an_error_of_libcurl_is_judged_by_the_table(code, outcome):
    assert outcome_of_error(code) is outcome


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None),
        ("garbage", None),
        ("-5", None),
        ("1.5", None),
        ("0", 60),
        ("59", 60),
        ("120", 120),
        ("86401", 86400),
        ("9" * 400, 86400),
        ("Mon, 02 Nov 2026 12:10:00 GMT", 600),
        ("Mon, 02 Nov 2026 11:00:00 GMT", 60),
        ("Mon, 02 Nov 9999 11:00:00 GMT", 86400),
        ("Mon, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_and_kept_between_a_minute_and_a_day(value, seconds):
    assert retry_after_s(value, now=NOON) == seconds


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        ("text/html; charset=UTF-8", "text/html", "utf-8"),
        ('Text/HTML;charset="Windows-1251"', "text/html", "windows-1251"),
        ("application/pdf", "application/pdf", ""),
        ("", "", ""),
        ("text/html; charset", "text/html", ""),
    ],
)
def test_a_content_type_is_read_into_type_and_charset(value, media_type, charset):
    assert media_type_of(value) == (media_type, charset)


@pytest.mark.parametrize(
    ("url", "connect"),
    [
        ("http://news.example/", "93.184.216.34"),
        ("http://mixed.example/", ""),
        ("http://unknown.example/", ""),
        ("http://8.8.8.8/", "8.8.8.8"),
        ("http://2130706433/", ""),
        ("nonsense", ""),
    ],
)
def test_a_url_can_be_judged_without_a_connection(url, connect):
    names = {
        "news.example": ["93.184.216.34", "93.184.216.35"],
        "mixed.example": ["93.184.216.34", "10.0.0.1"],
    }
    verdict = judge(url, guard=Guard(resolve=lambda host, _port: names.get(host, [])))
    assert verdict.connect == connect
    assert bool(verdict.reason) is not bool(connect)


def test_an_interim_answer_is_passed_over():
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 5\r\n\r\n"
    with Server({"/": hint + whole(PAGE)}) as server:
        got = look(server, FetchRequest(server.url("/")))
    assert (got.outcome, got.body) == (Outcome.CHANGED, PAGE)
    assert "link" not in dict(got.hops[0].headers)


def test_trailing_fields_do_not_replace_the_head():
    chunked = OK + b"Transfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n"
    with Server({"/": chunked + b'2\r\nab\r\n0\r\nETag: "x"\r\n\r\n'}) as server:
        got = look(server, FetchRequest(server.url("/")))
    assert (got.outcome, got.body, got.media_type) == (Outcome.CHANGED, b"ab", "text/html")


def test_an_error_page_keeps_its_words():
    with Server({"/": status("404 Not Found", body=b"no such page")}) as running:
        got = look(running, FetchRequest(running.url("/")))
    assert (got.outcome, got.body) == (Outcome.GONE, b"no such page")
