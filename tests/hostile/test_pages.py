"""Hostile pages through the child: each is read, cut or given up, and the next one is read."""

import pytest

from claims.states import QuoteState
from claims.types import PageText, QuoteToFind
from tests.hostile.server import Canary
from verifier.child import ChildLimits
from verifier.errors import PageUnread
from verifier.pages import Pages
from verifier.types import RawPage

SENTENCE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."
ARTICLE = f"<article><p>{SENTENCE}</p><p>The ministry did not comment on the report.</p></article>"
LIMITS = ChildLimits(wall_s=15)


@pytest.fixture(scope="module")
def pages():
    with Pages(limits=LIMITS) as pool:
        yield pool


def read(pages: Pages, html: str | bytes, *, media_type: str = "text/html", charset: str = ""):
    raw = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    return pages.read(RawPage(raw, "https://news.example/1", media_type, charset))


HEAVY = {
    "312 KB of alternating inline tags": "<p>" + "<i>a</i><b>b</b>" * 19_500,
    "a table of a megabyte": "<table>" + "<tr><td>1</td><td>2</td></tr>" * 36_000,
    "3.4 MB of paragraphs": "<p>word" * 490_000,
    "100,000 links": "<a href='/x'>word</a> " * 100_000,
    "200,000 nested blocks": "<div>" * 200_000 + "hidden",
    "a title of 5 MB": f"<title>{'t' * 5_000_000}</title>",
    "an attribute of 5 MB": f"<p title='{'t' * 5_000_000}'>word</p>",
    "100,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>word</p>",
    "a million lines": "<br>\n" * 1_000_000,
    "a million open brackets": "<" * 1_000_000,
    "unclosed comments": "<!--" * 250_000,
    "entities": "&amp;&#x41;&nonsense;" * 100_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_page_is_read_or_given_up_and_the_next_one_is_read(pages, name):
    try:
        page = read(pages, f"<html><body>{ARTICLE}{HEAVY[name]}")
    except PageUnread:
        page = None
    assert page is None or len(page.title) <= 500
    assert SENTENCE in read(pages, f"<html><body>{ARTICLE}").text


def test_text_that_a_cut_parse_hides_is_told():
    with Pages(limits=LIMITS) as pages:
        assert read(pages, ARTICLE + "<div>" * 200_000 + SENTENCE).is_truncated
        assert not read(pages, ARTICLE).is_truncated


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\xfd invalid",
        ARTICLE.encode("utf-16"),
        ARTICLE.encode("utf-7"),
        "日本語の記事".encode("shift-jis"),
        b"",
        bytes(range(256)) * 100,
        b"\0" * 10_000,
        b"%PDF-1.7 that is none",
        b"\x1f\x8b\x08 gzip that is none",
        b"\x89PNG\r\n\x1a\n",
    ],
)
@pytest.mark.parametrize("media_type", ["text/html", "text/plain", "application/json", ""])
@pytest.mark.parametrize("charset", ["", "nope", "latin1", "utf-16"])
def test_any_bytes_under_any_label_are_text_without_nul_or_surrogate(
    pages, raw, media_type, charset
):
    page = read(pages, raw, media_type=media_type, charset=charset)
    assert "\0" not in page.text
    page.text.encode()


@pytest.mark.parametrize(
    "trick",
    ["&#xD800;", "&#0;", "&#x110000;", "\0", "&#xDFFF;&#xD800;", "\ud800"],
)
def test_characters_no_text_may_hold_are_replaced(pages, trick):
    page = read(
        pages, f"<title>a{trick}b</title>{ARTICLE}<p>And {trick} here, with more words.</p>"
    )
    assert "\0" not in page.text + page.title
    (page.text + page.title).encode()


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "application/xml"])
def test_entities_of_a_page_are_not_loaded(pages, tmp_path, media_type):
    secret = tmp_path / "secret"
    secret.write_text("top secret words")
    with Canary() as canary:
        doctype = (
            f'<!DOCTYPE html [<!ENTITY f SYSTEM "file://{secret}">'
            f'<!ENTITY n SYSTEM "http://{canary.authority}/">]>'
        )
        try:
            page = read(
                pages, f"{doctype}<html>{ARTICLE}<p>&f;&n;</p></html>", media_type=media_type
            )
        except PageUnread:
            page = PageText("")
        assert not canary.was_reached
    assert "top secret" not in page.text


def test_laughs_in_their_billions_are_not_had(pages):
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
    )
    doctype = f"<?xml version='1.0'?><!DOCTYPE html [{entities}]>"
    try:
        page = read(pages, f"{doctype}<html>{ARTICLE}<p>&l11;</p></html>", media_type="text/xml")
    except PageUnread:
        return
    assert len(page.text) < 100_000


@pytest.mark.parametrize(
    "date", ["9999-99-99", "1e999", "-1", "0000-00-00", "9" * 5000, "", "\u0661\u0662"]
)
def test_a_date_that_is_none_is_no_date(pages, date):
    meta = f"<meta property='article:published_time' content='{date}'>"
    assert read(pages, f"<html><head>{meta}</head>{ARTICLE}").published_at is None


def test_words_that_mean_something_to_others_stay_words(pages):
    words = "{{7*7}} {% load %} %(x)s =HYPERLINK(1) ../../etc/passwd'; DROP TABLE claims; --"
    body = f"<body><article><p>{SENTENCE} {words}</p></article></body>"
    page = read(pages, f"<html><head><title>{words}</title></head>{body}</html>")
    assert words in page.text
    assert page.title == words


@pytest.mark.parametrize("text", ["a b " * 250_000, "1,500 " * 200_000, f"{SENTENCE} " * 10_000])
def test_comparing_hostile_text_is_bounded_by_the_same_child(text):
    before = PageText(f"{SENTENCE}\n{text}")
    quotes = [QuoteToFind(n, SENTENCE.replace("1,500", str(n))) for n in range(20)]
    with Pages(limits=ChildLimits(wall_s=10)) as pages:
        page = RawPage(f"<article><p>{text}</p></article>".encode(), "https://news.example/")
        try:
            found = pages.assess(page, before=before, quotes=quotes).assessment
        except PageUnread:
            return
    assert {quote.state for quote in found.quotes} <= set(QuoteState)
