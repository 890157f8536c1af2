"""Addresses as people enter them: refused at the field with the reason, nothing half-written."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from claims.errors import InvalidInput
from claims.models import Evidence, Source, Watch
from claims.queries.ledger import head_seq
from claims.services.evidence import add_evidence
from claims.states import Outcome
from tests.claims.admin.conftest import Door, refusals
from tests.claims.cast import make_cast, make_claim
from tests.hostile.catalogue import case
from tests.hostile.server import Server
from verifier.fetch import fetch
from verifier.types import FetchRequest, Guard, Limits

GOOD = "https://news.example.org/story"
SCHEME, CONTROL = "Only http and https", "control or invisible character"
CANONICAL, PUBLIC, PRIVATE = "not a canonical address", "not public", "not a public host name"
HOST = "The host"

REFUSED = [
    case(1, "", "required", name="empty"),
    case(1, "   ", "required", name="blanks"),
    case(2, "https://a.example/" + "a" * 2031, "too long (max 2048)", name="2,049 characters"),
    case(2, "https://a.example/" + "ü" * 1000, "too long (max 2048)", name="long once encoded"),
    *(case(3, f"{scheme}:alert(1)", SCHEME) for scheme in ("javascript", "JavaScript", "blob")),
    case(3, "data:text/html,<b>", SCHEME),
    case(3, "file:///etc/passwd", SCHEME),
    *(case(3, f"{scheme}://a.example/", SCHEME) for scheme in ("ftp", "gopher", "ws", "ldap")),
    case(3, "view-source:https://a.example/", SCHEME),
    case(3, "source:http://a.example/", SCHEME),
    case(5, "//a.example/x", "must start with http:// or https://"),
    case(5, "a.example/x", "must start with http:// or https://"),
    case(6, "http://user:hunter2@a.example/", "credentials", name="name and password"),
    case(6, "http://user@a.example/", "credentials", name="name"),
    case(6, "http://:hunter2@a.example/", "credentials", name="password"),
    case(7, "http://127.0.0.1\\@good.example/", "backslash"),
    case(7, "http:\\\\a.example/", "backslash"),
    *(case(8, f"https://a.exa{bad}mple/", CONTROL, name=ascii(bad)) for bad in "\r\n\t\x7f\x01"),
    case(8, "https://a.example/x\r\nHost: evil", CONTROL, name="a header of its own"),
    *(
        case(9, f"https://a.example/{bad}x", CONTROL, name=ascii(bad))
        for bad in "\u202e\u200b\u200f\u2066\ufeff\u2028"
    ),
    case(10, "http://①②⑦.⓪.⓪.①/", CANONICAL),
    case(10, "http://127．0．0．1/", CANONICAL),
    case(10, "http://127。0。0。1/", CANONICAL),
    *(
        case(11, f"http://{host}/", CANONICAL)
        for host in ("2130706433", "0177.1", "0177.0.0.1", "0x7f.1", "0x7f000001", "127.1", "0")
    ),
    *(
        case(12, f"http://[{address}]/", PUBLIC)
        for address in ("::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fe80::1%eth0", "fd00::1")
    ),
    case(12, "http://10.0.0.1/", PUBLIC),
    case(12, "http://169.254.169.254/latest/meta-data/", PUBLIC),
    *(case(13, f"http://{host}/", HOST) for host in ("[::1", "[v1.x]", "[]", "[::1]x", "]")),
    *(
        case(14, f"http://{host}/", PRIVATE)
        for host in ("localhost", "intranet", "x.local", "x.internal", "x.onion", "a.localhost.")
    ),
    *(case(15, f"http://a.example:{port}/", "port") for port in ("22", "6379", "0", "65536")),
    *(case(15, f"http://a.example:{port}/", "port") for port in ("abc", "-1", "８０", "80a")),
    case(16, f"http://{'a' * 64}.example/", HOST, name="a label of 64"),
    case(16, f"http://{'ü' * 60}.example/", HOST, name="a label of 64 once encoded"),
    case(16, f"http://{'a.' * 127}example/", HOST, name="a name of 261"),
    case(16, "http://a..example/", HOST),
    case(17, "http://xn--zzzz-x9.example/", HOST),
    case(17, "http://xn--/", HOST),
    case(17, "http://xn--abc-.example/", HOST),
    case(22, "http://testserver/", PRIVATE, name="our own name"),
    case(22, "http://127.0.0.1:8000/", "port", name="our own port"),
]


def given(claim, url, **values):
    fields = {"quote": "About 1,500 have come.", "stance": "supports", "credibility": "6"}
    rows = {"figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0"}
    return {"revision": claim.revision, "url": url, **fields, **rows, **values}


def put_in(cast, claim, url, **values):
    door = Door(cast.users["ada"])
    return door.post("claims_evidence_new", claim.reference, **given(claim, url, **values))


@pytest.mark.parametrize(("entered", "words"), REFUSED)
def test_a_refused_address_is_told_at_its_field_and_nothing_is_written(cast, entered, words):
    claim = make_claim(cast)
    before = head_seq()
    with pytest.raises(InvalidInput) as refused:
        add_evidence(cast.ada, claim.pk, url=entered, values={"quote": "Words."})
    answer = put_in(cast, claim, entered)
    assert (refused.value.field, words in refused.value.reason) == ("url", True)
    assert (answer.status_code, bool(refusals(answer).strip())) == (422, True)
    assert (Source.objects.count(), Evidence.objects.count(), head_seq()) == (0, 0, before)


@pytest.mark.catalogue(8)
def test_nul_is_refused_before_any_field_is_read(cast):
    claim = make_claim(cast)
    assert put_in(cast, claim, "https://a.example/\0").status_code == 400
    with pytest.raises(InvalidInput, match=CONTROL):
        add_evidence(cast.ada, claim.pk, url="https://a.example/\0", values={"quote": "Words."})


@pytest.mark.catalogue(6)
def test_a_secret_in_an_address_is_neither_told_nor_logged(cast, caplog):
    caplog.set_level(logging.DEBUG)
    claim = make_claim(cast)
    with pytest.raises(InvalidInput) as refused:
        add_evidence(
            cast.ada, claim.pk, url="http://u:hunter2@a.example/", values={"quote": "Words."}
        )
    answer = put_in(cast, claim, "http://u:hunter2@a.example/")
    assert "hunter2" not in str(refused.value) + refusals(answer) + caplog.text


ACCEPTED = [
    case(4, "HTTP://EXAMPLE.com:80/", "http://example.com/"),
    case(4, "https://Example.com:443", "https://example.com/"),
    case(9, "https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
    case(9, "https://раypal.example/", "https://xn--ypal-43d9g.example/"),
    case(18, "https://a.example/x#part", "https://a.example/x"),
    case(19, "https://a.example/%00%0d%0a", "https://a.example/%00%0d%0a"),
    case(19, "https://a.example/..%2f..%2fetc", "https://a.example/..%2f..%2fetc"),
    case(20, "https://a.example/%zz%", "https://a.example/%zz%"),
    case(20, "https://a.example/a b?c d", "https://a.example/a%20b?c%20d"),
    case(20, "https://a.example/a%20b%2520", "https://a.example/a%20b%2520"),
]


@pytest.mark.parametrize(("entered", "stored"), ACCEPTED)
def test_an_accepted_address_is_stored_normalised_with_the_original_beside(cast, entered, stored):
    assert put_in(cast, make_claim(cast), entered).status_code == 302
    source = Source.objects.get()
    assert (source.url, source.given_url) == (stored, entered)
    assert Watch.objects.get().due_at is not None


@pytest.mark.catalogue(9)
def test_a_name_that_looks_like_another_is_shown_as_punycode(cast):
    put_in(cast, make_claim(cast), "https://аррӏе.com/")
    door = Door(cast.users["ada"])
    shown = door.text("claims_source_page", Source.objects.get().reference)
    assert "xn--80ak6aa92e.com" in shown
    assert "аррӏе.com" not in shown


@pytest.mark.catalogue(18)
def test_the_same_page_under_another_fragment_is_one_source_and_the_double_is_told(cast):
    claim = make_claim(cast)
    put_in(cast, claim, GOOD + "#one")
    claim.refresh_from_db()
    answer = put_in(cast, claim, GOOD + "#two")
    assert (answer.status_code, Source.objects.count()) == (409, 1)
    assert "is evidence already" in refusals(answer)


@pytest.mark.catalogue(21)
def test_one_address_sent_twice_at_once_is_one_source_for_both(committed_db):
    cast = make_cast()
    claims = [make_claim(cast, f"Claim {number}.") for number in range(2)]
    start = threading.Barrier(2)

    def send(claim):
        start.wait()
        try:
            return put_in(cast, claim, GOOD).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, claims)) == [302, 302]
    assert (Source.objects.count(), Watch.objects.count()) == (1, 1)
    assert Evidence.objects.filter(source=Source.objects.get()).count() == 2


@pytest.mark.catalogue(22)
def test_a_public_address_of_our_own_is_blocked_at_the_look():
    guard = Guard(refuse=("93.184.216.0/24",), resolve=lambda *_: ["93.184.216.34"])
    with Server({}) as server:
        request = FetchRequest("https://own.example.org/")
        got = fetch(request, limits=Limits(total_s=2), guard=guard)
        assert (got.outcome, got.hops, server.heads) == (Outcome.BLOCKED_ADDRESS, (), [])
