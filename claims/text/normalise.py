"""The comparison form of a text, with a way back to the original offsets.

Two texts whose comparison forms are equal read the same: they differ at most in typography (shape
of quotation marks and dashes, ligatures, width), in what is invisible, and in spacing.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

_SHORT = 16  # code points of a run worth remembering
_STREAM_SAFE_MARKS = 30  # UAX #15: longer runs are cut, else sorting them is quadratic
_SINGLE = "`´ʹʻʼʽ‘’‚‛′‵‹›＇｀"
_DOUBLE = '"«»ʺ“”„‟″‶❝❞「」『』〝〞〟＂'
_DASHES = "\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_BULLETS = "•‣▪▫●◦∙"
_INVISIBLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
_OWN_SENSE = ("<fraction>", "<super>", "<sub>")
_PLAIN = (
    dict.fromkeys(map(ord, _SINGLE + _DOUBLE), "'")
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys((*range(0x20), 0x7F, *map(ord, _BULLETS)), " ")
    | {code: "" for first, last in _INVISIBLE for code in range(first, last + 1)}
)
_RARE = "".join(map(re.escape, _SINGLE + _DOUBLE + _DASHES + _BULLETS)) + "".join(
    f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE
)
_HAS_RARE = re.compile(f"[{_RARE}]")
_GUILLEMETS = "«‹»›"
_UNUSUAL = re.compile(r"[^\x00-\x7f]+|[\x00-\x08\x0e-\x1f\x7f`\"]")
_GUILLEMETED = re.compile(rf"(?<!\w)[«‹]\s|\s[»›](?!\w)|{_UNUSUAL.pattern}")
_UNCOMPOSED = re.compile(rf"[\x00-\x7f][^\x00-\x7f]+|{_GUILLEMETED.pattern}")
_SPACING = re.compile(  # the first lookahead passes over letters and lone spaces, which is most
    r"(?=[^\w ,.]|[ ,.]\W|\A| \Z)"
    r"(?:\s{2,}(?:-[\s-]*)?|\s(?=[-;:!?)\]}%]|[,.](?!\d))(?:-[\s-]*)?|[^\S ]"
    r"|-[\s-]+|[(\[{$£€₩₽¥]\s+|[.,;:!?]\s+(?!\d)|''+|\A\s|\s\Z)"
)
_CLOSING = re.compile(r"[;:!?)\]}%]|[,.](?!\d)|\Z")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

_Pieces = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each piece of a rewritten text begins, and what it covers in the text it came from.

    A copied piece goes character for character; a rewritten one answers with its whole old extent.
    """

    new_starts: tuple[int, ...]
    old_starts: tuple[int, ...]
    old_ends: tuple[int, ...]
    copied: tuple[bool, ...]

    def start(self, new: int) -> int:
        """Return the old offset at which the character at `new` begins."""
        return self._old(new, at=new, edge=self.old_starts)

    def end(self, new: int) -> int:
        """Return the old offset at which the character before `new` ends."""
        return self._old(new, at=new - 1, edge=self.old_ends)

    def _old(self, new: int, *, at: int, edge: tuple[int, ...]) -> int:
        piece = bisect_right(self.new_starts, at) - 1
        if piece < 0:
            return 0
        if not self.copied[piece]:
            return edge[piece]
        return min(self.old_starts[piece] + new - self.new_starts[piece], self.old_ends[piece])


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in comparison form.

    `cased` keeps capitals; `folded` is the same without them, character for character, so that
    one offset serves both.
    """

    cased: str
    folded: str
    maps: tuple[OffsetMap, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code-point span of the original text that `cased[start:end]` stands for."""
        for offsets in reversed(self.maps):
            start, end = offsets.start(start), offsets.end(end)
        return start, max(start, end)


def normalise(text: str) -> Normalised:
    """Bring a text into comparison form, in linear time.

    Args:
        text: Any string, lone surrogates and control characters included.

    Returns:
        The comparison form: NFKC, one shape of quotation mark and of dash, nothing invisible, one
        space between words, none before closing or after opening punctuation or around a dash.

    Source:
        UAX #15 (NFKC, Stream-Safe Text Format); Default_Ignorable_Code_Point of UAX #44.
    """
    letters, by_letter = _rewrite(text, pattern=_letters_of(text), plain=_plain_letters)
    cased, by_space = _rewrite(letters, pattern=_SPACING, plain=_plain_spacing)
    return Normalised(cased=cased, folded=fold_case(cased), maps=(by_letter, by_space))


