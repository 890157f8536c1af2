"""The curated files, read once, and the text of a page's article as a reader sees it."""

import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from seeds.site.outlets import Outlet, Page, load_outlets

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ARTICLE = "000_6518bed4d8372703.txt"


@cache
def rows(name: str) -> Any:
    return json.loads((SEEDS / f"{name}.json").read_text(encoding="utf-8"))


def by_key(name: str) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in rows(name)}


@cache
def article_text() -> str:
    return (SEEDS / ARTICLE).read_text(encoding="utf-8")


@cache
def outlets() -> dict[str, Outlet]:
    return {outlet.key: outlet for outlet in load_outlets()}


def page_of(evidence: dict[str, Any]) -> Page:
    return outlets()[evidence["page"]["outlet"]].pages[evidence["page"]["path"]]


def every_page() -> list[tuple[Outlet, Page]]:
    return [(outlet, page) for outlet in load_outlets() for page in outlet.pages.values()]


def text_of(html: str) -> str:
    """Visible text, white space folded; a block's end is a space."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(" " if tag in {"p", "h1", "h2", "section", "li"} else "")
