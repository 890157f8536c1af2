"""Hostile pages through the child: each is read, cut or given up, and the next one is read."""

import unicodedata

import pytest

from claims.states import QuoteState
from claims.types import PageText, QuoteToFind
from tests.hostile.catalogue import case
from verifier.child import ChildLimits
from verifier.errors import PageUnread
from verifier.pages import Pages
from verifier.types import RawPage

SENTENCE = "About 1,500 North Korean soldiers have reached Russia, the agency said on Friday."
ARTICLE = f"<article><p>{SENTENCE}</p><p>The ministry did not comment on the report.</p></article>"


def read(
    pages: Pages, html: str | bytes, *, media_type: str = "text/html", charset: str = ""
) -> PageText:
    raw = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    return pages.read(RawPage(raw, "https://news.example/1", media_type, charset))


HEAVY = [
    case(55, "<p>" + "<i>a</i><b>b</b>" * 19_500, name="312 KB of alternating inline tags"),
    case(56, "<table>" + "<tr><td>1</td><td>2</td></tr>" * 36_000, name="a table of a megabyte"),
    case(56, "<p>word" * 490_000, name="3.4 MB of paragraphs"),
    case(56, "<a href='/x'>word</a> " * 100_000, name="100,000 links"),
    case(57, "<div>" * 200_000 + "hidden", name="200,000 nested blocks"),
    case(65, f"<title>{'t' * 5_000_000}</title>", name="a title of 5 MB"),
    pytest.param(f"<p title='{'t' * 5_000_000}'>word</p>", id="an attribute of 5 MB"),
    pytest.param(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>", id="100,000 attributes"),
    case(68, "<br>\n" * 1_000_000, name="a million lines"),
    pytest.param("<" * 1_000_000, id="a million open brackets"),
    pytest.param("<!--" * 250_000, id="unclosed comments"),
    pytest.param("&amp;&#x41;&nonsense;" * 100_000, id="entities"),
]


@pytest.mark.parametrize("html", HEAVY)
def test_a_heavy_page_is_read_within_its_processor_time_and_the_next_one_too(brief, html):
    assert len(read(brief, f"<html><body>{ARTICLE}{html}").title) <= 500
    assert SENTENCE in read(brief, ARTICLE).text


@pytest.fixture(scope="module")
def brief():
    """Children that the kernel ends after five to six seconds of processor time a page."""
    with Pages(limits=ChildLimits(wall_s=60, cpu_s=6)) as pool:
        yield pool


@pytest.mark.catalogue(55, 56)
@pytest.mark.parametrize(
    "html", [row for row in HEAVY if {55, 56} & {n for mark in row.marks for n in mark.args}]
)
def test_a_heavy_page_is_compared_within_its_processor_time(brief, html):
    changed = ARTICLE.replace("1,500", "2,500")
    page = RawPage(f"<html><body>{changed}{html}".encode(), "https://news.example/1")
    quotes = [QuoteToFind(1, SENTENCE, was=QuoteState.STANDING)]
    found = brief.assess(page, before=PageText(SENTENCE), quotes=quotes).assessment
    assert [quote.evidence_id for quote in found.quotes] == [1]


@pytest.mark.catalogue(56)
@pytest.mark.parametrize("text", ["a b " * 25_000, "1,500 " * 16_000, f"{SENTENCE} " * 1_200])
def test_many_quotes_are_looked_for_in_one_long_line_within_the_processor_time(brief, text):
    quotes = [QuoteToFind(n, SENTENCE.replace("1,500", str(n))) for n in range(20)]
    page = RawPage(f"<article><p>{text}</p></article>".encode(), "https://news.example/")
    before = PageText(f"{SENTENCE}\n{text}")
    assert len(brief.assess(page, before=before, quotes=quotes).assessment.quotes) == 20


@pytest.mark.catalogue(57)
def test_text_that_a_cut_parse_hides_is_told(pages):
    assert read(pages, ARTICLE + "<div>" * 200_000 + SENTENCE).is_truncated
    assert not read(pages, ARTICLE).is_truncated


@pytest.mark.catalogue(58)
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


CHARSETS = [
    ("Über 1.500 Häuser".encode(), "nope", "utf-8"),
    ("Über 1.500 Häuser".encode("latin-1"), "latin1", "cp1252"),
    ("日本語の記事です".encode("shift-jis"), "latin1", "cp1252"),
    ("日本語の記事です".encode("shift-jis"), "shift-jis", "cp932"),
    ("Words".encode("utf-16-le"), "utf-16", "utf-16-le"),
    ("Über".encode("utf-7"), "utf-7", "utf-8"),
    (b"\xff\xfe" + "Words".encode("utf-16-le"), "", "utf-16-le"),
]


@pytest.mark.catalogue(58)
@pytest.mark.parametrize(("raw", "told", "used"), CHARSETS)
def test_the_character_set_that_was_used_is_recorded(pages, raw, told, used):
    assert read(pages, raw, media_type="text/plain", charset=told).charset == used


TRICKS = [
    case(59, "\0", name="NUL"),
    case(60, "&#0;", name="NUL by number"),
    case(60, "&#xD800;", name="half a pair by number"),
    case(60, "&#xDFFF;&#xD800;", name="two halves, swapped"),
    case(60, "&#x110000;", name="beyond the last"),
    case(60, "\ud800", name="half a pair"),
]


@pytest.mark.parametrize("trick", TRICKS)
def test_characters_no_text_may_hold_are_replaced(pages, trick):
    page = read(
        pages, f"<title>a{trick}b</title>{ARTICLE}<p>And {trick} here, with more words.</p>"
    )
    assert "\0" not in page.text + page.title
    (page.text + page.title).encode()


@pytest.mark.catalogue(62)
@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "application/xml"])
@pytest.mark.parametrize(
    "part",
    [
        '<!ENTITY f SYSTEM "{place}">',
        '<!ENTITY % p SYSTEM "{place}"> %p;',
        '<!ENTITY f PUBLIC "-//X//EN" "{place}">',
    ],
    ids=["general", "parameter", "public"],
)
def test_entities_of_a_page_are_not_loaded(pages, flock, tmp_path, media_type, part):
    secret = tmp_path / "secret"
    secret.write_text("top secret words")
    for place in [f"file://{secret}", *(f"http://{canary.authority}/" for canary in flock)]:
        doctype = f"<!DOCTYPE html [{part.format(place=place)}]>"
        page = whatever(pages, f"{doctype}<html>{ARTICLE}<p>&f;</p></html>", media_type=media_type)
        assert "top secret" not in page.text