def comparison_form(text: str) -> str:
    """Return the comparison form alone, capitals kept."""
    letters = _letters_of(text).sub(partial(_written, plain=_plain_letters), text)
    return _SPACING.sub(partial(_written, plain=_plain_spacing), letters)


def fold_case(text: str) -> str:
    """Lower-case a text without changing its length in code points."""
    return text.replace("\u0130", "I").lower().replace("\u03c2", "\u03c3")


def clean(text: str) -> str:
    """Bring the text of an input field into the form that is stored.

    Returns:
        NFC, line ends as LF, outer white space gone.
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def find_control(text: str) -> str | None:
    """Return the first character that no stored text may hold, or None.

    Such are control characters other than tab and line ends, lone surrogates, and the controls of
    writing direction, which make a text read other than it is.

    Source:
        Unicode TR36 section 2.1 (bidirectional text spoofing).
    """
    found = _CONTROL.search(text)
    return found.group() if found else None


def _letters_of(text: str) -> re.Pattern[str]:
    """Choose the cheapest pattern that finds every character of a text that may be rewritten."""
    if not unicodedata.is_normalized("NFC", text):
        return _UNCOMPOSED
    return _GUILLEMETED if any(sign in text for sign in _GUILLEMETS) else _UNUSUAL


def _written(match: re.Match[str], *, plain: Callable[[re.Match[str]], _Pieces | None]) -> str:
    pieces = plain(match)
    return match.group() if pieces is None else "".join(piece for _, piece in pieces)


def _rewrite(
    text: str, *, pattern: re.Pattern[str], plain: Callable[[re.Match[str]], _Pieces | None]
) -> tuple[str, OffsetMap]:
    out: list[str] = []
    pieces: list[tuple[int, int, int, bool]] = []
    old = new = 0
    for match in pattern.finditer(text):
        written = plain(match)
        if written is None:
            continue
        if match.start() > old:
            pieces.append((new, old, match.start(), True))
            out.append(text[old : match.start()])
            new += match.start() - old
        old = match.start()
        for length, piece in written:
            pieces.append((new, old, old + length, len(piece) == length))
            out.append(piece)
            new, old = new + len(piece), old + length
    if old < len(text):
        pieces.append((new, old, len(text), True))
        out.append(text[old:])
    columns = zip(*pieces, strict=True) if pieces else ((), (), (), ())
    return "".join(out), OffsetMap(*map(tuple, columns))


def _plain_letters(match: re.Match[str]) -> _Pieces | None:
    run = match.group()
    return _plain_run(run) if len(run) <= _SHORT else _plain_run.__wrapped__(run)


@lru_cache(maxsize=8192)
def _plain_run(run: str) -> _Pieces | None:
    if not _HAS_RARE.search(run) and run[-1] > "\x7f" and unicodedata.is_normalized("NFKC", run):
        return None
    if run[0] in "«‹" or (run[-1] in "»›" and run[0].isspace()):
        return ((len(run), "'"),)
    plain = run.translate(_PLAIN)
    if len(plain) == len(run) and unicodedata.is_normalized("NFKC", plain):
        return ((len(run), plain),)
    return tuple((len(cluster), _plain_cluster(cluster)) for cluster in _clusters(run))


def _clusters(run: str) -> Iterator[str]:
    begin = 0
    for at in range(1, len(run)):
        if not _joins(run[at]) or at - begin >= _STREAM_SAFE_MARKS:
            yield run[begin:at]
            begin = at
    yield run[begin:]


def _joins(character: str) -> bool:
    """Say whether NFKC may compose the character with what stands before it."""
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


@lru_cache(maxsize=8192)
def _plain_cluster(cluster: str) -> str:
    if unicodedata.decomposition(cluster[0]).startswith(_OWN_SENSE):
        return cluster  # 3¼ is not 31⁄4, nor 10² a hundred and two
    return unicodedata.normalize("NFKC", cluster.translate(_PLAIN)).translate(_PLAIN)


def _plain_spacing(match: re.Match[str]) -> _Pieces:
    run = match.group()
    if "-" in run:
        kept = "-"
    elif run.isspace():
        kept = "" if match.start() == 0 or _CLOSING.match(match.string, match.end()) else " "
    else:
        return (1, run[0]), (len(run) - 1, "")
    return ((len(run), kept),)
