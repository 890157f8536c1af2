"""The grades in words: how reliable an origin is, how credible a piece of information.

Source: the Admiralty (NATO) system of AJP-2.1, whose two scales are never merged.
"""

from typing import NamedTuple


class Grade(NamedTuple):
    """One grade: its sign, its name, and when it is given."""

    sign: str
    name: str
    meaning: str


RELIABILITY = (
    Grade("A", "completely reliable", "No doubt about it: it has always been right."),
    Grade("B", "usually reliable", "Minor doubts: right most of the time."),
    Grade("C", "fairly reliable", "Some doubts, yet it was right before."),
    Grade("D", "not usually reliable", "Serious doubts. Counts zero."),
    Grade("E", "unreliable", "Known to have been wrong or to deceive. Counts zero."),
    Grade("F", "cannot be judged", "Nothing is known of it yet. Not a bad mark."),
)

CREDIBILITY = (
    Grade("1", "confirmed", "Other independent sources say the same."),
    Grade("2", "probably true", "Not confirmed, but it makes sense and fits what is known."),
    Grade("3", "possibly true", "Not confirmed; it agrees with some of what is known."),
    Grade("4", "doubtful", "Not confirmed; possible, and nothing else speaks for it."),
    Grade("5", "improbable", "Contradicted by what is known. Counts zero."),
    Grade("6", "cannot be judged", "There is nothing to hold it against yet. Not a bad mark."),
)

PRIMARY_RECORD = (
    "The act itself on record: the letter, the vote, the official return, own words on tape. It "
    "proves that the act happened or the words were said, never that what they assert is so."
)
