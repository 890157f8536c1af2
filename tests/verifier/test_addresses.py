"""URLs as people enter them, and the one decision about a connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.addresses import UrlFault, UrlRefused, decide, is_public, parse_url, read_url


@pytest.mark.parametrize(
    ("entered", "normalised"),
    [
        ("HTTP://EXAMPLE.com:80/", "http://example.com/"),
        ("https://example.com", "https://example.com/"),
        ("  https://example.com/a  ", "https://example.com/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a?"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/%2e%2E/a", "https://example.com/a"),
        ("https://example.com/..", "https://example.com/"),
        ("https://example.com/a b?c d", "https://example.com/a%20b?c%20d"),
        ("https://example.com/%zz%20", "https://example.com/%zz%20"),
        ("https://example.com/%00%0d%0a", "https://example.com/%00%0d%0a"),
        ("https://bücher.example/ü?ü", "https://xn--bcher-kva.example/%C3%BC?%C3%BC"),
        ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
        ("https://example。com/", "https://example.com/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("http://@example.com/", "http://example.com/"),
    ],
)
def test_a_url_is_normalised_once(entered, normalised):
    assert parse_url(entered).url == normalised


@pytest.mark.parametrize(
    ("entered", "reason"),
    [
        ("", UrlFault.REQUIRED),
        ("   ", UrlFault.REQUIRED),
        ("https://example.com/" + "a" * 2048, UrlFault.TOO_LONG),
        ("https://example.com/" + "ü" * 1000, UrlFault.TOO_LONG),
        ("javascript:alert(1)", UrlFault.SCHEME),
        ("data:text/html,x", UrlFault.SCHEME),
        ("file:///etc/passwd", UrlFault.SCHEME),
        ("ftp://example.com/", UrlFault.SCHEME),
        ("gopher://example.com/", UrlFault.SCHEME),
        ("blob:https://example.com/x", UrlFault.SCHEME),
        ("view-source:https://example.com/", UrlFault.SCHEME),
        ("source:http://example.com/", UrlFault.SCHEME),
        ("//example.com/x", UrlFault.SCHEME_MISSING),
        ("example.com/x", UrlFault.SCHEME_MISSING),
        ("https://user:secret@example.com/", UrlFault.CREDENTIALS),
        ("https://user@example.com/", UrlFault.CREDENTIALS),
        ("http://127.0.0.1\\@example.com/", UrlFault.BACKSLASH),
        ("http:\\\\example.com\\", UrlFault.BACKSLASH),
        ("https://exam\nple.com/", UrlFault.CONTROL_CHARACTER),
        ("https://exam\tple.com/", UrlFault.CONTROL_CHARACTER),
        ("https://example.com/a\r\nHost: evil", UrlFault.CONTROL_CHARACTER),
        ("https://example.com/\0", UrlFault.CONTROL_CHARACTER),
        ("https://example.com/\u202emoc", UrlFault.CONTROL_CHARACTER),
        ("https://exam\u200bple.com/", UrlFault.CONTROL_CHARACTER),
        ("http://①②⑦.⓪.⓪.①/", UrlFault.NOT_CANONICAL),
        ("http://127．0．0．1/", UrlFault.NOT_CANONICAL),
        ("http://2130706433/", UrlFault.NOT_CANONICAL),
        ("http://0177.1/", UrlFault.NOT_CANONICAL),
        ("http://0x7f.1/", UrlFault.NOT_CANONICAL),
        ("http://127.1/", UrlFault.NOT_CANONICAL),
        ("http://0/", UrlFault.NOT_CANONICAL),
        ("http://8.8.8.8./", UrlFault.NOT_CANONICAL),
        ("http://127.0.0.1/", UrlFault.NOT_PUBLIC),
        ("http://[::1]/", UrlFault.NOT_PUBLIC),
        ("http://[::ffff:10.0.0.1]/", UrlFault.NOT_PUBLIC),
        ("http://[64:ff9b::7f00:1]/", UrlFault.NOT_PUBLIC),
        ("http://[fe80::1%eth0]/", UrlFault.HOST),
        ("http://[::1", UrlFault.HOST),
        ("http://[v1.x]/", UrlFault.HOST),
        ("http:///", UrlFault.HOST),
        ("http://a..example/", UrlFault.HOST),
        ("http://a b.example/", UrlFault.HOST),
        ("http://1.2.3.4.5/", UrlFault.HOST),
        ("http://256.1.1.1/", UrlFault.HOST),
        ("http://99999999999/", UrlFault.HOST),
        (f"http://{'a' * 64}.example/", UrlFault.HOST),
        (f"http://{'a.' * 127}example/", UrlFault.HOST),
        ("http://xn--zzzz-x9.example/", UrlFault.HOST),
        ("http://xn--/", UrlFault.HOST),
        ("http://xn--abc-.example/", UrlFault.HOST),
        ("http://localhost/", UrlFault.PRIVATE_NAME),
        ("http://intranet/", UrlFault.PRIVATE_NAME),
        ("http://printer.local/", UrlFault.PRIVATE_NAME),
        ("http://metadata.google.internal/", UrlFault.PRIVATE_NAME),
        ("http://abc.onion/", UrlFault.PRIVATE_NAME),
        ("http://a.localhost./", UrlFault.PRIVATE_NAME),
        ("http://example.com:22/", UrlFault.PORT),
        ("http://example.com:6379/", UrlFault.PORT),
        ("http://example.com:0/", UrlFault.PORT),
        ("http://example.com:65536/", UrlFault.PORT),
        ("http://example.com:abc/", UrlFault.PORT),
        ("http://example.com:８０/", UrlFault.PORT),
    ],
)
def test_an_entry_that_is_refused_says_why(entered, reason):
    with pytest.raises(UrlRefused) as refusal:
        parse_url(entered)
    assert refusal.value.reason is reason


def test_a_refusal_does_not_repeat_a_secret():
    with pytest.raises(UrlRefused) as refusal:
        parse_url("https://user:secret@example.com/")
    assert "secret" not in str(refusal.value)


def test_the_original_is_kept_beside_the_normalised_form():
    assert parse_url("HTTP://Example.com:80#x").original == "HTTP://Example.com:80#x"


def test_urls_that_differ_in_the_fragment_are_one():
    assert parse_url("https://example.com/#a") == parse_url("https://example.com/#b")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("", "http://example.com/a/b?c"),
        ("d", "http://example.com/a/d"),
        ("?d", "http://example.com/a/b?d"),
        ("/d", "http://example.com/d"),
        ("../../d", "http://example.com/d"),
        ("//other.example/d", "http://other.example/d"),
        ("http:d", "http://example.com/a/d"),
        ("https://other.example", "https://other.example/"),
    ],
)
def test_a_redirect_is_read_against_the_page_it_came_from(location, target):
    base = parse_url("http://example.com/a/b?c")
    assert parse_url(location, base=base).url == target


NOT_PUBLIC = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1
255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:169.254.169.254
64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1 nonsense
"""
PUBLIC = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1
223.255.255.255 ::ffff:8.8.8.8 2606:4700::1111 2a00:1450::1 2001:200::1 2003::1
"""


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_an_address_that_is_not_the_public_internets_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_allowed(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "port", "fault"),
    [
        ("8.8.8.8", 80, None),
        ("8.8.8.8", 443, None),
        ("8.8.8.8", 8080, UrlFault.PORT),
        ("10.0.0.1", 80, UrlFault.NOT_PUBLIC),
        ("127.0.0.1", 8010, None),
        ("127.0.0.1", 8011, UrlFault.PORT),
        ("127.0.0.2", 8010, UrlFault.PORT),
        ("::1", 8010, None),
        ("9.9.9.9", 80, UrlFault.NOT_PUBLIC),
        ("", 80, None),
        ("", 81, UrlFault.PORT),
    ],
)
def test_the_one_decision_knows_ports_addresses_and_exceptions(address, port, fault):
    allow = frozenset({"127.0.0.1:8010", "[::1]:8010"})
    assert decide(address, port, allow=allow, refuse=("9.9.9.0/24",)) is fault


def test_an_exception_may_name_a_host():
    allow = frozenset({"outlet.test:8010"})
    assert decide("127.0.0.1", 8010, host="outlet.test", allow=allow) is None
    assert decide("127.0.0.1", 8010, host="other.test", allow=allow) is UrlFault.PORT


def test_an_allowed_private_place_may_be_entered():
    allow = frozenset({"127.0.0.1:8010"})
    assert parse_url("http://127.0.0.1:8010/x", allow=allow).port == 8010


@given(st.text(max_size=60).map(lambda text: f"http://{text}"))
def test_reading_any_text_gives_a_url_or_a_refusal_and_is_stable(text):
    try:
        url = read_url(text)
    except UrlRefused:
        return
    again = read_url(url.url)
    assert (again.url, again.host, again.port) == (url.url, url.host, url.port)
    assert url.url.isascii()
