import re
from dataclasses import replace

import pytest

from seeds.site.events import EventKind, edited, load_events
from seeds.site.render import MARK, date_words, render_page
from tests.seeds.curated import every_page, outlets, rows, text_of

EVENTS = load_events()
PAGES = every_page()
each_page = pytest.mark.parametrize(
    ("outlet", "page"), PAGES, ids=[f"{outlet.key}{page.path}" for outlet, page in PAGES]
)


def rendered(outlet, page) -> str:
    dressing = outlet.dressings[0]
    return render_page(
        outlet, page, base_url="http://outlet.test", dressing=dressing, modified_at=None
    ).decode()


def test_six_outlets_have_twenty_four_pages_or_more():
    assert len(outlets()) == 6
    assert len(PAGES) >= 24


def test_outlets_stand_on_six_ports_in_a_row():
    assert [row["port_offset"] for row in rows("outlets")] == [0, 1, 2, 3, 4, 5]


@each_page
def test_page_is_marked_as_demonstration_text_where_readers_see_it(outlet, page):
    assert MARK == "Demonstration text, written for Stet; not a real report."
    assert MARK in text_of(rendered(outlet, page))


@each_page
def test_page_loads_nothing_from_elsewhere_and_runs_nothing(outlet, page):
    html = rendered(outlet, page)
    loaded = re.findall(
        r'(?:src|href)="([^"]*)"', html.replace('href="http://outlet.test', 'href="')
    )
    assert all(re.match(r"[/#](?!/)", address) for address in loaded)
    assert set(re.findall(r"<script([^>]*)>", html)) <= {' type="application/ld+json"'}
    assert not re.search(r"\son[a-z]+=|style=", html)


@each_page
def test_page_says_in_its_head_or_body_when_it_was_published(outlet, page):
    html = rendered(outlet, page)
    assert page.published_at.isoformat() in html
    assert date_words(page.published_at, language=page.language) in html


@each_page
def test_page_has_every_advertisement_and_menu_around_the_article(outlet, page):
    text = text_of(rendered(outlet, page))
    dressing = outlet.dressings[0]
    assert all(advert in text for advert in dressing.adverts.values())
    assert all(label in text for label, _ in dressing.menu)
    assert outlet.words["cookies"] in text


def test_title_with_markup_is_text_in_every_part_of_a_page():
    for outlet, page in PAGES:
        hostile = replace(page, title='</script><b>"&')
        assert "</script><b>" not in rendered(outlet, hostile)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_event_happens_to_a_page_there_is_and_no_two_share_one(event):
    assert event.kind is EventKind.DOWN or event.path in outlets()[event.outlet].pages
    shared = [other.key for other in EVENTS.values() if other.page_key == event.page_key]
    assert shared == [event.key]


@pytest.mark.parametrize(
    "event", [event for event in EVENTS.values() if event.edits], ids=lambda event: event.key
)
def test_every_edit_finds_its_words_exactly_once(event):
    body = outlets()[event.outlet].pages[event.path].body
    assert [body.count(find) for find, _ in event.edits] == [1] * len(event.edits)


def test_outlet_of_the_control_page_never_goes_down():
    down = {event.outlet for event in EVENTS.values() if event.kind is EventKind.DOWN}
    assert down
    assert rows("outlets")[0]["key"] not in down


@pytest.mark.parametrize(
    ("key", "quote_stands"),
    [
        ("edit-figure", False),
        ("remove-sentence", False),
        ("agency-withdraws", False),
        ("correction-notice", True),
    ],
)
def test_edit_touches_the_quoted_words_or_leaves_them(key, quote_stands):
    event = EVENTS[key]
    after = text_of(edited(outlets()[event.outlet].pages[event.path], event).body)
    quotes = [
        row["quote"]
        for row in rows("evidence")
        if row["page"] == {"outlet": event.outlet, "path": event.path}
    ]
    assert quotes
    assert [quote in after for quote in quotes] == [quote_stands] * len(quotes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "18 October 2024, 06:12"),
        ("ko", "2024년 10월 18일 06:12"),
        ("ru", "18 октября 2024, 06:12"),
    ],
)
def test_date_is_written_in_the_outlet_s_language(language, words):
    at = next(page for _, page in PAGES if page.path.endswith("nis-1500-soldiers")).published_at
    assert date_words(at, language=language) == words
