"""A 200 that does not show the page is told from one that does, in any language."""

import pytest

from claims.states import Outcome, QuoteState
from claims.types import QuoteToFind
from tests.verifier.wall_cases import BEFORE, FRONT, KOREAN_STORY, WALLS, Case
from tests.verifier.wall_pages import (
    CAPTCHA,
    CHALLENGE,
    CONSENT,
    FLASH,
    HOMEPAGE,
    KOREAN,
    KOREAN_QUOTE,
    NOINDEX,
    PART_LOCKED,
    QUOTE,
    SIGN_IN_FORM,
    STORY,
    URL,
    locked,
    shell,
    story,
)
from verifier.assess import assess
from verifier.extract import extract
from verifier.walls import judge

ABOUT_404 = (
    "The ministry's pages answered with the words page not found for most of Tuesday night.",
    "A spokesman said that a certificate had run out and that no page was removed on purpose.",
    "Archivists who keep copies of public pages counted 411 addresses that could not be found.",
    "Most were back by the morning; the rest, the spokesman said, would follow within the day.",
)
ABOUT_COOKIES = (
    "The court ruled that consent to cookies must be as easy to refuse as to give on every page.",
    "Publishers had argued that cookies pay for journalism and that readers accept them anyway.",
    "The privacy office welcomed the ruling and announced that it would look at consent forms.",
    "Advertisers fear that fewer than half of all readers will agree to cookies from now on.",
)
ABOUT_CAPTCHAS = (
    "Programs now solve the puzzles that were to prove a reader human faster than readers do.",
    "Researchers let nine programs loose on a captcha of each kind and counted the right answers.",
    "Verifying that somebody is human will need other means, the authors of the study write.",
)
OTHER = (
    "The city has opened four shelters for people who lost their homes in the storm last night.",
    "Volunteers brought blankets and hot meals from all over the county before the day broke.",
    "The river fell by two feet since midnight, and the gauge is expected to fall further.",
    "Schools stay closed until Thursday, the council said, and buses run as on Sundays.",
)
OTHER_FLASH = ("The harbour bridge is open again, police say. Expect delays during the evening.",)

SHOWN = {
    "the same page": Case(BEFORE),
    "other menus and an advertisement": Case(story(body="<aside>Buy a boat today</aside>")),
    "a story that grew": Case(story((*STORY, *OTHER))),
    "a rewritten story": Case(story(OTHER, title="Storm shelters open")),
    "a rewritten story on a page without dates": Case(
        story(OTHER, title="Storm shelters open", dated=False), before=story(dated=False)
    ),
    "a story cut to three paragraphs": Case(story(STORY[2:5])),
    "a story cut to its first paragraph": Case(story(STORY[:1])),
    "a changed figure": Case(story((STORY[0], QUOTE.replace("three", "five"), *STORY[2:]))),
    "a story about missing pages": Case(story(ABOUT_404, title="Page not found: a long night")),
    "a story about missing pages at the first look": Case(
        story(ABOUT_404, title="Page not found: a long night", dated=False), before=None
    ),
    "a story about consent": Case(story(ABOUT_COOKIES, title="Cookies", head=CONSENT)),
    "a story about consent at the first look": Case(
        story(ABOUT_COOKIES, title="Cookies", head=CONSENT), before=None
    ),
    "a policy on cookies that was rewritten": Case(
        story(ABOUT_COOKIES[2:], title="How we use cookies", dated=False),
        before=story(ABOUT_COOKIES[:2], title="Cookies", dated=False),
        quote="",
    ),
    "a story about captchas": Case(story(ABOUT_CAPTCHAS, title="Are you human?"), before=None),
    "a flash at the first look": Case(story(FLASH), before=None),
    "a flash on a page without dates": Case(story(FLASH, dated=False), before=None, quote=""),
    "a flash beside a login": Case(story(FLASH, dated=False, body=SIGN_IN_FORM), before=None),
    "a flash beside a captcha for comments": Case(
        story(FLASH, dated=False, body=CAPTCHA), before=None
    ),
    "a flash replaced by another beside a login": Case(
        story(OTHER_FLASH, title="Bridge open", body=SIGN_IN_FORM),
        before=story(FLASH, body=SIGN_IN_FORM),
        quote=FLASH[0],
    ),
    "a flash replaced by another beside a captcha": Case(
        story(OTHER_FLASH, title="Bridge open", dated=False, body=CAPTCHA),
        before=story(FLASH, dated=False, body=CAPTCHA),
        quote=FLASH[0],
    ),
    "a flash not for search engines replaced by another": Case(
        story(OTHER_FLASH, title="Bridge open", head=NOINDEX),
        before=story(FLASH, head=NOINDEX),
        quote=FLASH[0],
    ),
    "a flash that grew": Case(story(STORY), before=story(FLASH), quote=FLASH[0]),
    "a story not for search engines": Case(story(head=NOINDEX), before=None, quote=""),
    "a locked story shown whole": Case(locked(STORY)),
    "a locked story shown whole at the first look": Case(locked(STORY), before=None),
    "a locked story of which a part is marked": Case(locked(STORY, **PART_LOCKED), before=None),
    "a locked story with other words": Case(locked((*STORY[:1], *STORY[2:])), before=locked(STORY)),
    "a quote that stands beside a challenge": Case(
        shell("Just a moment...", QUOTE, head=NOINDEX + CHALLENGE)
    ),
    "a quote that stands on a missing page": Case(shell("Page not found", QUOTE, head=NOINDEX)),
    "a quote that stands on the front page": Case(
        story((*HOMEPAGE, QUOTE), dated=False), ended=FRONT
    ),
    "a retraction in place of the story": Case(
        shell(
            "Page not found",
            "Retraction: this article has been retracted because it could not be verified.",
            head=NOINDEX,
        )
    ),
    "a story that moved": Case(story(), ended="https://paper.example/archive/4711"),
    "a story that moved up with its text": Case(story(), ended="https://paper.example/world/"),
    "a front page that is the source": Case(story(HOMEPAGE), before=story(OTHER), quote=""),
    "two addresses of one story": Case(story(), before=None, is_told_elsewhere=True),
    "a Korean story rewritten": Case(
        story(KOREAN[3:], title="선박 조타 장치 고장", language="ko"),
        before=KOREAN_STORY,
        quote=KOREAN_QUOTE,
    ),
}


def outcome_of(case: Case) -> Outcome | None:
    before = extract(case.before.encode(), url=URL) if case.before else None
    after = extract(case.after.encode(), url=case.ended)
    was = QuoteState.STANDING if case.before else QuoteState.UNCHECKED
    quotes = [QuoteToFind(1, case.quote, was=was)] if case.quote else []
    wall = judge(
        after,
        before=before,
        assessment=assess(before=before, after=after, quotes=quotes),
        asked_url=URL,
        final_url=case.ended,
        is_told_elsewhere=case.is_told_elsewhere,
    )
    assert wall is None or wall.reason.endswith(".")
    return wall.outcome if wall else None


@pytest.mark.parametrize(("case", "outcome"), WALLS.values(), ids=WALLS)
def test_what_stands_in_place_of_a_page_is_told(case, outcome):
    assert outcome_of(case) is outcome


@pytest.mark.parametrize("case", SHOWN.values(), ids=SHOWN)
def test_a_page_that_is_shown_is_no_wall(case):
    assert outcome_of(case) is None
