"""Invented news pages of about 80 kB, as heavy as real ones are: one number, one page, always.

Their make-up is that of the pages of public news sites: some 5 kB of text in 25 paragraphs, the
rest navigation, teasers, scripts and styles, about 600 elements, 18 kB when gzipped.
"""

import hashlib
import json
import random
from dataclasses import dataclass
from functools import lru_cache

PARAGRAPHS = 25
QUOTED = (2, 9, 17)
"""The paragraphs that hold a quoted sentence; a change of wording leaves them alone."""
EDITED = (4, 11, 20, 23)
ALTERED_EVERY = 20
TEASERS = 48
PATHS = 46
WHO = ("The ministry", "The council", "A spokeswoman", "The port authority", "The harbour union")
WHO += (
    "The regional court",
    "The fire service",
    "A former minister",
    "The state bank",
    "Engineers",
)
DID = ("counted", "repaired", "sold", "registered", "inspected", "returned", "ordered", "closed")
WHAT = ("houses", "vehicles", "tonnes of grain", "school places", "hospital beds", "permits")
WHAT += ("bridges", "water meters", "tickets", "ballot papers", "complaints", "fishing boats")
WHERE = ("in the old town", "along the coast road", "near the northern border", "on both islands")
WHERE += ("around the central station", "in the river districts", "outside the capital")
WHEN = ("on Friday", "before the vote", "since the spring", "within two days", "last winter")
REST = ("according to a letter seen by this paper", "although nobody had asked for it")
REST += ("while the talks in the neighbouring country went on", "and a second report is expected")
REST += ("which the opposition had called too expensive", "because the contracts run out in May")
TOPICS = ("Politics", "Economy", "Region", "Science", "Culture", "Sport", "Weather", "Opinion")


@dataclass(frozen=True, slots=True)
class Revision:
    """What a page says and carries: `wording` counts changes of text, `token` of other bytes."""

    token: int = 0
    wording: int = 0


def page(number: int, revision: Revision, *, site: int) -> str:
    """Return the HTML of one page of one site, as it is in one revision."""
    texts = [_paragraph(number, place, revision.wording) for place in range(PARAGRAPHS)]
    title = f"{_sentence(random.Random(number))[:60].rstrip('.')} ({number})"
    before, after = _surroundings(site)
    head = _head(title, number=number, token=revision.token)
    body = "".join(_block(text, place, number=number) for place, text in enumerate(texts))
    article = (
        f'<article class="story story--full" data-story="{number}" data-build="{revision.token}">'
        f'<h1 class="story__title" itemprop="headline">{title}</h1>'
        '<p class="byline"><span class="byline__by">By</span> <a rel="author" href="/people/7">'
        f'J. Example</a> <time datetime="2026-03-02T08:15:00Z">2 March 2026</time></p>{body}'
        "</article>"
    )
    built = f"<!-- built {revision.token} -->"
    return f"<!doctype html>\n<html lang=en>{head}{before}{article}{after}{built}"


def quotes(number: int) -> tuple[str, ...]:
    """Return the sentences of a page that claims rest on."""
    return tuple(_quoted(number, place, is_altered=False) for place in QUOTED)


def is_altered(number: int, *, wording: int) -> bool:
    """Say whether a quoted figure of the page is another one after that change of wording."""
    return wording > 0 and (number + wording) % ALTERED_EVERY == 0


def _paragraph(number: int, place: int, wording: int) -> str:
    is_edited = place in EDITED and wording > 0
    dice = random.Random(f"{number}/{place}/{wording if is_edited else 0}")
    sentences = [_sentence(dice) for _ in range(2)]
    if place in QUOTED:
        is_changed = place == QUOTED[0] and is_altered(number, wording=wording)
        sentences.insert(1, _quoted(number, place, is_altered=is_changed))
    return " ".join(sentences)


def _sentence(dice: random.Random) -> str:
    words = (dice.choice(WHO), dice.choice(DID), f"{dice.randrange(2, 99_000):,}")
    ends = (dice.choice(WHAT), dice.choice(WHERE), dice.choice(WHEN))
    return " ".join((*words, *ends)) + f", {dice.choice(REST)}."


