"""A page's bytes to its text: what is kept, what is read of it, what hostile bytes do."""

import gc
import io
import json
from datetime import UTC, datetime

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from verifier.extract import MAX_CHARS, extract
from verifier.extract.metadata import read_date
from verifier.extract.tree import MAX_TAGS

URL = "https://news.example/world/1"
PARAGRAPHS = (
    "About 1,500 North Korean soldiers have reached Russia, South Korean media said on Friday.",
    "The ministry in the capital did not comment on the report when it was asked about it.",
    "Officials of two other governments said they were looking into the figures on their own.",
)
MENU = "<ul><li><a href=/a>World</a><li><a href=/b>Sport</a><li><a href=/c>Weather</a></ul>"


def article(*extra, head=""):
    text = "".join(f"<p>{line}</p>" for line in (*PARAGRAPHS, *extra))
    return f"<html><head>{head}</head><body><div>{MENU}</div><div>{text}</div></body></html>"


def read(html, **how):
    return extract(html.encode() if isinstance(html, str) else html, url=URL, **how)


def test_the_article_is_kept_one_block_a_line():
    assert read(article()).text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("tag", ["nav", "aside", "header", "footer"])
def test_the_frame_of_a_page_is_left_out(tag):
    frame = f"<{tag}><p>Subscribe to our letter and never miss a story of this kind.</p></{tag}>"
    assert "Subscribe" not in read(article(frame)).text


@pytest.mark.parametrize(
    "attributes", ['class="related-stories"', 'id="comments"', 'role="navigation"', "hidden"]
)
def test_boxes_marked_as_something_else_are_left_out(attributes):
    box = f"<div {attributes}><p>Ten other things to read before you go home tonight.</p></div>"
    assert "Ten other" not in read(article(box)).text


def test_a_box_that_holds_most_of_the_page_is_kept_whatever_its_name():
    html = f'<body><div class="sidebar">{"".join(f"<p>{line}</p>" for line in PARAGRAPHS)}</div>'
    assert PARAGRAPHS[0] in read(html).text


@pytest.mark.parametrize("tag", ["nav", "aside"])
def test_a_frame_that_holds_most_of_the_page_is_kept(tag):
    html = f"<body><{tag}>{''.join(f'<p>{line}</p>' for line in PARAGRAPHS)}</{tag}><p>More</p>"
    assert PARAGRAPHS[0] in read(html).text


def test_a_long_frame_counts_when_a_long_footer_is_weighed():
    others = "<p>Words on ten other matters of the day, none of them this story.</p>" * 40
    text = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    html = f"<body><nav>{others}</nav><div>{text}</div><footer>{others}</footer>"
    assert read(html).text.split("\n") == list(PARAGRAPHS)


def test_scripts_do_not_count_as_text_of_the_page():
    script = f"<script>{'x = 1; ' * 500}</script>"
    html = f"<body>{script}<aside>{''.join(f'<p>{line}</p>' for line in PARAGRAPHS)}</aside>"
    assert PARAGRAPHS[0] in read(html).text


@pytest.mark.parametrize(
    ("mark", "is_kept"),
    [
        ("<a id=top></a>", True),
        ("<a href=/1>", False),
        ("<a href=/1><b>", False),
        ("<x-a>", True),
        ("<i>Three</i> <a href=/3>words</a> ", True),
    ],
)
def test_a_text_that_is_all_link_is_no_prose(mark, is_kept):
    line = "Ten other things to read before you go home tonight."
    html = f"<body>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}<div>{mark}<p>{line}</p></div>"
    assert (line in read(html).text) is is_kept


def test_everything_in_the_main_element_is_kept():
    html = f"<main><h1>Grant scheme</h1><div>{article()}</div><p>Form (PDF, 56 KB)</p></main>"
    assert read(html).text.startswith("Grant scheme")
    assert read(html).text.endswith("Form (PDF, 56 KB)")


@pytest.mark.parametrize(
    "html", ["<p>hello</p>", "hello", "<td>hello", "<li><b>hel</b>lo", "</p>hello"]
)
def test_a_fragment_without_a_body_is_read(html):
    assert read(html).text == "hello"


