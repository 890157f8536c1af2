"""Invented pages, typical of the web: stories, and what stands in their place."""

import json

URL = "https://paper.example/world/2026/11/harbour-bridge-closed-after-ship-strikes-pillar"
QUOTE = "Engineers found cracks in three of the nine pillars, the harbour office said."
TITLE = "Harbour bridge closed after ship strikes pillar"
STORY = (
    "The bridge over the harbour was closed to all traffic on Tuesday after a cargo ship struck it.",
    QUOTE,
    "Nobody was hurt, but two lorries were left standing on the span until the early afternoon.",
    "The operator of the ship said that its steering had failed minutes before the collision.",
    "Ferries run every twenty minutes until further notice, and trains to the islands are free.",
    "The mayor asked people to stay away from the quays while divers look at the foundations.",
    "A report is expected within the week; the repair may take until the spring, officials said.",
)
FLASH = (
    "Police have closed the harbour bridge in both directions. More follows when we know more.",
)
KOREAN_QUOTE = "항만청은 교각 아홉 개 가운데 세 개에서 균열을 발견했다고 밝혔다."
KOREAN = (
    "화물선이 충돌한 뒤 항구를 가로지르는 다리가 화요일부터 전면 통제되었다.",
    KOREAN_QUOTE,
    "다친 사람은 없었으나 화물차 두 대가 이른 오후까지 다리 위에 서 있었다.",
    "선박 운영사는 충돌 몇 분 전에 조타 장치가 고장 났다고 설명했다.",
    "시장은 잠수부들이 기초를 살피는 동안 부두에 접근하지 말라고 당부했다.",
)
HOMEPAGE = (
    "Council agrees on a budget after a night of talks that ended with the sunrise over the square.",
    "Rain is expected from the west for the rest of the week, with snow on the higher passes.",
    "The museum of the sea opens its new wing to visitors who have waited for eleven years.",
    "Three runners of the city qualified for the final in the heat of the southern summer.",
)


def story(
    lines=STORY,
    *,
    title=TITLE,
    head="",
    body="",
    dated=True,
    url=URL,
    language="en",
):
    """A page with a menu, a headline, a date and an address of its own."""
    about = (
        f'<link rel="canonical" href="{url}">'
        '<meta property="article:published_time" content="2026-11-03T09:00:00Z">'
    )
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<html lang="{language}"><head><title>{title} | The Paper</title>'
        f"{about if dated else ''}{head}</head><body>"
        '<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>'
        f"<main><h1>{title}</h1>{text}</main>{body}<footer>The Paper, Quay 1</footer></body></html>"
    )


def shell(title, *lines, head="", form="", language="en"):
    """A page that is no story: a title, a few lines, perhaps a form."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<html lang="{language}"><head><title>{title}</title>{head}</head>'
        f"<body><div><h1>{title}</h1>{text}{form}</div></body></html>"
    )


def locked(lines, **markup):
    """A story marked as not free to read."""
    about = {
        "@type": "NewsArticle",
        "headline": TITLE,
        **(markup or {"isAccessibleForFree": False}),
    }
    return story(lines, head=f'<script type="application/ld+json">{json.dumps(about)}</script>')


NOINDEX = '<meta name="robots" content="noindex, nofollow">'
RELOAD = '<meta http-equiv="refresh" content="8">'
CHALLENGE = '<script src="https://shield.example/challenge-platform/run.js"></script>'
CAPTCHA = '<iframe src="https://captcha.example/frame?key=1"></iframe>'
CONSENT = '<script src="https://cdn.example/consent-manager.js"></script>'
SIGN_IN_FORM = (
    '<form action="/session"><label>E-mail <input name="user"></label>'
    '<label>Password <input type="password" name="word"></label><button>Go</button></form>'
)
PART_LOCKED = {"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": False}]}
