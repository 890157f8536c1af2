"""What a page says of itself in its markup: title, dates, address, corrections, access.

Sources: HTML meta and link elements, Open Graph and article: properties, Dublin Core, schema.org
in JSON-LD and microdata (`correction`, `CorrectionComment`, `isAccessibleForFree`), robots
`noarchive` and `noindex`; the addresses of scripts, frames and forms for what they ask of a reader.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from claims.types import PageSigns
from verifier.extract.json_ld import article_nodes
from verifier.extract.tree import finder, text_in

TITLE_CHARS = 500
CORRECTION_CHARS = 2000
URL_CHARS = 2048
MAX_ELEMENTS = 5000
_MARKED = finder("descendant-or-self::*[@itemprop = 'correction' or @itemtype]")
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
_CHALLENGE = re.compile(
    r"captcha|turnstile|challenge|cdn-cgi/chl|geetest|arkose|awswaf|ddos-guard|incapsula|anubis",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"consent|cookielaw|cookiebot|onetrust|didomi|usercentrics|privacy-?mgmt|quantcast|trustarc"
    r"|iubenda",
    re.IGNORECASE,
)
_ROBOTS = frozenset({"robots", "googlebot"})
_ADDRESS_CHARS = 500
_SMALL_SCRIPT_CHARS = 4000  # what only sets a challenge up; programs are longer
_CHALLENGE_WORDS = ("captcha", "challenge")
_SOON_S = 60
_REFRESH = re.compile(r"\s*(\d{1,6})")


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
    signs: PageSigns = field(default_factory=PageSigns)


@dataclass(slots=True)
class _Found:
    """The elements that matter, gathered in one pass."""

    metas: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    robots: list[str] = field(default_factory=list)
    language: str = ""
    asks_password: bool = False
    has_challenge: bool = False
    asks_consent: bool = False
    reloads_itself: bool = False


def read_metadata(root: etree._Element, *, source: str, url: str) -> Metadata:
    """Read what a page's elements say of it.

    Args:
        root: The parsed page.
        source: The page as it came; what it does not hold is not sought.
        url: Resolves a relative canonical address.
    """
    found = _gather(root)
    published = [*_values(found.nodes, "datePublished"), *_contents(found, _PUBLISHED)]
    modified = [*_values(found.nodes, "dateModified"), *_contents(found, _MODIFIED)]
    robots = " ".join(found.robots).lower()
    return Metadata(
        title=_title(found),
        published_at=_first_date([*published, *found.times[:1]]),
        modified_at=_first_date(modified),
        canonical_url=_canonical(found.links.get("canonical", ""), url),
        language=_clean(found.language, 35),
        correction=_correction(found.nodes) or _marked_correction(root, source),
        is_paywalled=_is_paywalled(found),
        may_archive="noarchive" not in robots,
        signs=PageSigns(
            window_title=found.titles.get("title", ""),
            asks_password=found.asks_password,
            has_challenge=found.has_challenge,
            asks_consent=found.asks_consent,
            is_noindex="noindex" in robots,
            reloads_itself=found.reloads_itself,
        ),
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
    for element in islice(root.iter(*_GATHERERS), MAX_ELEMENTS):
        _GATHERERS[element.tag](element, found)
    return found


def _gather_language(element: etree._Element, found: _Found) -> None:
    found.language = found.language or element.get("lang") or ""


def _gather_meta(element: etree._Element, found: _Found) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or ""
    name, content = name.strip().lower(), element.get("content") or ""
    found.metas.setdefault(name, content)
    if name in _ROBOTS:
        found.robots.append(content)
    if (element.get("http-equiv") or "").lower() == "refresh":
        seconds = _REFRESH.match(content)
        found.reloads_itself |= seconds is not None and int(seconds[1]) <= _SOON_S


def _gather_link(element: etree._Element, found: _Found) -> None:
    found.links.setdefault((element.get("rel") or "").strip().lower(), element.get("href") or "")


def _gather_title(element: etree._Element, found: _Found) -> None:
    if element.tag not in found.titles:
        title = clean_title(text_in(element))
        if title:
            found.titles[element.tag] = title


def _gather_time(element: etree._Element, found: _Found) -> None:
    moment = element.get("datetime")
    if moment:
        found.times.append(moment)
        if element.get("itemprop"):
            found.metas.setdefault((element.get("itemprop") or "").lower(), moment)


def _gather_input(element: etree._Element, found: _Found) -> None:
    found.asks_password |= (element.get("type") or "").lower() == "password"


def _gather_address(element: etree._Element, found: _Found) -> None:
    """Note what the address of a frame, form or script says it is for."""
    address = element.get("src") or element.get("action")
    if address:
        is_challenge, is_consent = _asks(address[:_ADDRESS_CHARS])
        found.has_challenge |= is_challenge
        found.asks_consent |= is_consent


@lru_cache(maxsize=4096)
def _asks(address: str) -> tuple[bool, bool]:
    return _CHALLENGE.search(address) is not None, _CONSENT.search(address) is not None


def _gather_script(element: etree._Element, found: _Found) -> None:
    source = element.text or ""
    if "ld+json" not in (element.get("type") or ""):
        _gather_address(element, found)
        if 0 < len(source) <= _SMALL_SCRIPT_CHARS and not found.has_challenge:
            found.has_challenge = any(word in source for word in _CHALLENGE_WORDS)
        return
    found.nodes.extend(article_nodes(source))


_GATHERERS = {
    "html": _gather_language,
    "meta": _gather_meta,
    "link": _gather_link,
    "title": _gather_title,
    "h1": _gather_title,
    "time": _gather_time,
    "script": _gather_script,
    "input": _gather_input,
    "iframe": _gather_address,
    "form": _gather_address,
}


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


def _marked_correction(root: etree._Element, source: str) -> str:
    """Return what microdata names as a correction (schema.org)."""
    for element in _MARKED(root) if "orrection" in source else ():
        is_comment = element.get("itemtype", "").endswith("/CorrectionComment")
        if is_comment or element.get("itemprop") == "correction":
            return _clean(text_in(element), CORRECTION_CHARS)
    return ""


def _canonical(href: str, url: str) -> str:
    try:
        address = urljoin(url, href.strip())
    except ValueError:
        return ""
    is_usable = href.strip() and address.startswith(("http://", "https://"))
    return address if is_usable and len(address) <= URL_CHARS else ""


def _is_paywalled(found: _Found) -> bool:
    """Say whether the page, or a part of it, is marked as not free to read."""
    whole = [*_values(found.nodes, "isAccessibleForFree")]
    whole += _contents(found, ("isaccessibleforfree",))
    if found.metas.get("article:content_tier", "").lower() == "locked":
        return True
    if whole:
        return any(map(_is_false, whole))
    parts = [part for value in _values(found.nodes, "hasPart") for part in _listed(value)]
    return any(
        isinstance(part, dict) and _is_false(part.get("isAccessibleForFree")) for part in parts
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _clean(text: str, limit: int) -> str:
    return " ".join(_UNSEEN.sub(" ", text[: 20 * limit]).split())[:limit].strip()