@pytest.mark.parametrize(
    "unread",
    [
        "<script>if (a < b) never()</script>",
        "<style>p > b { never }</style>",
        "<svg><style>never</style><text>never</text></svg>",
        "<template><p>never</p></template>",
        "<select><option>never</select>",
        "<span style='color: red; display : none'>never <b>never</b></span>",
        "<p hidden>never<i>never</i></p>",
        "<span hidden><div>never</div>never <i>never</i></span>",
        "<x-mark style='visibility:hidden'>never</x-mark>",
        "<picture><source srcset=never><img alt=never></picture>",
        "<!-- never -->",
        "<?never ?>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out_and_what_follows_is_read(unread):
    assert read(f"<main>before {unread} after</main>").text.split() == ["before", "after"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &lt;b&gt; &amp;lt; c", "a <b> &lt; c"),
        ("a &lt;p&gt; b", "a <p> b"),
        ("<a title='&lt;p&gt;' href='>'>&quot;a&quot;</a>", '"a"'),
        ("a&nbsp;\u2028b", "a b"),
    ],
)
def test_references_are_read_once_and_spaces_are_one(html, text):
    assert read(f"<main>{html}</main>").text == text


def test_inline_marks_do_not_split_words_and_blocks_do():
    lines = read("<main><p>1,<x-b>500</x-b> sol<i>diers</i><div>one</div>two<br>three").text
    assert lines.split("\n") == ["1,500 soldiers", "one", "two", "three"]


def test_the_cells_of_a_row_stand_on_one_line():
    assert read("<main><table><tr><td>Kursk<td>1,500<tr><td>Rostov<td>20").text == (
        "Kursk 1,500\nRostov 20"
    )


@pytest.mark.parametrize(
    "note",
    [
        "<div class='meta'><p>Correction: An earlier version misstated the figure.</p></div>",
        "<footer><p>This article was amended on 3 May 2021 to correct a name.</p></footer>",
        (
            "<div class='hidden'><p>Last updated 9 May 2021</p><ol><li>9 May 2021<p>Fixed a typo</ol>"
            "</div>"
        ),
    ],
)
def test_what_a_publisher_says_of_the_page_is_kept_wherever_it_stands(note):
    words = ("An earlier version misstated", "amended on 3 May 2021", "Fixed a typo")
    assert any(word in read(article(note)).text for word in words)


@pytest.mark.parametrize(
    ("raw", "how", "text", "charset"),
    [
        ("<p>Zürich".encode(), {}, "Zürich", "utf-8"),
        ("<p>Zürich".encode("utf-8-sig"), {"charset": "latin1"}, "Zürich", "utf-8"),
        ("<p>Zürich".encode("utf-16"), {}, "Zürich", "utf-16-le"),
        ("<p>Zürich".encode("utf-16-be"), {"charset": "utf-16-be"}, "Zürich", "utf-16-be"),
        ("<p>“Zürich”".encode("cp1252"), {"charset": "ISO-8859-1"}, "“Zürich”", "cp1252"),
        ("<meta charset=euc-kr><p>정정".encode("euc-kr"), {}, "정정", "cp949"),
        ("<meta charset=utf-16><p>Zürich".encode(), {}, "Zürich", "utf-8"),
        ("<p>Zürich".encode(), {"charset": "nope"}, "Zürich", "utf-8"),
        ("<p>Zürich".encode(), {"charset": "utf-7"}, "Zürich", "utf-8"),
        (b"<p>abc", {"charset": "rot13"}, "abc", "utf-8"),
        (b"<p>abc", {"charset": "unicode_escape"}, "abc", "utf-8"),
        (b"<p>Z\xfcrich", {}, "Z\ufffdrich", "utf-8"),
    ],
)
def test_the_charset_is_chosen_in_order(raw, how, text, charset):
    page = read(raw, **how)
    assert (page.text, page.charset) == (text, charset)


@pytest.mark.parametrize(
    "raw", [b"<p>a\x00b", b"<p>a&#xD800;b", b"<p>a&#0;b", b"<p>a&#x110000;b", b"<p>a\xed\xa0\x80b"]
)
def test_what_the_database_cannot_hold_is_replaced(raw):
    text = read(raw).text
    text.encode()
    assert "\x00" not in text
    assert text[0] == "a"
    assert text[-1] == "b"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A | Site</title><meta property=og:title content='A'>", "A"),
        ("<title>Only the title</title>", "Only the title"),
        ("<title>a\u202eb\tc\nd</title>", "a b c d"),
        ("<title>{{7*7}} {% load x %}</title>", "{{7*7}} {% load x %}"),
        ("<title></title>", ""),
    ],
)
def test_the_title_is_one_clean_line(head, title):
    assert read(article(head=head)).title == title


