"""Text of what is not HTML: plain text, JSON, feeds and other XML, PDF."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from verifier.extract.decode import decode, well_formed

_MAX_PDF_PAGES = 300
_TAG = re.compile(r"<[^<>]{0,1000}>")


@dataclass(frozen=True, slots=True)
class Document:
    """Lines of a document, its title and dates, the character set, and whether it was cut."""

    lines: list[str]
    title: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    charset: str = ""
    is_cut: bool = False


def read_plain(raw: bytes, *, charset: str) -> Document:
    """Read plain text or JSON as it stands."""
    text, name = decode(raw, charset=charset)
    return Document(_lines(text), charset=name)


def read_xml(raw: bytes) -> Document:
    """Read the text of a feed or another XML document; entities and external parts stay closed."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.LxmlError:
        root = None
    if root is None:
        return Document([], is_cut=bool(raw.strip()))
    text = "\n".join(_texts(root))
    lines = _lines(_TAG.sub(" ", well_formed(text)))
    return Document(lines, charset="utf-8", is_cut=len(parser.error_log) > 0)


def read_pdf(raw: bytes) -> Document:
    """Read the text of a PDF, at most 300 pages; an unreadable one has no lines and is cut."""
    from pypdf import PdfReader  # noqa: PLC0415 - a third of a child's start; few pages are PDFs

    lines: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(raw))
        count = len(reader.pages)
        for index in range(min(count, _MAX_PDF_PAGES)):
            lines.extend(_lines(reader.pages[index].extract_text()))
        about = reader.metadata
        return Document(
            lines,
            title=str(about.title or "") if about else "",
            published_at=_moment(about.creation_date) if about else None,
            modified_at=_moment(about.modification_date) if about else None,
            is_cut=count > _MAX_PDF_PAGES,
        )
    except Exception:  # noqa: BLE001 - a damaged file raises whatever its damage provokes
        return Document(lines, is_cut=True)


def _texts(root: etree._Element) -> Iterator[str]:
    """Yield the texts of a tree, in order; comments and closed entities have only a tail."""
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start" and isinstance(node.tag, str):
            yield node.text or ""
        elif event != "start":
            yield node.tail or ""


def _lines(text: str) -> list[str]:
    folded = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in folded if line]


def _moment(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
