import pytest
from django.test import RequestFactory

from claims.web.visitors import address_of, browser_of, lockout_address_of


def request(*, peer="192.0.2.1", forwarded=None, agent=""):
    headers = {"User-Agent": agent} | ({"X-Forwarded-For": forwarded} if forwarded else {})
    return RequestFactory(headers=headers).get("/", REMOTE_ADDR=peer)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "not an address", "192.0.2.1"),
        (1, ", ".join(["203.0.113.9"] * 1000), "203.0.113.9"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_the_trusted_proxies_say_where_a_request_comes_from(
    settings, proxies, forwarded, address
):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    assert address_of(request(forwarded=forwarded)) == address


@pytest.mark.parametrize(
    ("peer", "counted_by"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2::7", "2001:db8:1:2::"), ("", None)],
)
def test_wrong_passwords_are_counted_by_subscriber(peer, counted_by):
    assert lockout_address_of(request(peer=peer)) == counted_by


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("curl/8", "a browser on an unknown system"),
        ("", "a browser on an unknown system"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    assert browser_of(request(agent=agent)) == words
