import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

import claims

ROOM = Path(claims.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
SHEETS = sorted((ROOM / "static" / "claims").glob("*.css"))
TOKENS = (ROOM / "static" / "claims" / "tokens.css").read_text()
SETS = ('html[data-theme="light"]', 'html[data-theme="dark"]')

INKS = ("ink", "ink-2", "ink-3", "link", "link-hover", "danger", "flag-ink", "gone-ink")
STATES = ("reported", "corroborated", "disputed", "flag", "gone")


def colours(selector):
    block = TOKENS[TOKENS.index(selector) :]
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block[: block.index("}")])
    assert found
    return dict(found)


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", SETS)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", ["paper", "card", "sunk"])
def test_text_stands_out_from_its_ground(selector, ink, ground):
    found = colours(selector)
    assert contrast(found[ink], found[ground]) >= 4.5


@pytest.mark.parametrize("selector", SETS)
@pytest.mark.parametrize("state", STATES)
def test_a_badge_s_words_and_border_stand_out(selector, state):
    found = colours(selector)
    assert contrast(found[f"{state}-ink"], found[f"{state}-fill"]) >= 7
    assert contrast(found["ink"], found[f"{state}-fill"]) >= 7
    assert contrast(found[f"{state}-line"], found[f"{state}-fill"]) >= 3
    assert contrast(found[f"{state}-line"], found["card"]) >= 3


@pytest.mark.parametrize("selector", SETS)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("button-ink", "button"), ("bar-ink-2", "bar"), ("notice-ink", "notice-fill")],
)
def test_buttons_bar_and_notice_can_be_read(selector, ink, ground):
    found = colours(selector)
    assert contrast(found[ink], found[ground]) >= 4.5


def test_the_dark_set_is_the_same_by_choice_and_by_system():
    assert colours("  :root {") == colours('html[data-theme="dark"]')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_page_needs_inline_style_or_script(path):
    page = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert "|safe" not in page
    assert "autoescape off" not in page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM)))
def test_every_static_file_named_is_there(path):
    for name in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text()):
        assert finders.find(name), name


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_no_sheet_asks_another_site_for_anything(path):
    assert not re.search(r"url\(|@import|https?:", path.read_text())


@pytest.mark.parametrize("code", [400, 403, 404, 500, 503])
def test_an_error_page_needs_neither_request_nor_database(code):
    page = render_to_string(f"{code}.html")
    assert str(code) in page
    assert "<h1>" in page


def test_the_notice_stands_on_every_page():
    for page in ("404.html", "claims/base.html", "admin/base_site.html"):
        assert "Invented pages." in render_to_string(page, {"site_notice": "Invented pages."})


def test_no_notice_leaves_no_empty_bar():
    assert "site-notice" not in render_to_string("404.html", {"site_notice": ""})