def test_a_huge_title_is_cut():
    assert len(read(f"<title>{'x ' * 2_500_000}</title>").title) <= 500


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-05-03", datetime(2021, 5, 3, tzinfo=UTC)),
        ("2021-05-03T10:00:00+02:00", datetime(2021, 5, 3, 8, tzinfo=UTC)),
        ("2021-05-03T10:00:00.000Z", datetime(2021, 5, 3, 10, tzinfo=UTC)),
        ("Mon, 03 May 2021 10:00:00 GMT", datetime(2021, 5, 3, 10, tzinfo=UTC)),
        *((text, None) for text in ("9999-99-99", "1e999", "-1", "9999-12-31T23:59:59-14:00", "")),
        *((text, None) for text in ("1969-12-31T23:59:59Z", "0001-01-01", "yesterday", "5" * 99)),
    ],
)
def test_only_sane_dates_are_read(text, moment):
    assert read_date(text) == moment


def json_ld(**node):
    return (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | node)}</script>'
    )


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2021-05-03'>",
        json_ld(datePublished="2021-05-03"),
        f"<script type='application/ld+json'>{json.dumps({'@graph': [{'@type': ['Article'], 'datePublished': '2021-05-03'}]})}</script>",
        "<meta name=date content=1e999><time datetime=2021-05-03>3 May</time>",
    ],
)
def test_the_date_of_publication_is_found(head):
    assert read(article(head=head)).published_at == datetime(2021, 5, 3, tzinfo=UTC)


def test_the_date_of_modification_is_found():
    head = "<meta property='article:modified_time' content='2021-05-04'>"
    assert read(article(head=head)).modified_at == datetime(2021, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/world/one", "https://news.example/world/one"),
        ("https://other.example/1", "https://other.example/1"),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("", ""),
        ("/" + "x" * 3000, ""),
    ],
)
def test_the_canonical_address_is_resolved_or_left_out(href, address):
    assert read(article(head=f"<link rel=canonical href='{href}'>")).canonical_url == address


@pytest.mark.parametrize(
    "head",
    [
        json_ld(correction="It was 1,500, not 15,000."),
        json_ld(correction=[{"@type": "CorrectionComment", "text": "It was 1,500, not 15,000."}]),
        "<div itemscope itemtype='https://schema.org/CorrectionComment'><p>It was 1,500, not 15,000.</p></div>",
        "<div itemprop=correction>It was 1,500, not 15,000.</div>",
    ],
)
def test_a_correction_in_the_markup_is_read(head):
    assert read(article(head=head)).correction == "It was 1,500, not 15,000."


@pytest.mark.parametrize(("value", "is_paywalled"), [(False, True), ("False", True), (True, False)])
def test_a_wall_is_told_by_the_markup(value, is_paywalled):
    assert read(article(head=json_ld(isAccessibleForFree=value))).is_paywalled is is_paywalled


@pytest.mark.parametrize(
    ("head", "may_archive"),
    [
        ("<meta name=robots content='noindex, NOARCHIVE'>", False),
        ("<META NAME=Robots CONTENT=noarchive,nofollow>", False),
        ("<meta name=googlebot content=NoArchive>", False),
        ("<meta name=robots content=index><meta name=robots content=noarchive>", False),
        ("<meta name=robots content=all>", True),
        ("<meta name=description content=noarchive>", True),
        ("", True),
    ],
)
def test_noarchive_is_noted(head, may_archive):
    assert read(article(head=head)).may_archive is may_archive


@pytest.mark.parametrize(
    "source",
    ["{", "[" * 100_000, '{"@type": "Article", "x": ' + "9" * 100_000 + "}", "null", "[1]"],
)
def test_broken_json_ld_does_no_harm(source):
    page = read(article(head=f"<script type='application/ld+json'>{source}</script>"))
    assert PARAGRAPHS[0] in page.text


def test_depth_that_hides_text_is_told():
    page = read(f"<p>{PARAGRAPHS[0]}" + "<div>" * 200_000 + "hidden" + "</div>" * 200_000)
    assert page.text == PARAGRAPHS[0]
    assert page.is_truncated
    assert not read(article()).is_truncated


@pytest.mark.parametrize("end", ["</b>", "</p>", "</table>", ""])
def test_ends_without_a_start_cost_no_more_than_the_rest(end):
    assert read(f"<p>{PARAGRAPHS[0]}" + "<div>" * 20_000 + end * 20_000).text == PARAGRAPHS[0]


