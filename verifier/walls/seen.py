"""One page against what it was: the facts from which a wall is told, each worked out when asked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from claims.states import QuoteState
from claims.types import Assessment, PageText
from verifier.walls.endings import Ending
from verifier.walls.likeness import count_words, share_left, title_words
from verifier.walls.words import short_lines

_SHORT_CHARS = 5000
_SHORT_WORDS = 250
_TINY_WORDS = 40
_TITLE_KEPT_0_1 = 0.34
_TITLE_REACH_CHARS = 2000
_FRONT_PAGE_SLASHES = 2
_PARTS = re.compile(r"\s+[|·•–—»:-]+\s+")


@dataclass(frozen=True)
class Seen:
    """One page against what it was; every fact is worked out when first asked for."""

    page: PageText
    before: PageText | None
    assessment: Assessment
    ending: Ending
    is_told_elsewhere: bool

    @cached_property
    def words(self) -> int:
        """How much the page says."""
        return count_words(self.page.text)

    @cached_property
    def words_before(self) -> int:
        """How much it said; 0 where it was never read."""
        return count_words(self.before.text) if self.before else 0

    @cached_property
    def left_0_1(self) -> float:
        """What is left of the old text; nothing where there is none."""
        return share_left(self.before.text, new=self.page.text) if self.before else 0.0

    @cached_property
    def is_short(self) -> bool:
        """No longer than a wall or an error page is."""
        return len(self.page.text) <= _SHORT_CHARS and self.words <= _SHORT_WORDS

    @property
    def is_tiny(self) -> bool:
        """A sentence or two."""
        return self.words <= _TINY_WORDS

    @property
    def is_dated(self) -> bool:
        """The page says when it was published."""
        return self.page.published_at is not None

    @property
    def misses_quotes(self) -> bool:
        """Quotes were sought, and nothing like them is there."""
        states = {finding.state for finding in self.assessment.quotes}
        return bool(states) and QuoteState.ALTERED not in states

    @cached_property
    def names_itself(self) -> bool:
        """The page gives an address of its own, deeper than a front page."""
        return self.page.canonical_url.rstrip("/").count("/") > _FRONT_PAGE_SLASHES

    @cached_property
    def has_lost_title(self) -> bool:
        """Next to none of the old title's words stand in the new title or text."""
        if self.before is None or not self.before.title:
            return False
        page = self.page
        told = (page.title, page.signs.window_title, page.text[:_TITLE_REACH_CHARS])
        old, new = title_words(self.before.title), title_words(" ".join(told))
        return len(old & new) < _TITLE_KEPT_0_1 * len(old)

    @cached_property
    def is_faceless(self) -> bool:
        """The page has neither a date nor an address of its own, as no story's template lacks."""
        return not self.is_dated and not self.names_itself

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The parts of its titles that are not the old title's."""
        told = f"{self.page.title} | {self.page.signs.window_title}"
        return tuple(self._new(_PARTS.split(told)))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Short lines near its beginning that the page did not have before."""
        return tuple(self._new(short_lines(self.page.text)))

    def _new(self, lines: Iterable[str]) -> Iterator[str]:
        old = (
            {*self.before.text.split("\n"), *_PARTS.split(self.before.title)} if self.before else ()
        )
        return (line for line in lines if line and line not in old)

    @cached_property
    def estrangement(self) -> int:
        """How many signs, none of them words, say that this is not the page it was."""
        return (
            self.is_faceless
            + self.has_lost_title
            + self.misses_quotes
            + self.is_tiny
            + self.page.signs.is_noindex
            + self.page.signs.reloads_itself
        )
