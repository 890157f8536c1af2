"""One page's bytes to what it says: text, title, dates, and what it says of itself."""

from codecs import BOM_UTF8
from collections.abc import Sequence

from lxml import etree

from claims.types import PageText
from verifier.extract.blocks import read_blocks, without_frames, write_page
from verifier.extract.decode import decode, well_formed
from verifier.extract.documents import Document, read_pdf, read_plain, read_xml
from verifier.extract.main_text import main_lines
from verifier.extract.metadata import clean_title, read_metadata
from verifier.extract.tree import read_tree

MAX_CHARS = 1_000_000
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_PDF = "application/pdf"
_PDF_MARK = b"%PDF-"
_XML_MARK = b"<?xml"
_HEAD_BYTES = 1024


def extract(raw: bytes, *, url: str, media_type: str = "text/html", charset: str = "") -> PageText:
    """Read one page.

    Args:
        raw: The body, decompressed.
        url: Where it was found; resolves a relative canonical address.
        media_type: As the server named it, parameters ignored. HTML, XHTML, plain text, JSON, XML
            (feeds) and PDF are read; any other type has no text.
        charset: As the server named it; a byte order mark goes before it, a meta tag after.

    Returns:
        PageText; `text` is the article and the page's change notes, one block a line, at most a
        million characters.
        `is_truncated` says that some of the page could not be read.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind == _PDF and raw.lstrip()[:5] == _PDF_MARK:
        return _page(read_pdf(raw))
    if kind in _HTML and not _is_bare_xml(raw):
        return _html(raw, url=url, charset=charset)
    if kind in _HTML or kind.endswith(("/xml", "+xml")):
        return _page(read_xml(raw))
    if kind.startswith("text/") or kind.endswith(("/json", "+json")):
        return _page(read_plain(raw, charset=charset))
    return PageText(text="")


def _html(raw: bytes, *, url: str, charset: str) -> PageText:
    text, name = decode(raw, charset=charset)
    if raw.startswith(_PDF_MARK):
        return PageText(text="", charset=name)
    root, is_lost = read_tree(text)
    if root is None:
        return PageText(text="", charset=name, is_truncated=is_lost)
    about = read_metadata(root, source=text, url=url)
    lines = _lines(root)
    return PageText(
        text=_text(lines),
        title=about.title,
        published_at=about.published_at,
        modified_at=about.modified_at,
        canonical_url=about.canonical_url,
        language=about.language,
        charset=name,
        correction=about.correction,
        is_truncated=is_lost or _is_too_long(lines),
        is_paywalled=about.is_paywalled,
        may_archive=about.may_archive,
        signs=about.signs,
    )


def _lines(root: etree._Element) -> Sequence[str]:
    """Return the article's lines; frames are read only where they may matter."""
    written, in_frames = write_page(root)
    lines = main_lines(read_blocks(without_frames(written), unread=in_frames))
    return main_lines(read_blocks(written)) or () if lines is None else lines


def _is_bare_xml(raw: bytes) -> bool:
    """Say whether a body called HTML is a feed or other XML; XHTML names its element early."""
    start = raw[:_HEAD_BYTES].removeprefix(BOM_UTF8).lstrip().lower()
    return start.startswith(_XML_MARK) and b"<html" not in start and b"<!doctype html" not in start


def _page(document: Document) -> PageText:
    return PageText(
        text=_text(document.lines),
        title=clean_title(document.title),
        published_at=document.published_at,
        modified_at=document.modified_at,
        charset=document.charset,
        is_truncated=document.is_cut or _is_too_long(document.lines),
    )


def _text(lines: Sequence[str]) -> str:
    return well_formed("\n".join(lines)[:MAX_CHARS])


def _is_too_long(lines: Sequence[str]) -> bool:
    return sum(map(len, lines)) + len(lines) > MAX_CHARS + 1