@pytest.mark.catalogue(62)
@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "text/xml"])
def test_an_external_part_and_an_inclusion_are_not_loaded(pages, flock, media_type):
    url = f"http://{flock[0].authority}/x"
    page = whatever(
        pages,
        f'<?xml-stylesheet href="{url}"?><!DOCTYPE html SYSTEM "{url}">'
        f'<html xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}"/>'
        f'<link rel="import" href="{url}"/><img src="{url}"/>{ARTICLE}</html>',
        media_type=media_type,
    )
    assert SENTENCE in page.text or page.is_truncated


def whatever(pages: Pages, html: str, *, media_type: str) -> PageText:
    """What a page says, or nothing where it is given up."""
    try:
        return read(pages, html, media_type=media_type)
    except PageUnread:
        return PageText("", is_truncated=True)


@pytest.mark.catalogue(62)
def test_laughs_in_their_billions_are_not_had(pages):
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
    )
    doctype = f"<?xml version='1.0'?><!DOCTYPE html [{entities}]>"
    page = whatever(pages, f"{doctype}<html>{ARTICLE}<p>&l11;</p></html>", media_type="text/xml")
    assert len(page.text) < 100_000


FEED = f"<rss><channel><item><title>News</title><description>{SENTENCE}</description></item></channel></rss>"


@pytest.mark.parametrize(
    ("raw", "media_type"),
    [
        case(63, FEED, "application/rss+xml", name="feed"),
        case(63, FEED, "text/xml", name="xml"),
        case(63, f'{{"body": "{SENTENCE}"}}', "application/json", name="json"),
        case(63, SENTENCE, "text/plain", name="plain"),
    ],
)
def test_what_is_text_in_another_form_is_read_as_text(pages, raw, media_type):
    assert SENTENCE in read(pages, raw, media_type=media_type).text


TITLES = [
    case(65, "t" * 5_000_000, name="5 MB"),
    case(65, "Soldiers\n\r\t\x0b\x1b[31m\u202e\u2066 arrive", name="controls and direction"),
    case(65, "a" + "\u0301" * 20_000, name="marks on marks"),
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_one_short_line_without_controls(pages, title):
    got = read(pages, f"<title>{title}</title>{ARTICLE}").title
    assert len(got) <= 500
    assert not [char for char in got if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}]


DATES = ["9999-99-99", "1e999", "-1", "0000-00-00", "9" * 5000, "", "\u0661\u0662", "\0"]


@pytest.mark.catalogue(66)
@pytest.mark.parametrize("date", DATES, ids=range(len(DATES)))
def test_a_date_that_is_none_is_no_date(pages, date):
    meta = f"<meta property='article:published_time' content='{date}'>"
    data = f'<script type="application/ld+json">{{"@type": "Article", "datePublished": "{date}"}}</script>'
    assert read(pages, f"<html><head>{meta}</head>{ARTICLE}").published_at is None
    assert read(pages, f"<html><head>{data}</head>{ARTICLE}").published_at is None


@pytest.mark.catalogue(64, 67, 70)
def test_words_that_mean_something_to_others_stay_words(pages):
    words = "{{7*7}} {% load %} %(x)s =HYPERLINK(1) ../../etc/passwd'; DROP TABLE claims; --"
    body = f"<body><article><p>{SENTENCE} {words}</p></article></body>"
    page = read(pages, f"<html><head><title>{words}</title></head>{body}</html>")
    assert words in page.text
    assert page.title == words
