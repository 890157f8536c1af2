"""Which addresses the watch may look at: the rule by which the record refuses entries too."""

from claims.text.addresses import (
    ParsedUrl,
    authority,
    decide,
    is_public,
    parse_url,
    read_url,
    sentence_for,
)
from claims.text.addresses.faults import UrlFault, UrlRefused

__all__ = [
    "ParsedUrl",
    "UrlFault",
    "UrlRefused",
    "authority",
    "decide",
    "is_public",
    "parse_url",
    "read_url",
    "sentence_for",
]