def _quoted(number: int, place: int, *, is_altered: bool) -> str:
    dice = random.Random(f"quoted {number}/{place}")
    count = dice.randrange(200, 9_000)
    who, what = dice.choice(WHO), dice.choice(WHAT)
    return f"{who} said that {count + 300 * is_altered:,} {what} of district {number} were lost."


def _block(text: str, place: int, *, number: int) -> str:
    block = f'<p class="story__text" data-place="{place}">{text}</p>\n'
    if place % 6 == 3:
        image = _name(f"image {number}/{place}")
        block += (
            f'<figure class="picture picture--wide"><img loading="lazy" width="960" height="540" '
            f'src="/media/{image}.jpg" srcset="/media/{image}-480.jpg 480w, /media/{image}-960.jpg'
            ' 960w" sizes="(max-width: 600px) 480px, 960px" alt=""></figure>\n'
        )
    return block


def _head(title: str, *, number: int, token: int) -> str:
    about = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    about |= {"datePublished": "2026-03-02T08:15:00Z", "identifier": str(number)}
    return (
        f'<head><meta charset="utf-8"><title>{title}</title><meta property="og:title" '
        f'content="{title}"><meta property="og:type" content="article"><meta name="build" '
        f'content="{_name(f"build {number}/{token}")}"><link rel="stylesheet" href="/site.css">'
        f'<script type="application/ld+json">{json.dumps(about)}</script></head>\n'
    )


@lru_cache(maxsize=4)
def _surroundings(site: int) -> tuple[str, str]:
    """Return what stands before and after the article on every page of a site."""
    dice = random.Random(f"site {site}")
    links = "".join(
        f'<li class="menu__item"><a class="menu__link" href="/{topic.lower()}/{part}">{topic} '
        f"{part}</a></li>"
        for topic in TOPICS
        for part in range(1, 6)
    )
    before = (
        f'<body class="page page--story"><style>{_style(dice)}</style><script>{_script(dice)}'
        '</script><header class="masthead"><a class="masthead__name" href="/">The Daily Example '
        f'{site}</a><nav aria-label="Topics"><ul class="menu">{links}</ul></nav></header><main>'
    )
    teasers = "".join(_teaser(dice) for _ in range(TEASERS))
    icons = "".join(f'<path class="icon" d="{_path(dice)}"/>' for _ in range(PATHS))
    after = (
        f'</main><aside class="more"><h2>More stories</h2>{teasers}</aside><footer class="foot">'
        f'<svg viewBox="0 0 99 99" aria-hidden="true">{icons}</svg><ul class="menu">{links}</ul>'
        "<p>The Daily Example is an invented paper.</p></footer></body></html>"
    )
    return before, after


def _teaser(dice: random.Random) -> str:
    name = f"{dice.getrandbits(64):016x}"
    return (
        f'<div class="teaser teaser--small" data-id="{name}"><a class="teaser__link" '
        f'href="/story/{name}?from=more"><div class="teaser__frame"><img loading="lazy" '
        f'src="/media/{name}-240.webp" srcset="/media/{name}-480.webp 2x" alt=""></div>'
        f'<div class="teaser__words"><span class="teaser__topic">{dice.choice(TOPICS)}</span>'
        f'<h3 class="teaser__title">{dice.choice(WHO)} {dice.choice(DID)} {dice.choice(WHAT)}</h3>'
        f'<time class="teaser__time">{dice.randrange(24):02}:{dice.randrange(60):02}</time></div>'
        "</a></div>\n"
    )


def _style(dice: random.Random) -> str:
    return "".join(
        f".c{place}{{margin:{dice.randrange(40)}px {dice.randrange(40)}px;color:#"
        f"{dice.getrandbits(24):06x};display:flex}}"
        for place in range(130)
    )


def _script(dice: random.Random) -> str:
    switches = {f"switch{place}": f"{dice.getrandbits(48):x}" for place in range(900)}
    return f"window.example={json.dumps(switches)};"


def _path(dice: random.Random) -> str:
    return " ".join(f"L{dice.randrange(99)} {dice.randrange(99)}" for _ in range(25))


def _name(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()[:16]
