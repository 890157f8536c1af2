"""How strongly a text puts a claim: words that call it established, and words that tone it down.

A word counts where it asserts; "not verified", "if confirmed" and what stands between quotation
marks are somebody else's or nobody's assertion. English, German, French, Spanish, Russian, Korean.
"""

import re
from collections.abc import Iterator

from claims.text.attribution import MOST_SENTENCE, attribute
from claims.text.sentences import split_sentences

NEAR = 60
"""Code points on either side of a claim, within its sentences, whose words bear on it."""

_ASSERTED = (
    # en: finite or participle; "proved difficult" and "proven record" prove nothing
    r"(?:re-?)?(?:verif(?:ied|ies)|confirm(?:ed|s)|identif(?:ied|ies)|authenticated|corroborated)|"
    r"prove[dns]\b(?! (?:to be |too |very |so )?(?:difficult|hard|costly|popular|useful|elusive|"
    r"impossible|fatal|record|track|reserves?)\b)|"
    r"(?:establish(?:ed|es)|demonstrat(?:ed|es|ing)) that|"
    r"(?:identification|verification|confirmation|authentication|proof) (?:of|that)|"
    r"(?:conclusive|definitive|irrefutabl|undeniabl|indisputabl|unquestionabl)\w*|"
    r"beyond (?:any |all |reasonable )*doubt|"
    # de, fr, es
    r"(?:bestätigt|bewiesen|nachgewiesen|erwiesen|verifiziert|identifiziert|zweifelsfrei)(?:e[nrs]?)?|"
    r"(?:confirmé|vérifié|prouvé|identifié|authentifié|avéré)e?s?|"
    r"(?:confirmad|verificad|probad|comprobad|demostrad|identificad)[oa]s?|"
    # ru
    r"(?:подтвержд|подтверд|доказа[лн]|установле|опозна|идентифицирова|верифицирова)\w*"
)
_STRONG = re.compile(
    rf"\b(?:{_ASSERTED})\b|확인(?:했|됐|되었|된|하였)\w*|입증\w*|증명\w*", re.IGNORECASE
)
_BEFORE = 40
_TONED_DOWN = re.compile(
    r"(?:\b(?:not|never|no|nor|cannot|without|yet to|to be|if|unless|until|once|whether|await\w*|"
    r"pending|may|might|could|would|should|will|"
    r"nicht|nie|kein\w*|ohne|falls|wenn|ob|"
    r"ne|non|pas|sans|jamais|si|nunca|sin|"
    r"не|нет|без|если|пока|ещё)|n[’']t|\bn[’'])(?:[ \u00a0]?[\w-]+){0,3}[ \u00a0]?\Z",
    re.IGNORECASE,
)
_OPENING, _CLOSING = "“„«「", "”»」"


def strong_words(text: str, *, start: int, end: int) -> tuple[str, ...]:
    """Return the words that call a claim established, in the text's order, each once.

    Args:
        text: the article.
        start: first code point of the claim.
        end: code point after its last.
    """
    first, last = _sentences_around(text, start, end)
    found = _assertions(text, first=max(first, start - NEAR), last=min(last, end + NEAR))
    return tuple(dict.fromkeys(word for word in found))


def is_flat(text: str, *, start: int, end: int) -> bool:
    """Return whether the text states a claim in its own voice: nobody named, nothing hedged."""
    if attribute(text, start=start, end=end).cue:
        return False
    first, _ = _sentences_around(text, start, end)
    return not attribute(text, start=max(first, start - NEAR), end=end).hedges


def _assertions(text: str, *, first: int, last: int) -> Iterator[str]:
    for match in _STRONG.finditer(text, first, last):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if not _TONED_DOWN.search(_same_clause(before)) and not _is_quoted(text, match.start()):
            yield match.group()


def _same_clause(before: str) -> str:
    return re.split(r"[.;:!?\n]", before)[-1]


def _is_quoted(text: str, at: int) -> bool:
    """Return whether curly or angular marks stand open at `at`; straight ones tell no side."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - MOST_SENTENCE) : at]
    opened = max(line.rfind(mark) for mark in _OPENING)
    return opened > max(line.rfind(mark) for mark in _CLOSING)


def _sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences a span touches begin and end."""
    line = max(text.rfind("\n", 0, start) + 1, start - MOST_SENTENCE)
    stop = text.find("\n", end)
    stop = min(stop if stop >= 0 else len(text), end + MOST_SENTENCE)
    spans = [(a + line, b + line) for a, b in split_sentences(text[line:stop])]
    touched = [span for span in spans if span[0] < end and span[1] > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)
