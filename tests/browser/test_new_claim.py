"""A new claim from an open article by keyboard alone, in a real browser."""

import sys
import time

import pytest
from playwright.sync_api import expect

from claims.models import Appearance, Article, Claim

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
SENTENCE = "According to South Korea, Russia has received up to eight million rounds of artillery and rockets."


@pytest.fixture
def processes() -> tuple[str, ...]:
    """The web alone."""
    return ("web",)


def test_a_claim_is_opened_from_an_article_by_keyboard_alone(sign_in, capsys):
    mira = sign_in("mira", viewport=WIDE)
    article = Article.objects.get()
    began, pressed = time.monotonic(), []

    def press(key, times=1):
        for _ in range(times):
            pressed.append(key)
            mira.page.keyboard.press(key)

    mira.go(f"/admin/claims/claim/new/?article={article.reference}")
    expect(mira.page.get_by_label("Text of the article")).to_be_focused()
    press("Control+ArrowDown", article.text[: article.text.index(SENTENCE)].count("\n"))
    press("Shift+End")
    press("Enter")
    statement = mira.page.get_by_label("Statement")
    expect(statement).to_be_focused()
    expect(statement).to_have_value(
        "Russia has received up to eight million rounds of artillery and rockets."
    )
    expect(mira.page.get_by_label("As the article names them")).to_have_value("South Korea")
    expect(mira.page.get_by_label("Value").first).to_have_value("8000000")
    mira.sees("Tracked already?")
    press("Control+Enter")
    mira.sees("is open: now link what it rests on.")
    took_s = time.monotonic() - began
    place = Appearance.objects.get(claim=Claim.objects.order_by("-pk").first())
    assert place.quote == article.text[place.start : place.end] == SENTENCE
    with capsys.disabled():
        sys.stdout.write(f"\na new claim from an article: {len(pressed)} keys, {took_s:.1f} s\n")


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_a_new_claim_scrolls_sideways_or_breaks_its_policy(sign_in, scheme):
    mira = sign_in("mira", viewport=WIDE, color_scheme=scheme)
    article = Article.objects.get()
    claim = Claim.objects.filter(closed_at=None, decided_at=None).first()
    for path in (
        f"new/?article={article.reference}",
        "new/",
        f"{claim.reference}/merge/",
        f"{claim.reference}/split/",
        f"{claim.reference}/links/",
    ):
        mira.go(f"/admin/claims/claim/{path}")
        for viewport in (WIDE, NARROW):
            mira.page.set_viewport_size(viewport)
            mira.is_not_scrolled_sideways()
