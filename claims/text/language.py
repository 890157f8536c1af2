"""Which language a text is in, as far as its letters and smallest words tell."""

import re
from collections import Counter

_LONGEST = 5_000
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("uk", re.compile("[іїєґ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_SMALL_WORDS = {
    "en": "the of and to in is that for was on with by from have has are said",
    "de": "der die das und ist nicht mit von den ein eine zu auf im dem für",
    "fr": "le la les des et est une dans que pour du sur au par avec pas",
    "es": "el los las y es una que por con para del se al como pero",
    "it": "il gli di che è una per non con del della sono nel alla",
    "pt": "o os as e é uma que para com não do da em no na",
    "nl": "de het een van en is dat niet op te zijn voor met",
}
_OF = {word: {la for la, all_ in _SMALL_WORDS.items() if word in all_.split()}
       for words in _SMALL_WORDS.values() for word in words.split()}  # fmt: skip
_SHARE = 0.15
_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """Return an ISO 639-1 code, empty where nothing tells; a person may know better."""
    part = text[:_LONGEST].lower()
    letters = sum(character.isalpha() for character in part)
    for code, script in _SCRIPTS:
        least = 0.02 if code in {"uk", "ja"} else _SHARE
        if letters and len(script.findall(part)) / letters >= least:
            return code
    votes = Counter(code for word in _WORD.findall(part) for code in _OF.get(word, ()))
    return votes.most_common(1)[0][0] if votes else ""
