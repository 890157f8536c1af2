"""Numbers in running text, in digits and in words of English, Korean, Russian and Ukrainian."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from claims.text import figure_words as words
from claims.text.digits import LITERAL, read_digits
from claims.text.numeral import Numeral
from claims.text.numerals_korean import find_korean

_MOST_DIGITS = 30  # longer runs are serial numbers
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ](?=[\u0400-\u04ff])[^\W\d_]+)?")
_APOSTROPHES = str.maketrans("’ʼ", "''")
_JOINT = re.compile(r"[ \u00a0-]?")
_AND = re.compile(r" and ", re.IGNORECASE)
_STUCK_SCALES = frozenset(("k", "m", "mn", "bn", "tn", "mln", "bln"))
_UNIT_LETTERS = re.compile("|".join(unit for unit, _ in words.UNITS))
_VAGUE = re.compile(
    rf"\b(?:(?P<many>{'|'.join(words.VAGUE_EN)}) of )?(?P<vague>{'|'.join(words.VAGUE_EN)})\b"
    r"|\b(?:several|a few|many) (?P<few>hundred|thousand|million|billion)\b"
    rf"|\b(?P<ru>{'|'.join(words.VAGUE_RU)})(?: (?P<ru_scale>тысяч|миллионов))?\b",
    re.IGNORECASE,
)
_ENDINGS = "ь и ью а у ы ю е о ой ам ами ах ей ов ом ям мя і ів ма"
_CYRILLIC_ENDINGS = frozenset((*_ENDINGS.split(), ""))
_LONGEST_ENDING = 3


class _Part(Enum):
    LITERAL = auto()
    ADDEND = auto()
    SMALL = auto()
    LARGE = auto()
    HALF = auto()
    ARTICLE = auto()


_Table = Mapping[str, int | Decimal]
_WHOLE_WORDS: tuple[tuple[_Part, _Table], ...] = (
    (_Part.ADDEND, words.ADDENDS_EN),
    (_Part.SMALL, words.SMALL_EN),
    (_Part.LARGE, words.LARGE_EN | words.LARGE_OTHER),
    (_Part.HALF, {"half": 0, "пів": 0}),
    (_Part.ARTICLE, {"a": 0, "an": 0}),
)
_CYRILLIC_STEMS: tuple[tuple[_Part, _Table], ...] = (
    (_Part.ADDEND, words.ADDENDS_RU | words.ADDENDS_UK),
    (_Part.LARGE, words.LARGE_RU | words.LARGE_UK),
    (_Part.LITERAL, words.FRACTIONS_RU | words.FRACTIONS_UK),
)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    part: _Part | None = None
    value: Decimal = Decimal(0)


def find_numerals(text: str) -> tuple[Numeral, ...]:
    """Find the numbers of a text, in order, none overlapping.

    Numbers inside names (COVID-19, B1.1.529), ordinals, times of day and a lone `one` are no
    numbers here. Digits must be western (`digits.western_digits`).
    """
    found = (*find_korean(text), *_vague(text), *_runs(tuple(_tokens(text)), text))
    return tuple(_without_overlaps(found))


def _without_overlaps(found: Sequence[Numeral]) -> Iterator[Numeral]:
    end = 0
    for numeral in sorted(found, key=lambda numeral: (numeral.start, -numeral.end)):
        if numeral.start >= end:
            yield numeral
            end = numeral.end


def _vague(text: str) -> Iterator[Numeral]:
    for match in _VAGUE.finditer(text):
        folded = {name: word.lower() for name, word in match.groupdict(default="").items()}
        value = words.VAGUE_EN.get(folded["vague"], 1) * words.VAGUE_EN.get(folded["many"], 1)
        value *= words.SMALL_EN.get(folded["few"], 1) * words.LARGE_EN.get(folded["few"], 1)
        value *= words.VAGUE_RU.get(folded["ru"], 1) * words.LARGE_RU.get(folded["ru_scale"][:6], 1)
        yield Numeral(match.start(), match.end(), Decimal(value), is_vague=True)


def _tokens(text: str) -> Iterator[_Token]:
    literals = {match.start(): match for match in LITERAL.finditer(text)}
    at = 0
    worded = (match.start() for match in _WORD.finditer(text) if match.group().lower() != "and")
    for place in sorted({*literals, *worded}):
        if place >= at:
            token = _literal(literals[place]) if place in literals else _worded(text, place)
            at = token.end
            yield token


def _literal(match: re.Match[str]) -> _Token:
    number, letters = match.group("number", "letters")
    is_number = not letters or letters.lower() in words.LARGE_EN or _UNIT_LETTERS.fullmatch(letters)
    if len(number) > _MOST_DIGITS or not is_number:
        return _Token(match.start(), match.end())
    value = read_digits(number)
    sign = -1 if match.group("sign") else 1
    return _Token(match.start(), match.end("number"), _Part.LITERAL, sign * value)


def _worded(text: str, start: int) -> _Token:
    match = _WORD.match(text, start)
    end = match.end() if match else start + 1
    word = text[start:end].lower()
    if word in _STUCK_SCALES and not text[start - 1 : start].isdigit():
        return _Token(start, end)
    for part, table in _WHOLE_WORDS:
        if word in table:
            is_cut = word in words.CUT_OTHER and text[end : end + 1] == "."
            return _Token(start, end + is_cut, part, Decimal(table[word]))
    return _Token(start, end) if word.isascii() else _cyrillic(text, start, end)


def _cyrillic(text: str, start: int, end: int) -> _Token:
    word = text[start:end].lower().replace("ё", "е").translate(_APOSTROPHES)
    for length in range(len(word), max(1, len(word) - _LONGEST_ENDING - 1), -1):
        for part, table in _CYRILLIC_STEMS:
            if word[:length] in table and _may_end(word[:length], word[length:]):
                is_cut = word in words.CUT_RU and text[end : end + 1] == "."
                return _Token(start, end + is_cut, part, Decimal(table[word[:length]]))
    return _Token(start, end)


def _may_end(stem: str, ending: str) -> bool:
    """Say whether a number's stem takes an ending; семь with one is a family."""
    return ending in _CYRILLIC_ENDINGS and not (ending and stem.endswith("ь"))


