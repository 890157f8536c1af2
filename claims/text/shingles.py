"""How much of one text stands in another: the share of its runs of five words.

Source:
    Broder, On the resemblance and containment of documents (1997): containment of w-shinglings.
"""

from claims.text.normalise import fold_case
from claims.text.words import find_words

RUN = 5
MOST_WORDS = 6_000


def shingles_of(text: str) -> frozenset[int]:
    """Return the runs of five words of a text, of at most its first 6,000 words, as hashes.

    They serve within one process: the hashes differ from process to process.
    """
    words = [
        word.text
        for word in find_words(fold_case(text[: MOST_WORDS * 12]), most=MOST_WORDS)
        if not word.is_mark
    ]
    return frozenset(hash(tuple(words[at : at + RUN])) for at in range(len(words) - RUN + 1))


def share_in(text: frozenset[int], other: frozenset[int]) -> float:
    """Return which share of a text's runs stand in the other too, 0 to 1; 0 for a text of none."""
    return len(text & other) / len(text) if text else 0.0
