"""Outlet and page to HTML, by the outlet's own templates."""

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape
from string import Template

from seeds.site.outlets import Dressing, Outlet, Page

MARK = "Demonstration text, written for Stet; not a real report."
RELATED = 4
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


def render_page(
    outlet: Outlet, page: Page, *, base_url: str, dressing: Dressing, modified_at: datetime | None
) -> bytes:
    """Return one article in the outlet's dress; `modified_at` is shown where the page is dated."""
    words = _page_words(outlet, page, base_url=base_url, modified_at=modified_at)
    others = [other for other in outlet.pages.values() if other.path != page.path]
    words |= {
        "related": _related(others, first=dressing.related_first),
        "body": page.body.replace("<!-- advert -->", _advert(dressing, slot="middle")),
    }
    main = Template(outlet.article).substitute(words)
    return _in_shell(outlet, words, main=main, head=outlet.head, dressing=dressing)


def render_front(outlet: Outlet, *, base_url: str) -> bytes:
    """Return the outlet's front page: its pages by section."""
    sections = dict.fromkeys(page.section for page in outlet.pages.values())
    lists = "".join(_section(outlet, section) for section in sections)
    main = f'<main class="front"><h1>{escape(outlet.words["front"])}</h1>{lists}</main>'
    return _plain(outlet, title=outlet.words["front"], path="/", base_url=base_url, main=main)


def render_not_found(outlet: Outlet, *, base_url: str, path: str) -> bytes:
    """Return the outlet's own "no such page"."""
    said = outlet.words["not_found"]
    main = f'<main class="front"><h1>{escape(said)}</h1></main>'
    return _plain(outlet, title=said, path=path, base_url=base_url, main=main)


def date_words(at: datetime, *, language: str) -> str:
    """Return a date and time the way the outlet's language writes it."""
    if language == "ko":
        return f"{at:%Y}년 {at.month}월 {at.day}일 {at:%H:%M}"
    month = MONTHS[language].split()[at.month - 1]
    return f"{at.day} {month} {at:%Y, %H:%M}"


def _section(outlet: Outlet, section: str) -> str:
    items = "".join(
        f'<li><a href="{escape(page.path)}" lang="{page.language}">{escape(page.title)}</a></li>'
        for page in outlet.pages.values()
        if page.section == section
    )
    return f'<h2 id="{escape(section)}">{escape(section)}</h2><ul>{items}</ul>'


def _plain(outlet: Outlet, *, title: str, path: str, base_url: str, main: str) -> bytes:
    words = _shell_words(outlet) | {
        "title": escape(title),
        "description": escape(outlet.words["tagline"]),
        "canonical": escape(base_url + path),
        "lang": outlet.language,
    }
    return _in_shell(outlet, words, main=main, head="", dressing=outlet.dressings[0])


def _in_shell(
    outlet: Outlet, words: dict[str, str], *, main: str, head: str, dressing: Dressing
) -> bytes:
    filled = words | {
        "main": main,
        "head": Template(head).substitute(words),
        "menu": _menu(dressing.menu),
        "advert_top": _advert(dressing, slot="top"),
        "advert_side": _advert(dressing, slot="side"),
    }
    return Template(outlet.shell).substitute(filled).encode()


def _shell_words(outlet: Outlet) -> dict[str, str]:
    words = {f"w_{key}": escape(value) for key, value in outlet.words.items()}
    return words | {"outlet": escape(outlet.name), "mark": MARK}


def _page_words(
    outlet: Outlet, page: Page, *, base_url: str, modified_at: datetime | None
) -> dict[str, str]:
    modified = modified_at or page.published_at
    shown = f"{outlet.words['updated']} {date_words(modified, language=page.language)}"
    return _shell_words(outlet) | {
        "title": escape(page.title),
        "description": escape(page.description),
        "canonical": escape(base_url + page.path),
        "lang": page.language,
        "section": escape(page.section),
        "author": escape(page.author),
        "published_iso": page.published_at.isoformat(),
        "published": date_words(page.published_at, language=page.language),
        "modified_iso": modified.isoformat(),
        "modified": escape(shown) if modified_at else "",
        "jsonld": _jsonld(outlet, page, modified=modified),
    }


def _jsonld(outlet: Outlet, page: Page, *, modified: datetime) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "datePublished": page.published_at.isoformat(),
        "dateModified": modified.isoformat(),
        "author": {"@type": "Person", "name": page.author},
        "publisher": {"@type": "Organization", "name": outlet.name},
        "isAccessibleForFree": True,
    }
    # "</script>" inside a value would end the element.
    return json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")


def _menu(menu: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<li><a href="/#{escape(anchor)}">{escape(label)}</a></li>' for label, anchor in menu
    )


def _advert(dressing: Dressing, *, slot: str) -> str:
    text = dressing.adverts[slot]
    return f'<aside class="ad ad-{slot}"><a href="/">{escape(text)}</a></aside>'


def _related(pages: list[Page], *, first: int) -> str:
    turned = pages[first:] + pages[:first]
    return "".join(
        f'<li><a href="{escape(page.path)}">{escape(page.title)}</a></li>'
        for page in turned[:RELATED]
    )
