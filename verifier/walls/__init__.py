"""A 200 that does not show the page: a wall in front of it, or the word that it is not there.

Judged by what is left of the old text and by what the page asks of its reader, so in any language;
the word lists of `walls.words` are one sign among others. A rewritten article is none of this: its
words are other words, and a person is told.
"""

from dataclasses import dataclass

from claims.states import NoticeKind, Outcome, QuoteState
from claims.types import Assessment, PageText
from verifier.walls import words
from verifier.walls.endings import Ending, ending
from verifier.walls.likeness import (
    count_words,
    has_prose,
    is_broken_off,
    longest_line,
    share_left,
)
from verifier.walls.seen import Seen

__all__ = ["Wall", "is_doubtful", "judge"]

# How many signs tell a wall: one alone never does.
_SOME, _SEVERAL, _MANY, _ALL = 2, 3, 4, 5
_GRAVE = frozenset({NoticeKind.CORRECTION, NoticeKind.RETRACTION})
_AWAY = frozenset({Ending.HOME, Ending.ABOVE, Ending.ERROR})
_CONSENT_CHARS = 8000
_SHOWN_0_1 = 0.3
_NOTHING_0_1 = 0.1
_TITLE_WORDS = 9  # a title that says more than its own condition tells a story
_TEASER_0_1 = 0.6
_TEASER_WORDS = 200
_CUT_0_1 = 0.5


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands in place of a page: an outcome, and one sentence for people."""

    outcome: Outcome
    reason: str


_PERSON = Wall(Outcome.BLOCKED, "The page wants proof that a person reads it.")
_CONSENT = Wall(Outcome.BLOCKED, "The page asks for consent and shows nothing else.")
_LOGIN = Wall(Outcome.BLOCKED, "The page asks its readers to sign in.")
_TEASER = Wall(Outcome.BLOCKED, "The page shows its beginning only; the rest is not free to read.")
_GATE = Wall(Outcome.BLOCKED, "The address leads to a page that stands before it.")
_NOT_THERE = Wall(Outcome.SOFT_GONE, "The page answers, but says that it is not there.")
_HOME = Wall(Outcome.SOFT_GONE, "The address now leads to the front page or a section.")
_ERROR = Wall(Outcome.SOFT_GONE, "The address now leads to an error page.")
_ANY = Wall(Outcome.SOFT_GONE, "The page now says what other addresses of its host say.")
_STRANGE = Wall(Outcome.SOFT_GONE, "The page has nothing left of what it was, not even a title.")
_EMPTY = Wall(Outcome.EMPTY, "The page shows no text.")


def judge(
    page: PageText,
    *,
    before: PageText | None,
    assessment: Assessment,
    asked_url: str,
    final_url: str,
    is_told_elsewhere: bool = False,
) -> Wall | None:
    """Say whether a page that was read is something else in the page's place.

    Args:
        page: What an HTML answer with status 200 says.
        before: What the page said when it was last read; None where it never was.
        assessment: How `page` compares with `before`, and where the quotes stand.
        asked_url: The address of the source.
        final_url: Where redirects ended.
        is_told_elsewhere: Whether other addresses of its host say the same text.

    Returns:
        BLOCKED for a wall, SOFT_GONE for a page that is not there, EMPTY for one without text,
        each with its reason; None where the page is shown, be it with other words. Any quote
        that stands, and any correction or retraction, is the page itself.
    """
    if any(finding.state is QuoteState.STANDING for finding in assessment.quotes):
        return None
    if assessment.notice.kind in _GRAVE:
        return None
    seen = Seen(page, before, assessment, ending(asked_url, ended=final_url), is_told_elsewhere)
    if seen.left_0_1 >= _SHOWN_0_1:
        return _TEASER if _is_teaser(seen) else None
    for wall, is_so in _WALLS:
        if is_so(seen):
            return wall
    return None


def is_doubtful(page: PageText, *, before: PageText | None, assessment: Assessment) -> bool:
    """Say whether it matters what other addresses of the host say: nothing of the old is left."""
    if before is None or any(found.state is QuoteState.STANDING for found in assessment.quotes):
        return False
    return share_left(before.text, new=page.text) < _NOTHING_0_1


def _asks_for_person(seen: Seen) -> bool:
    signs = seen.page.signs
    if seen.is_dated or not seen.is_short:
        return False
    says = any(map(words.asks_for_person, (*seen.titles, *seen.lines)))
    holds_up = signs.is_noindex or signs.reloads_itself
    if signs.has_challenge:
        shows = says or holds_up or not has_prose(seen.page.text)
        return shows and seen.estrangement + says >= _SEVERAL
    return says and holds_up and seen.estrangement >= _SEVERAL


def _says_not_there(seen: Seen) -> bool:
    if seen.is_dated and seen.names_itself:
        return False
    is_titled = any(
        words.says_not_there(part) and count_words(part) <= _TITLE_WORDS for part in seen.titles
    )
    if not is_titled and not any(map(words.says_not_there, seen.lines)):
        return False
    bar = _SOME if is_titled and seen.before else _SEVERAL
    led = seen.ending in _AWAY
    return seen.estrangement + 2 * led + seen.is_told_elsewhere >= (bar if seen.is_short else _MANY)


def _leads_to_error(seen: Seen) -> bool:
    is_lost = seen.misses_quotes or (seen.before is not None and seen.left_0_1 < _NOTHING_0_1)
    return seen.ending is Ending.ERROR and is_lost and not seen.is_dated


def _asks_consent(seen: Seen) -> bool:
    if seen.is_dated or len(seen.page.text) > _CONSENT_CHARS:
        return False
    if not words.is_about_consent(seen.page.text, words=seen.words):
        return False
    if seen.before and words.is_about_consent(seen.before.text, words=seen.words_before):
        return False
    led = seen.ending is Ending.GATE
    return seen.estrangement + seen.page.signs.asks_consent + 2 * led >= _SEVERAL


def _asks_to_sign_in(seen: Seen) -> bool:
    if not seen.page.signs.asks_password or seen.is_dated or not seen.is_short:
        return False
    says = any(map(words.asks_to_sign_in, (*seen.titles, *seen.lines)))
    is_bare = not has_prose(seen.page.text)
    led = seen.ending is Ending.GATE
    return (says or is_bare or led) and seen.estrangement + says + is_bare + 2 * led >= _MANY


def _is_gate(seen: Seen) -> bool:
    is_other = seen.ending is Ending.GATE and not seen.is_dated and seen.is_short
    return is_other and seen.estrangement >= _SOME


def _is_teaser(seen: Seen) -> bool:
    page, before = seen.page, seen.before
    if before is None:
        asked = seen.assessment.quotes
        return (
            page.is_paywalled and seen.words <= _TEASER_WORDS and (seen.misses_quotes or not asked)
        )
    most_0_1 = _TEASER_0_1 if page.is_paywalled else _CUT_0_1
    if len(page.text) >= most_0_1 * len(before.text) or not _is_of(page.text, before.text):
        return False
    told = "\n".join((*seen.titles, *seen.lines))
    return page.is_paywalled or (
        is_broken_off(page.text, old=before.text) and words.asks_to_pay(told)
    )


def _leads_home(seen: Seen) -> bool:
    if seen.ending not in {Ending.HOME, Ending.ABOVE} or seen.left_0_1 >= _NOTHING_0_1:
        return False
    if seen.before is None:
        return seen.ending is Ending.HOME and seen.misses_quotes
    return seen.has_lost_title or seen.is_faceless or seen.misses_quotes


def _says_what_others_say(seen: Seen) -> bool:
    if not seen.is_told_elsewhere or seen.before is None or seen.left_0_1 >= _NOTHING_0_1:
        return False
    return (seen.is_short or seen.ending is not Ending.SAME) and seen.estrangement >= _SOME


def _is_strange(seen: Seen) -> bool:
    """Every sign but words, as on a missing page in a language no list here knows."""
    return seen.has_lost_title and bool(seen.page.text.strip()) and seen.estrangement >= _ALL


def _is_empty(seen: Seen) -> bool:
    return not seen.page.text.strip()


_WALLS = (
    (_PERSON, _asks_for_person),
    (_NOT_THERE, _says_not_there),
    (_ERROR, _leads_to_error),
    (_CONSENT, _asks_consent),
    (_LOGIN, _asks_to_sign_in),
    (_GATE, _is_gate),
    (_TEASER, _is_teaser),
    (_HOME, _leads_home),
    (_ANY, _says_what_others_say),
    (_STRANGE, _is_strange),
    (_EMPTY, _is_empty),
)


def _is_of(new: str, old: str) -> bool:
    """Say whether the longest line of a text is the old one's, whole or cut off."""
    return share_left(longest_line(new), new=old) >= _CUT_0_1
