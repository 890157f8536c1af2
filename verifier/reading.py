"""From what came over the network to what it says: the cheapest test first, then the children.

Status, bytes, words: only pages with other bytes are read, only those with other words are kept.
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from claims.queries.hosts import is_said_elsewhere
from claims.queries.resting import resting_on
from claims.states import Outcome, QuoteState
from claims.types import Fetched, LeasedWatch, Resting
from verifier import walls
from verifier.archive import Blobs, store
from verifier.child import Job
from verifier.errors import ExtractTimeout, PageUnread
from verifier.pages import Pages
from verifier.types import AssessedPage, RawPage
from verifier.walls import Wall

READ_TOGETHER = 16
HELD_BYTES = 16 * 1024 * 1024
"""Bodies held while they wait to be read; beyond it the oldest is waited for."""
BROKEN_OFF = frozenset(
    {
        Outcome.BAD_ENCODING,
        Outcome.CONNECTION,
        Outcome.INCOMPLETE,
        Outcome.TIMEOUT,
        Outcome.UNSUPPORTED_ENCODING,
    }
)
"""Outcomes whose bytes are no page, and are kept for who wants to see what came."""
OTHER_KIND = "The address answers with another kind of file."
HTML = frozenset({"text/html", "application/xhtml+xml", ""})
UNDECIDED = frozenset({QuoteState.UNCHECKED, QuoteState.ATTESTED})
"""Quotes the watch has not found yet: looked for even where the text is the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look after the page was read: the outcome, and what was read if anything new was.

    `fetched` has lost its body, which `body_bytes` long was.
    """

    watch: LeasedWatch
    fetched: Fetched
    outcome: Outcome
    raw_sha256: str = ""
    body_bytes: int = 0
    read: AssessedPage | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Begun:
    seen: Seen
    body: bytes
    resting: Resting
    reading: Job[AssessedPage]


class Reader:
    """Reads the answers of one batch while further answers are still under way."""

    def __init__(self, *, pages: Pages, blobs: Blobs) -> None:
        self._pages = pages
        self._blobs = blobs
        self._gathered: list[tuple[Seen, Fetched]] = []
        self._begun: deque[_Begun] = deque()
        self._held_bytes = 0

    def take(self, watch: LeasedWatch, fetched: Fetched) -> Iterator[Seen]:
        """Take in one answer.

        Yields:
            What is decided by now: this look if there is nothing to read, and earlier ones whose
            reading has ended.
        """
        bare = replace(fetched, body=b"") if fetched.body else fetched
        seen = Seen(watch, bare, fetched.outcome)
        if fetched.outcome is not Outcome.CHANGED:
            yield self._with_remains(seen, fetched.body)
            return
        digest = hashlib.sha256(fetched.body).hexdigest()
        seen = replace(seen, raw_sha256=digest, body_bytes=len(fetched.body))
        if digest == watch.raw_sha256:
            yield replace(seen, outcome=Outcome.UNCHANGED)
            return
        self._gathered.append((seen, fetched))
        self._held_bytes += seen.body_bytes
        if len(self._gathered) == READ_TOGETHER or self._held_bytes > HELD_BYTES:
            self._begin()
        while self._begun and (self._begun[0].reading.done() or self._held_bytes > HELD_BYTES):
            yield self._judge(self._begun.popleft())

    def rest(self) -> Iterator[Seen]:
        """Yield the looks whose reading has not ended yet, waiting for each."""
        self._begin()
        while self._begun:
            yield self._judge(self._begun.popleft())

    def _begin(self) -> None:
        if not self._gathered:
            return
        resting = resting_on(seen.watch.source_id for seen, _ in self._gathered)
        for seen, fetched in self._gathered:
            rests = resting[seen.watch.source_id]
            reading = self._pages.submit_assess(
                RawPage(fetched.body, fetched.url, fetched.media_type, fetched.charset),
                before=rests.before,
                quotes=rests.quotes,
                is_expected_to_change=rests.is_expected_to_change,
            )
            self._begun.append(_Begun(seen, fetched.body, rests, reading))
        self._gathered.clear()

    def _judge(self, begun: _Begun) -> Seen:
        """Say what came of a reading; bytes that say something new, or nothing, are kept."""
        self._held_bytes -= begun.seen.body_bytes
        seen = self._read(begun)
        if seen.outcome is Outcome.UNCHANGED:
            return seen
        try:
            store(begun.body, sha256=seen.raw_sha256, blobs=self._blobs)
        except OSError as error:
            return replace(seen, outcome=Outcome.STORAGE, detail=str(error), read=None)
        return seen

    def _with_remains(self, seen: Seen, body: bytes) -> Seen:
        """Keep what came of a page that broke off; where it cannot be kept, the outcome stands."""
        if not body or seen.outcome not in BROKEN_OFF:
            return seen
        try:
            sha256 = store(body, blobs=self._blobs)
        except OSError:
            return seen
        return replace(seen, detail=f"{seen.fetched.detail} Raw bytes kept: {sha256}")

    def _read(self, begun: _Begun) -> Seen:
        seen = begun.seen
        try:
            read = begun.reading.result()
        except ExtractTimeout as error:
            return _unread(seen, Outcome.EXTRACT_TIMEOUT, error)
        except PageUnread as error:
            return _unread(seen, Outcome.EXTRACT_FAILED, error)
        in_part = Outcome.PARSE_TRUNCATED if read.page.is_truncated else None
        if _says_nothing_new(read, begun.resting):
            return replace(seen, outcome=in_part or Outcome.UNCHANGED)
        if _is_other_kind(seen, read, begun.resting):
            return replace(seen, outcome=Outcome.TYPE_CHANGED, detail=OTHER_KIND)
        wall = _wall(seen, read, begun.resting)
        if wall is not None:
            return replace(seen, outcome=wall.outcome, detail=wall.reason)
        return replace(seen, outcome=in_part or seen.outcome, read=read)


def _unread(seen: Seen, outcome: Outcome, error: Exception) -> Seen:
    detail = f"{error} Raw bytes kept: {seen.raw_sha256}"
    return replace(seen, outcome=outcome, detail=detail)


def _says_nothing_new(read: AssessedPage, resting: Resting) -> bool:
    """Whether words and correction are those of the last look, and no quote is found at last."""
    before = resting.before
    if before is None or (before.text, before.correction) != (
        read.page.text,
        read.page.correction,
    ):
        return False
    standing = {
        finding.evidence_id
        for finding in read.assessment.quotes
        if finding.state is QuoteState.STANDING
    }
    return not any(
        quote.was in UNDECIDED and quote.evidence_id in standing for quote in resting.quotes
    )


def _is_other_kind(seen: Seen, read: AssessedPage, resting: Resting) -> bool:
    """Whether a page with words now answers as a kind of file that has none to read."""
    had_words = resting.before is not None and bool(resting.before.text)
    return had_words and not read.page.text and not _is_html(seen.fetched)


def _is_html(fetched: Fetched) -> bool:
    return fetched.media_type.partition(";")[0].strip().lower() in HTML


def _wall(seen: Seen, read: AssessedPage, resting: Resting) -> Wall | None:
    """Say what stands in the page's place, if an HTML answer is not the page itself."""
    if not _is_html(seen.fetched):
        return None
    found, before = read.assessment, resting.before
    is_doubtful = walls.is_doubtful(read.page, before=before, assessment=found)
    return walls.judge(
        read.page,
        before=before,
        assessment=found,
        asked_url=seen.watch.url,
        final_url=seen.fetched.url,
        is_told_elsewhere=is_doubtful and is_said_elsewhere(seen.watch.source_id, read.page.text),
    )
