"""Who says it, in the words around a claim: the attribution is cut off, the statement stays.

Set phrases and verbs of saying in English, Korean and Russian, the commonest phrase in German,
French and Spanish. What none of them fits has no claimant: nobody is guessed at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.text.sentences import split_sentences

MOST_SENTENCE = 4_000
"""Code points of a sentence read on either side of the words; the rest is left alone."""
_SAYING = (
    r"sa(?:id|ys?)|t(?:old|ells?)|report(?:s|ed)?|claim(?:s|ed)?|warn(?:s|ed)?|announc(?:es?|ed)|"
    r"confirm(?:s|ed)?|stat(?:es?|ed)|add(?:s|ed)?|assert(?:s|ed)?|alleg(?:es?|ed)|den(?:y|ies|ied)|"
    r"insist(?:s|ed)?|estimat(?:es?|ed)|not(?:es?|ed)|argu(?:es?|ed)|acknowledg(?:es?|ed)|"
    r"reveal(?:s|ed)?|indicat(?:es?|ed)|predict(?:s|ed)?|suggest(?:s|ed)?|believ(?:es?|ed)|"
    r"declar(?:es?|ed)|maintain(?:s|ed)?|wr(?:ites?|ote)|explain(?:s|ed)?|admit(?:s|ted)?"
)
_PLAINLY = r"sa(?:id|ys?)|claim(?:s|ed)|insist(?:s|ed)|believ(?:es?|ed)|add(?:s|ed)"
_ADVERBS = r"(?:(?:has|have|had|also|previously|earlier|later|then|publicly|repeatedly) ){0,3}"
_WHEN = r"(?:,? (?:on|in|late|early|earlier|last|this) [^,.;:!?\n]{3,30}?)?"
_SAYING_RU = (
    r"(?:сообщ|заяв|сказа|отмет|пиш|утвержд|переда|рассказ|подтверд|счита|предупред|добав|уточн)\w+"
)
_SAYING_KO = "(?:말했|밝혔|전했|주장했|보도했|발표했|설명했)다"
_OPENERS = "\"'“‘„«「『"
_CLOSERS = "\"'”’“»」』"
_WHO = r"(?P<who>[^\s,.;:!?][^,;:!?\n]{0,80}?)"
_MARK = rf"(?:,|[,.!?]?[{_CLOSERS}],?)"
_BEGINS = (
    r"(?=(?:the|a|an|about|some|it|they|he|she|its|their|his|her|there|no|at|more|up)\b|[A-Z\d])"
)
_END = rf"[.{_CLOSERS}]*\Z"

_LEADING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<cue>[Aa]ccording to|[Ll]aut|[Ss]elon|[Ss]egún) {_WHO},\s*",
        rf"{_WHO} (?P<cue>{_ADVERBS}(?:{_SAYING})\b[^.;:!?\n]{{0,60}}?\bthat)\s+",
        rf"{_WHO} (?P<cue>{_ADVERBS}(?:{_SAYING})){_WHEN}[:,]\s*(?=[{_OPENERS}])",
        rf"{_WHO} (?P<cue>{_ADVERBS}(?:{_PLAINLY})){_WHEN} {_BEGINS}",
        rf"(?P<cue>По (?:словам|данным|сообщени\w+|информации|мнению|оценк\w+)) {_WHO},\s*",
        rf"(?P<cue>Как {_SAYING_RU}) {_WHO},\s*",
        rf"{_WHO} (?P<cue>{_SAYING_RU},? что)\s+",
        r"(?P<who>[^,.\n]{1,40}?)(?P<cue>에 따르면|에 의하면),?\s*",
    )
)
_TRAILING = tuple(
    re.compile(pattern)
    for pattern in (
        rf",?[{_CLOSERS}]? (?P<cue>according to|laut|selon|según) {_WHO}{_END}",
        rf"{_MARK} {_WHO} (?P<cue>{_ADVERBS}(?:{_SAYING})){_WHEN}{_END}",
        rf"{_MARK} (?P<cue>{_SAYING}) {_WHO}{_END}",
        rf"{_MARK}(?: [-–—])? (?P<cue>{_SAYING_RU}) {_WHO}{_END}",
        rf", (?P<cue>по (?:словам|данным|сообщени\w+|информации|мнению|оценк\w+)) {_WHO}{_END}",
    )
)
_KOREAN = re.compile(
    rf"(?P<who>[^,.\n]{{1,40}}?)(?:은|는|이|가) (?P<said>.+?[다라])고 (?P<cue>{_SAYING_KO})\.?\Z",
    re.DOTALL,
)
_HEDGES = re.compile(
    r"\b(?:allegedly|reportedly|apparently|possibly|probably|purportedly|supposedly|likely|may|"
    r"might|could|unconfirmed|expected to|believed to|thought to|said to|appears? to|seems? to)\b|"
    r"\b(?:якобы|предположительно|вероятно|возможно|может|могут|по-видимому)\b|"
    r"추정|가능성|것으로 보인|알려졌",
    re.IGNORECASE,
)
_OPINION_OR_FORECAST = re.compile(
    r"\b(?:will|shall|should|must|ought to|expected to|likely to|is to|are to|plans? to|set to|"
    r"forecast|predict\w*)\b|"
    r"\b(?:будет|будут|ожида\w+|планиру\w+|долж\w+|следует)\b|것이다|예정|전망|해야",
    re.IGNORECASE,
)
_WHEN_SAID = re.compile(r" (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z")
_JOINTS = re.compile(r"\A(?:[\s,;:–—-]+|(?:and|but|that|with|и|а|но|что)\s+)+", re.IGNORECASE)
_BULLET = re.compile(rf"\A[^\w{_OPENERS}]+")
_UNSPACED_END = "\u3040\u9fff"


@dataclass(frozen=True, slots=True)
class Attributed:
    """Words of a text as a claim: what is stated, and who states it, in the text's own words.

    `claimant` and `cue` are empty where no cue names anybody; `is_told_ahead`: the words give an
    opinion or say what is to come, which can only ever be a statement.
    """

    statement: str
    claimant: str = ""
    cue: str = ""
    hedges: tuple[str, ...] = ()
    is_told_ahead: bool = False


def attribute(text: str, *, start: int, end: int) -> Attributed:
    """Read a claim from a span of a text; code-point offsets, end exclusive.

    An attribution inside the span is cut off; one in the same sentence outside it is read too.
    """
    words = _BULLET.sub("", text[start:end]).strip()
    said, who, cue = _cut(words)
    if not cue:
        before, after = _around(text, start, end)
        who, cue = _named_around(before, after)
    return Attributed(
        statement=_tidied(said),
        claimant=_WHEN_SAID.sub("", who.strip()),
        cue=cue.strip(),
        hedges=tuple(dict.fromkeys(match.group() for match in _HEDGES.finditer(words))),
        is_told_ahead=bool(_OPINION_OR_FORECAST.search(words)),
    )


def _cut(words: str) -> tuple[str, str, str]:
    """Cut the attribution off: what is said, by whom, by what cue."""
    if match := _KOREAN.match(words):
        return match["said"], match["who"], match["cue"]
    for pattern in _LEADING:
        if (match := pattern.match(words)) and words[match.end() :].strip(" .,"):
            return words[match.end() :], match["who"], match["cue"]
    for pattern in _TRAILING:
        for match in pattern.finditer(words):
            if match.start():
                return words[: match.start()], match["who"], match["cue"]
    return words, "", ""


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after the span in its sentences."""
    first = max(text.rfind("\n", 0, start) + 1, start - MOST_SENTENCE)
    last = text.find("\n", end)
    last = min(last if last >= 0 else len(text), end + MOST_SENTENCE)
    spans = [(a + first, b + first) for a, b in split_sentences(text[first:last])]
    touched = [span for span in spans if span[0] < end and span[1] > start]
    if not touched:
        return "", ""
    return text[touched[0][0] : start], text[end : touched[-1][1]]


