"""Which addresses the watch may look at: one reading of a URL, one decision about a connection.

`parse_url` is for people's entries and redirects, `read_url` for what is on record already; both
read once, by the WHATWG URL standard, and everything later uses the object they return.
"""

from claims.text.addresses.connections import authority, decide, is_public, sentence_for
from claims.text.addresses.urls import ParsedUrl, parse_url, read_url

__all__ = [
    "ParsedUrl",
    "authority",
    "decide",
    "is_public",
    "parse_url",
    "read_url",
    "sentence_for",
]
