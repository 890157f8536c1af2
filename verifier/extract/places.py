"""What kind of place a box marks, by its tag, role, class or id."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache


class Place(Enum):
    """What kind of place a box marks."""

    ANY = auto()
    MAIN = auto()
    FRAME = auto()
    EDGE = auto()
    UNLIKELY = auto()


_PLACES = {
    "nav": Place.FRAME,
    "footer": Place.EDGE,
    "header": Place.EDGE,
    "aside": Place.FRAME,
    "main": Place.MAIN,
}
_ROLES = {
    "navigation": Place.FRAME,
    "banner": Place.EDGE,
    "contentinfo": Place.EDGE,
    "search": Place.FRAME,
    "menu": Place.FRAME,
    "complementary": Place.FRAME,
    "main": Place.MAIN,
}
_UNLIKELY = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|advert\w*|author-?bio|banner|bread-?crumbs?|byline|captions?|comments?|"
    r"consent|cookies?|copyright|credits?|discuss\w*|disqus\w*|footer|hidden|masthead|menu|meta|"
    r"modal|more-?\w*|nav\w*|newsletters?|most-?\w*|outbrain|paywall|popular|popup|promo\w*|"
    r"recirc\w*|recommend\w*|related\w*|replies|respond|share\w*|sharing|shop|sidebar|signup|"
    r"skip\w*|social\w*|sponsor\w*|subscri\w*|taboola\w*|tags?|teasers?|toolbar|trending|"
    r"widgets?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_NEVER_UNLIKELY = frozenset({"html", "body", "article"})


def place_of(tag: str, attributes: Mapping[str, str]) -> Place:
    """Say what kind of place a block-level element marks."""
    place = _PLACES.get(tag)
    if place is not None or not attributes:
        return place or Place.ANY
    role = attributes.get("role")
    if role and role in _ROLES:
        return _ROLES[role]
    if tag in _NEVER_UNLIKELY:
        return Place.ANY
    # One by one, because a site has few classes and a page many ids.
    classes, name = attributes.get("class"), attributes.get("id")
    is_unlikely = (classes and _is_unlikely(classes)) or (name and _is_unlikely(name))
    return Place.UNLIKELY if is_unlikely else Place.ANY


@lru_cache(maxsize=4096)
def _is_unlikely(names: str) -> bool:
    return _UNLIKELY.search(names) is not None
