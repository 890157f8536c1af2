"""What a page says of itself in its markup: title, dates, address, corrections, access.

Sources: HTML meta and link elements, Open Graph and article: properties, Dublin Core, schema.org
in JSON-LD and microdata (`correction`, `CorrectionComment`, `isAccessibleForFree`), robots
`noarchive`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

TITLE_CHARS = 500
CORRECTION_CHARS = 2000
URL_CHARS = 2048
_MAX_ELEMENTS = 5000
_MAX_JSON_CHARS = 1_000_000
_MAX_NODES = 200
_YEARS = range(1990, 2101)
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "dc.date", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "lastmod", "last-modified", "revised",
)  # fmt: skip
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_ARTICLE = re.compile(r"(?:article|posting|report|review|webpage|newspage)$", re.IGNORECASE)


@dataclass(slots=True)
class Metadata:
    """What the markup says; empty or None where it says nothing that can be read."""

    title: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str = ""
    language: str = ""
    correction: str = ""
    is_paywalled: bool = False
    may_archive: bool = True


@dataclass(slots=True)
class _Found:
    """The elements that matter, gathered in one pass."""

    metas: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    nodes: list[Mapping[str, Any]] = field(default_factory=list)


def read_metadata(root: etree._Element, *, url: str) -> Metadata:
    """Read a page's markup; `url` resolves a relative canonical address."""
    found = _gather(root)
    published = [*_values(found.nodes, "datePublished"), *_contents(found, _PUBLISHED)]
    modified = [*_values(found.nodes, "dateModified"), *_contents(found, _MODIFIED)]
    robots = f"{found.metas.get('robots', '')} {found.metas.get('googlebot', '')}"
    return Metadata(
        title=_title(found),
        published_at=_first_date([*published, *found.times[:1]]),
        modified_at=_first_date(modified),
        canonical_url=_canonical(found.links.get("canonical", ""), url),
        language=_clean(root.get("lang") or "", 35),
        correction=_correction(found.nodes) or _marked_correction(root),
        is_paywalled=any(_is_false(value) for value in _values(found.nodes, "isAccessibleForFree")),
        may_archive="noarchive" not in robots.lower(),
    )


def read_date(text: str) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 date, in UTC; None where it is neither, or no sane year."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text.strip()[:64])
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            moment = moment.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return moment if moment.year in _YEARS else None
    return None


def clean_title(text: str) -> str:
    """Cut a title to one line of 500 characters without control characters."""
    return _clean(text, TITLE_CHARS)


def _gather(root: etree._Element) -> _Found:
    found = _Found()
    wanted = root.iter("meta", "link", "title", "h1", "time", "script")
    for element in islice(wanted, _MAX_ELEMENTS):
        _GATHERERS[element.tag](element, found)
    return found


def _gather_meta(element: etree._Element, found: _Found) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or ""
    found.metas.setdefault(name.strip().lower(), element.get("content") or "")


def _gather_link(element: etree._Element, found: _Found) -> None:
    found.links.setdefault((element.get("rel") or "").strip().lower(), element.get("href") or "")


def _gather_title(element: etree._Element, found: _Found) -> None:
    if element.tag not in found.titles:
        title = clean_title("".join(map(str, element.itertext())))
        if title:
            found.titles[element.tag] = title


def _gather_time(element: etree._Element, found: _Found) -> None:
    moment = element.get("datetime")
    if moment:
        found.times.append(moment)
        if element.get("itemprop"):
            found.metas.setdefault((element.get("itemprop") or "").lower(), moment)


def _gather_script(element: etree._Element, found: _Found) -> None:
    if "ld+json" not in (element.get("type") or ""):
        return
    source = element.text or ""
    if len(source) > _MAX_JSON_CHARS:
        return
    try:
        found.nodes.extend(islice(_nodes(json.loads(source, strict=False)), _MAX_NODES))
    except (ValueError, RecursionError):
        return


_GATHERERS = {
    "meta": _gather_meta,
    "link": _gather_link,
    "title": _gather_title,
    "h1": _gather_title,
    "time": _gather_time,
    "script": _gather_script,
}


def _nodes(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON-LD document that describe the page; `@graph` is opened."""
    for node in data if isinstance(data, list) else [data]:
        if not isinstance(node, dict):
            continue
        graph = node.get("@graph")
        if isinstance(graph, list):
            yield from (member for member in graph if _is_article(member))
        elif _is_article(node):
            yield node


def _is_article(node: object) -> bool:
    kinds = node.get("@type", "") if isinstance(node, dict) else ""
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE.search(name) for name in names)


def _values(nodes: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [node[key] for node in nodes if key in node]


def _contents(found: _Found, names: Sequence[str]) -> list[str]:
    return [found.metas[name] for name in names if found.metas.get(name)]


def _first_date(values: Sequence[object]) -> datetime | None:
    dates = (read_date(value) for value in values if isinstance(value, str))
    return next((moment for moment in dates if moment), None)


def _title(found: _Found) -> str:
    given = clean_title(found.metas.get("og:title", ""))
    return given or found.titles.get("h1", "") or found.titles.get("title", "")


def _correction(nodes: Sequence[Mapping[str, Any]]) -> str:
    texts = []
    for value in _values(nodes, "correction"):
        for item in value if isinstance(value, list) else [value]:
            text = item.get("text", "") if isinstance(item, dict) else item
            if isinstance(text, str) and not text.startswith(("http://", "https://")):
                texts.append(text)
    return _clean(" ".join(texts), CORRECTION_CHARS)


def _marked_correction(root: etree._Element) -> str:
    for element in islice(root.iter(), _MAX_ELEMENTS):
        kind = element.get("itemtype") or ""
        if element.get("itemprop") == "correction" or kind.endswith("/CorrectionComment"):
            return _clean(" ".join(map(str, element.itertext())), CORRECTION_CHARS)
    return ""


def _canonical(href: str, url: str) -> str:
    try:
        address = urljoin(url, href.strip())
    except ValueError:
        return ""
    is_usable = href.strip() and address.startswith(("http://", "https://"))
    return address if is_usable and len(address) <= URL_CHARS else ""


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _clean(text: str, limit: int) -> str:
    return " ".join(_UNSEEN.sub(" ", text[: 20 * limit]).split())[:limit].strip()
