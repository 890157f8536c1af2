"""The signs a wall is told by: what markup asks, where redirects ended, what is left of a text."""

from dataclasses import replace

import pytest

from claims.states import QuoteState
from claims.types import PageSigns, PageText, QuoteFinding
from tests.verifier.wall_pages import (
    CAPTCHA,
    CHALLENGE,
    CONSENT,
    HOMEPAGE,
    NOINDEX,
    PART_LOCKED,
    RELOAD,
    SIGN_IN_FORM,
    STORY,
    TITLE,
    URL,
    locked,
    shell,
    story,
)
from verifier.assess import assess
from verifier.extract import extract
from verifier.walls import is_doubtful
from verifier.walls.endings import Ending, ending

FRONT = "https://paper.example/"
NOT_THERE = shell("Page not found", "We could not find the page.", head=NOINDEX)


@pytest.mark.parametrize(
    ("before", "after", "doubtful"),
    [
        (story(), story(HOMEPAGE, title="Storm shelters open"), True),
        (story(), NOT_THERE, True),
        (story(), story(), False),
        (story(), story(STORY[2:5]), False),
        (None, NOT_THERE, False),
    ],
)
def test_other_addresses_are_asked_about_only_where_nothing_of_a_page_is_left(
    before, after, doubtful
):
    was = extract(before.encode(), url=URL) if before else None
    now = extract(after.encode(), url=URL)
    assert is_doubtful(now, before=was, assessment=assess(before=was, after=now, quotes=[])) is (
        doubtful
    )


def test_a_quote_that_stands_settles_the_doubt():
    page = PageText(text="Other words.")
    standing = QuoteFinding(1, QuoteState.STANDING)
    found = replace(assess(before=page, after=page, quotes=[]), quotes=(standing,))
    assert not is_doubtful(page, before=PageText(text=STORY[0]), assessment=found)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (URL, Ending.SAME),
        (URL.replace("https://", "http://www.") + "/", Ending.SAME),
        ("", Ending.SAME),
        ("https://[broken", Ending.SAME),
        (URL + "/amp", Ending.ELSEWHERE),
        ("https://paper.example/archive/4711", Ending.ELSEWHERE),
        (FRONT, Ending.HOME),
        (FRONT + "en-GB/index.html", Ending.HOME),
        ("https://other.example/", Ending.HOME),
        ("https://paper.example/world/2026/", Ending.ABOVE),
        ("https://paper.example/404", Ending.ERROR),
        ("https://paper.example/page-not-found.html", Ending.ERROR),
        (f"https://id.example/in?next={URL}", Ending.GATE),
        ("https://id.example/start?to=%252Fworld%252F2026", Ending.ELSEWHERE),
    ],
)
def test_where_redirects_ended_is_read_from_the_address(ended, expected):
    assert ending(URL, ended=ended) is expected


@pytest.mark.parametrize(
    ("asked", "ended"),
    [
        ("https://paper.example/", "https://paper.example/en"),
        ("https://paper.example/en", "https://paper.example/"),
        ("https://paper.example/live", "https://paper.example/"),
        ("https://paper.example/reports/flood-in-the-valley/print", "https://paper.example/reports/flood-in-the-valley"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_story_is_not_lost_by_a_redirect(asked, ended):
    assert ending(asked, ended=ended) in {Ending.ELSEWHERE, Ending.SAME}


@pytest.mark.parametrize(
    ("markup", "sign"),
    [
        (SIGN_IN_FORM, "asks_password"),
        (CHALLENGE, "has_challenge"),
        (CAPTCHA, "has_challenge"),
        ('<script>load("/captcha.js")</script>', "has_challenge"),
        ('<form action="/captcha"></form>', "has_challenge"),
        (CONSENT, "asks_consent"),
        (NOINDEX, "is_noindex"),
        (RELOAD, "reloads_itself"),
        ('<meta http-equiv="Refresh" content="0; url=/x">', "reloads_itself"),
    ],
)
def test_what_a_page_asks_of_its_reader_is_read_from_its_markup(markup, sign):
    signs = extract(story(head=markup).encode(), url=URL).signs
    assert getattr(signs, sign)
    assert not getattr(extract(story().encode(), url=URL).signs, sign)


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="refresh" content="900">',
        '<script src="/quiz.js">var next = 1</script>',
        '<input type="search">',
    ],
)
def test_what_stories_carry_too_is_no_sign(markup):
    signs = extract(story(body=markup).encode(), url=URL).signs
    assert signs == replace(PageSigns(), window_title=f"{TITLE} | The Paper")


@pytest.mark.parametrize(
    ("markup", "is_paywalled"),
    [
        ({"isAccessibleForFree": False}, True),
        ({"isAccessibleForFree": "False"}, True),
        ({"isAccessibleForFree": True}, False),
        (PART_LOCKED, True),
        ({"hasPart": {"isAccessibleForFree": "false"}}, True),
        ({"hasPart": [{"isAccessibleForFree": True}, "words"]}, False),
        ({"isAccessibleForFree": True, **PART_LOCKED}, False),
    ],
)
def test_a_page_that_is_not_free_to_read_says_so_in_its_markup(markup, is_paywalled):
    assert extract(locked(STORY, **markup).encode(), url=URL).is_paywalled is is_paywalled


@pytest.mark.parametrize(
    ("meta", "is_paywalled"),
    [
        ('<meta itemprop="isAccessibleForFree" content="False">', True),
        ('<meta property="article:content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="free">', False),
    ],
)
def test_access_is_read_from_meta_elements_too(meta, is_paywalled):
    assert extract(story(head=meta).encode(), url=URL).is_paywalled is is_paywalled