def _named_around(before: str, after: str) -> tuple[str, str]:
    begun = _BULLET.sub("", before)
    for pattern in _LEADING:
        if match := pattern.match(begun):
            return match["who"], match["cue"]
    for who, cue in _trailing(after):
        return who, cue
    return "", ""


def _trailing(after: str) -> Iterator[tuple[str, str]]:
    lead = f", {after.lstrip()}" if after and after[0] not in ',.”"' else after
    for pattern in _TRAILING:
        if match := pattern.match(lead):
            yield match["who"], match["cue"]


def _tidied(said: str) -> str:
    """Return the words as a sentence of their own."""
    bare = _JOINTS.sub("", said).strip().rstrip(",;:–—- ")
    bare = _unquoted(bare)
    if not bare:
        return ""
    bare = bare[0].upper() + bare[1:]
    if bare[-1] in ".!?…。！？" or bare[-1] in _CLOSERS:
        return bare
    is_unspaced = _UNSPACED_END[0] <= bare[-1] <= _UNSPACED_END[1]
    return f"{bare}{'。' if is_unspaced else '.'}"


def _unquoted(words: str) -> str:
    """Take off marks that hold all of the words, or that nothing closes."""
    if not words or words[0] not in _OPENERS:
        return words
    inner = [mark for mark in words[1:-1] if mark in _OPENERS + _CLOSERS and mark not in "'’‘"]
    if words[-1] in _CLOSERS and not inner:
        return words[1:-1].strip().rstrip(",;")
    return words if inner or words[-1] in _CLOSERS else words[1:].strip()
