"""The objects of a page's JSON-LD that describe the page."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

_MAX_CHARS = 1_000_000
_MAX_NODES = 200
_ARTICLE = re.compile(r"(?:article|posting|report|review|webpage|newspage)$", re.IGNORECASE)


def article_nodes(source: str) -> Sequence[Mapping[str, Any]]:
    """Return the objects, at most 200, that describe an article or page; none of broken JSON."""
    if len(source) > _MAX_CHARS:
        return []
    try:
        return list(islice(_nodes(json.loads(source, strict=False)), _MAX_NODES))
    except (ValueError, RecursionError):
        return []


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
