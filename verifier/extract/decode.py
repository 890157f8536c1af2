"""Bytes to text: which character set, and no code point PostgreSQL or JSON cannot hold."""

import codecs
import re
from functools import lru_cache

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,512}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_META_WINDOW_BYTES = 1024
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}
_NEVER = frozenset({"utf-7", "utf-32", "utf-32-le", "utf-32-be", "idna", "punycode", "undefined"})
_ILL_FORMED = re.compile("[\x00\ud800-\udfff]")


def decode(raw: bytes, *, charset: str = "") -> tuple[str, str]:
    """Decode a page: byte order mark, then `charset`, then a meta tag, then UTF-8.

    Returns:
        The text, undecodable bytes, NUL and lone surrogates as U+FFFD, and the name of the
        character set used.
    Source:
        WHATWG Encoding Standard (labels that mean a wider set; UTF-7 is no label), HTML 13.2.3.2.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return _readable(raw[len(mark) :], name), name
    name = _known(charset) or _declared(raw) or "utf-8"
    return _readable(raw, name), name


def well_formed(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return _ILL_FORMED.sub("\ufffd", text)


def _readable(raw: bytes, name: str) -> str:
    return raw.decode(name, "replace").replace("\x00", "\ufffd")


def _declared(raw: bytes) -> str:
    found = _META.search(raw[:_META_WINDOW_BYTES])
    name = _known(found[1].decode("ascii", "replace")) if found else ""
    return "utf-8" if name.startswith("utf-16") else name  # read as bytes, so it cannot be UTF-16


@lru_cache(maxsize=256)
def _known(label: str) -> str:
    try:
        codec = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    name = codec.name
    is_text = getattr(codec, "_is_text_encoding", True)
    if not is_text or name in _NEVER or "escape" in name:
        return ""
    return _WIDER.get(name, name)
