"""The six outlets and their pages, read from `content/`."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
OUTLETS = Path(__file__).parent.parent / "outlets.json"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was published; `body` is the HTML of the article's paragraphs."""

    path: str
    title: str
    description: str
    section: str
    author: str
    published_at: datetime
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Dressing:
    """What stands around an article and says nothing of it."""

    menu: tuple[tuple[str, str], ...]
    adverts: dict[str, str]
    related_first: int


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: its words, its templates and its pages by path.

    `words` are the fixed words of its templates; `dressings` are the menus and advertisements as
    published and after the event that changes only those.
    """

    key: str
    name: str
    english_name: str
    port_offset: int
    language: str
    words: dict[str, str]
    dressings: tuple[Dressing, Dressing]
    shell: str
    head: str
    article: str
    assets: dict[str, bytes]
    pages: dict[str, Page]


def load_outlets() -> tuple[Outlet, ...]:
    """Read every outlet of `outlets.json`, in the order of their ports."""
    rows = json.loads(OUTLETS.read_text(encoding="utf-8"))
    return tuple(_load_outlet(row) for row in sorted(rows, key=lambda row: int(row["port_offset"])))


def _load_outlet(row: dict[str, Any]) -> Outlet:
    folder = CONTENT / row["key"]
    about = json.loads((folder / "outlet.json").read_text(encoding="utf-8"))
    pages = [
        _read_page(file, language=row["language"])
        for file in sorted((folder / "pages").glob("*.html"))
    ]
    pages.sort(key=lambda page: page.published_at, reverse=True)
    return Outlet(
        key=row["key"],
        name=row["name"],
        english_name=row["english_name"],
        port_offset=int(row["port_offset"]),
        language=row["language"],
        words=about["words"],
        dressings=(_read_dressing(about["dressing"]), _read_dressing(about["dressing_after"])),
        shell=(folder / "shell.html").read_text(encoding="utf-8"),
        head=(folder / "head.html").read_text(encoding="utf-8"),
        article=(folder / "article.html").read_text(encoding="utf-8"),
        assets={
            "/assets/style.css": (folder / "style.css").read_bytes(),
            "/assets/mark.svg": (folder / "mark.svg").read_bytes(),
        },
        pages={page.path: page for page in pages},
    )


def _read_dressing(raw: dict[str, Any]) -> Dressing:
    return Dressing(
        menu=tuple((label, anchor) for label, anchor in raw["menu"]),
        adverts=raw["adverts"],
        related_first=raw["related_first"],
    )


def _read_page(file: Path, *, language: str) -> Page:
    """Read one page: `name: value` lines, an empty line, then the body."""
    head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Page(
        path=fields["path"],
        title=fields["title"],
        description=fields["description"],
        section=fields["section"],
        author=fields["author"],
        published_at=datetime.fromisoformat(fields["published"]),
        body=body.strip(),
        language=fields.get("language", language),
    )
