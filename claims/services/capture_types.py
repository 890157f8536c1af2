"""What kind of file a capture is, told by its first bytes and never by its name.

Source: the formats' own signatures (RFC 8118 and ISO 32000 for PDF; PNG 5.2; RFC 9649; ISO/IEC
14496-12 for the `ftyp` brands; RFC 9639; RFC 3533; Matroska/EBML, RFC 8794).
"""

import codecs
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

HEAD_BYTES = 4096


class Refusal(StrEnum):
    """Why a file is not taken, in words."""

    EMPTY = "the file is empty."
    MARKUP = "a web page, SVG or XML is not taken: it could act when opened. Save it as PDF."
    PROGRAM = "this is a program or a script; none is taken."
    PACKED = "archives and office files are not taken: save it as PDF or plain text."
    UNKNOWN = "this kind of file is not known: PDF, image, audio, video or plain text (UTF-8)."


_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Mapping[bytes, str] = {
    b"WEBP": "image/webp",
    b"WAVE": "audio/wav",
    b"AVI ": "video/x-msvideo",
}
_BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"mif1", "image/heif"),
    (b"avif", "image/avif"),
    (b"M4A ", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
)
_MPEG_AUDIO = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
_PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xd0\xcf\x11\xe0",
)
_MARKUP = re.compile(
    rb"\A\s*<[?!a-z]|<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed)\b",
    re.IGNORECASE,
)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def media_type_of(head: bytes) -> str | Refusal:
    """Return the media type of a file by its first bytes, or why it is not taken.

    Args:
        head: its first 4,096 bytes, or all of them where there are fewer.

    Returns:
        A media type; `text/plain` only says that the head looks like text (`is_plain_text` reads
        the rest); or the refusal.
    """
    if not head:
        return Refusal.EMPTY
    found = next((media for start, media in _STARTS if head.startswith(start)), "")
    found = found or _boxed(head)
    if found:
        return found
    if head.startswith(_PROGRAMS):
        return Refusal.PROGRAM
    if head.startswith(_PACKED):
        return Refusal.PACKED
    bare = head.removeprefix(codecs.BOM_UTF8)
    if _MARKUP.search(bare):
        return Refusal.MARKUP
    return "text/plain" if is_plain_text([head], is_cut=True) else Refusal.UNKNOWN


def _boxed(head: bytes) -> str:
    """Tell the formats whose name stands behind a length."""
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        brands = dict(_BRANDS)
        return brands.get(head[8:12], "video/mp4")
    return "audio/mpeg" if _MPEG_AUDIO.match(head) else ""


def is_plain_text(pieces: Iterable[bytes], *, is_cut: bool = False) -> bool:
    """Say whether a file is UTF-8 without control characters.

    Args:
        pieces: its bytes in order.
        is_cut: they end where they were cut, be it within a character.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if any(_CONTROL.search(decoder.decode(piece)) for piece in pieces):
            return False
        decoder.decode(b"", final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True