def test_a_page_of_more_tags_than_are_read_is_told():
    page = read("<p>word</p>" * (MAX_TAGS // 2 + 1))
    assert page.is_truncated
    assert page.text.startswith("word\nword")


def test_a_page_does_not_wait_for_the_collector():
    html = article(*PARAGRAPHS * 100)
    read(html)
    gc.collect()
    gc.disable()
    try:
        read(html)
        assert gc.collect() < 100
    finally:
        gc.enable()


HOSTILE = {
    "alternating": "<p>" + "<i>a</i><b>b</b>" * 19_500,
    "unclosed": "<i>a<b>b" * 39_000,
    "table": "<table>" + "<tr><td>a</td></tr>" * 53_000 + "</table>",
    "paragraphs": "<p>" * 1_150_000,
    "links": "<a href=x>y</a>" * 100_000,
    "hidden": "<p hidden style='display:none'>" * 90_000,
    "frames": ("<nav>" * 120 + "a" * 10_000 + "</nav>" * 120) * 100,
    "marked": "<div itemtype=x itemprop=correction>" + "<i itemtype=correction>a</i>" * 60_000,
    "attributes": "<div " + " ".join(f"a{number}=1" for number in range(200_000)) + ">x</div>",
    "comment": "<!--" + "a" * 3_000_000,
    "angles": "<" * 1_000_000,
    "dates": "<p>updates</p>" + "<p>3 May 2021</p><p>Fixed a typo in it.</p>" * 20_000,
    "entities": "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><p>&a;" + "&a;" * 200_000,
    "nothing": "",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_to_its_end(name):
    assert len(read(HOSTILE[name]).text) <= MAX_CHARS


def test_text_is_cut_at_a_million_characters():
    page = read("a line of text\n" * 100_000, media_type="text/plain")
    assert len(page.text) == MAX_CHARS
    assert page.is_truncated


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/plain", "<p>one</p>\ntwo & three"),
        ("application/json", "<p>one</p>\ntwo & three"),
        ("text/html; charset=utf-8", "one\ntwo & three"),
        ("image/png", ""),
        ("application/zip", ""),
        ("application/pdf", ""),
    ],
)
def test_each_media_type_is_read_in_its_own_way(media_type, text):
    assert read("<p>one</p>\ntwo & three", media_type=media_type).text == text


@pytest.mark.parametrize(
    "media_type", ["application/rss+xml", "text/xml; charset=utf-8", "text/html", ""]
)
def test_a_feed_is_read_as_text_whatever_it_is_called(media_type):
    feed = "<?xml version='1.0'?><rss><item><title>One</title><description>&lt;p&gt;Two&lt;/p&gt;</description></item></rss>"
    assert read(feed, media_type=media_type).text == "One\nTwo"


@pytest.mark.parametrize("media_type", ["application/xhtml+xml", "text/html"])
def test_xhtml_is_read_as_a_page(media_type):
    html = (
        '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
        + article(head="<title>One</title>")[6:]
    )
    page = read(html, media_type=media_type)
    assert (page.title, page.text.split("\n")) == ("One", list(PARAGRAPHS))


@pytest.mark.parametrize(
    "entity", ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY b "x"><!ENTITY a "&b;&b;">']
)
@pytest.mark.parametrize("media_type", ["application/xml", "text/html"])
def test_entities_stay_closed(entity, media_type):
    raw = f'<?xml version="1.0"?><!DOCTYPE l [{entity}]><l>before &a; after</l>'
    assert read(raw, media_type=media_type).text.split() == ["before", "after"]


def pdf(text):
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = content
    writer.add_metadata({"/Title": "Report", "/CreationDate": "D:20210503100000Z"})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_pdf_is_read():
    page = read(pdf("About 1,500 soldiers"), media_type="application/pdf")
    assert (page.text, page.title) == ("About 1,500 soldiers", "Report")
    assert page.published_at == datetime(2021, 5, 3, 10, tzinfo=UTC)


def test_a_damaged_pdf_is_empty_and_told():
    page = read(pdf("About 1,500 soldiers")[:200], media_type="application/pdf")
    assert page.text == ""
    assert page.is_truncated


def test_a_pdf_sent_as_html_has_no_text():
    assert read(pdf("About 1,500 soldiers")).text == ""