def _runs(tokens: Sequence[_Token], text: str) -> Iterator[Numeral]:
    at = 0
    while at < len(tokens):
        run, start = _Run(text, tokens), at
        while at < len(tokens) and run.take(at):
            at += 1
        if (numeral := run.numeral()) is not None:
            yield numeral
        at = max(at, start + 1)


class _Run:
    """A number being read token by token: `two hundred and fifty thousand`, `1.5 million`.

    `current` is what the next scale multiplies, `section` what the next large scale does.
    """

    def __init__(self, text: str, tokens: Sequence[_Token]) -> None:
        self.text, self.tokens = text, tokens
        self.taken: list[_Token] = []
        self.total = self.section = Decimal(0)
        self.current: Decimal | None = None
        self.large = Decimal(1)
        self.meant: tuple[int, Decimal, Decimal] | None = None

    def take(self, at: int) -> bool:
        """Add a token if the number can go on with it."""
        token = self.tokens[at]
        if token.part is None or not self._is_joined(token) or not self._add(token, at):
            return False
        self.taken.append(token)
        if token.part is not _Part.ARTICLE and not (
            token.part is _Part.HALF and self.current is None
        ):
            value = self.total + self.section + (self.current or 0)
            scale = token.value if token.part is _Part.LARGE else Decimal(1)
            self.meant = token.end, value, scale
        return True

    def numeral(self) -> Numeral | None:
        """Return the number read so far; a lone `one` is a pronoun more often than a count."""
        lone = len(self.taken) == 1 and self.taken[0].part is _Part.ADDEND
        if self.meant is None or (lone and self.taken[0].value == 1):
            return None
        end, value, scale = self.meant
        return Numeral(self.taken[0].start, end, value, scale)

    @property
    def _last(self) -> _Part | None:
        return self.taken[-1].part if self.taken else None

    def _is_joined(self, token: _Token) -> bool:
        if not self.taken:
            return True
        last = self.taken[-1]
        if _JOINT.fullmatch(self.text, last.end, token.start):
            return True
        goes_on = (last.part in {_Part.SMALL, _Part.LARGE} and token.part is _Part.ADDEND) or (
            token.part in {_Part.HALF, _Part.ARTICLE}
        )
        return goes_on and bool(_AND.fullmatch(self.text, last.end, token.start))

    def _add(self, token: _Token, at: int) -> bool:
        match token.part:
            case _Part.LITERAL:
                return self._add_literal(token, at)
            case _Part.ADDEND:
                return self._add_addend(token.value)
            case _Part.SMALL:
                return self._multiply_small(token.value)
            case _Part.LARGE:
                return self._multiply_large(token)
            case _Part.HALF:
                return self._add_half()
            case _:
                return self._may_take_article(at)

    def _add_literal(self, token: _Token, at: int) -> bool:
        if self.taken:  # 1 млн 200 тыс.
            following = self.tokens[at + 1] if at + 1 < len(self.tokens) else token
            if self._last is not _Part.LARGE or following.part is not _Part.LARGE:
                return False
            if following.value >= self.large:
                return False
        self.current = token.value
        return True

    def _add_addend(self, value: Decimal) -> bool:
        if self._last in {_Part.ARTICLE, _Part.HALF, _Part.LITERAL}:
            return False
        below = self.large if self._last is _Part.LARGE else Decimal(100)
        if self._last is _Part.ADDEND:
            below = _lowest_power(self.taken[-1].value)
        if self.taken and value >= below:
            return False
        self.current = (self.current or 0) + value
        return True

    def _multiply_small(self, value: Decimal) -> bool:
        factor = self._factor()
        if factor is None or self.section:
            return False
        self.section, self.current = self.section + factor * value, None
        return True

    def _multiply_large(self, token: _Token) -> bool:
        factor = self._factor()
        is_bare = not self.taken and not self.text[token.start].isascii()
        if factor is None and not is_bare and not self.section:
            return False
        if self.total and token.value >= self.large:
            return False
        self.total += (self.section + (factor or 0) or 1) * token.value
        self.section, self.current, self.large = Decimal(0), None, token.value
        return True

    def _factor(self) -> Decimal | None:
        """Return what a scale word multiplies: the number before it, `a`, or `half a`."""
        if self.current is not None:
            return self.current
        parts = [token.part for token in self.taken]
        if _Part.HALF in parts:
            return Decimal("0.5")
        return Decimal(1) if parts == [_Part.ARTICLE] else None

    def _add_half(self) -> bool:
        if self._last is _Part.ARTICLE and self.current is not None:
            self.current += Decimal("0.5")
            return True
        return not self.taken or [token.part for token in self.taken] == [_Part.ARTICLE]

    def _may_take_article(self, at: int) -> bool:
        following = self.tokens[at + 1].part if at + 1 < len(self.tokens) else None
        if following is _Part.HALF:
            return not self.taken or self.current is not None
        starts = not self.taken or [token.part for token in self.taken] == [_Part.HALF]
        return starts and following in {_Part.SMALL, _Part.LARGE}


def _lowest_power(value: Decimal) -> Decimal:
    """Return 10 for 20, 100 for 300, 1 for 17: what may follow an addend is less."""
    power = Decimal(1)
    while value and value % (power * 10) == 0:
        power *= 10
    return power
