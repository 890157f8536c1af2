"""Values that cross rooms: who acts, what the watch is asked, what it found.

All frozen, no Django. Datetimes are aware UTC; durations are timedelta or carry their unit.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from claims.states import (
    ActorKind,
    ChangeKind,
    FigureQualifier,
    FigureScope,
    LinkState,
    NoticeKind,
    Outcome,
    QuoteState,
    Role,
    Scope,
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does a thing, and with what rights; every service takes one.

    `roles` maps desk slugs to the role held there. A token carries its person's rights at one
    desk, narrowed by `scopes`; `signed_in` is true only for a person in a session.
    """

    kind: ActorKind
    user_id: int | None = None
    reference: str = ""
    name: str = ""
    roles: tuple[tuple[str, Role], ...] = ()
    scopes: frozenset[Scope] = frozenset()
    token_id: int | None = None
    is_administrator: bool = False
    signed_in: bool = False

    def role_at(self, desk: str) -> Role | None:
        """Return the role held at `desk`, or None."""
        return dict(self.roles).get(desk)


MACHINE = Actor(kind=ActorKind.MACHINE, name="the watch")
"""The watch itself: raises flags, decides nothing."""


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A value or range as the words give it."""

    value: Decimal
    value_high: Decimal | None = None
    unit: str = ""
    qualifier: FigureQualifier = FigureQualifier.EXACT
    scope: FigureScope = FigureScope.NOT_STATED
    as_of_on: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class QuoteToFind:
    """One quoted passage the watch looks for (W3C TextQuoteSelector: exact, prefix, suffix).

    `evidence_id` names it in the answer; `was` is its state before this look; `figures` are those
    a person put on the evidence, for a source that is expected to change.
    """

    evidence_id: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    was: QuoteState = QuoteState.UNCHECKED
    figures: tuple[FigureValue, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteFinding:
    """Where a quoted passage stands in one text.

    `start`, `end` are code-point offsets into the extracted text (-1 where nothing was found);
    `found` is the nearest text; `score_0_1` its likeness; `figure_altered` says that a number,
    date or quantity is what differs.
    """

    evidence_id: int
    state: QuoteState
    found: str = ""
    start: int = -1
    end: int = -1
    score_0_1: float = 0.0
    figure_altered: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What the publisher says of its own page: kind and the words."""

    kind: NoticeKind = NoticeKind.NONE
    text: str = ""


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What a page's markup asks of its reader; none of these is a wall by itself.

    `window_title` is the text of its `title` element. `has_challenge`, `asks_consent`: it calls on
    a service that tells people from programs, or that asks them to agree. `reloads_itself`: it
    calls for itself or another address again within a minute.
    """

    window_title: str = ""
    asks_password: bool = False
    has_challenge: bool = False
    asks_consent: bool = False
    is_noindex: bool = False
    reloads_itself: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """What one page says, extracted in the child.

    `text` is main text with one block a line, no NUL, no lone surrogate. Dates are None where the
    page gives none that can be read.
    """

    text: str
    title: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str = ""
    language: str = ""
    charset: str = ""
    correction: str = ""
    is_truncated: bool = False
    is_paywalled: bool = False
    may_archive: bool = True
    signs: PageSigns = field(default_factory=PageSigns)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a new text means against the last one, for the quotes that rest on it.

    `changed`: the wording of the body differs. `significant`: a claim resting on these quotes
    must go back to a person. `is_stealth`: a quote changed and no notice says so.
    """

    changed: bool
    significant: bool
    kind: ChangeKind
    notice: Notice = field(default_factory=Notice)
    quotes: tuple[QuoteFinding, ...] = ()
    is_stealth: bool = False


@dataclass(frozen=True, slots=True)
class LeasedWatch:
    """One due source, leased to this worker until `token` is superseded.

    `raw_sha256` is the hash of the last body (hex). Empty validators mean: ask for the whole page;
    those there are belong to `validated_url`, where the last look ended. Times are the database's.
    `urgency` is that of the most urgent open claim that rests on it: 4 where it is corroborated or
    its review is near, 2 where it is disputed or goes first, else 1; 0 where none is open.
    """

    source_id: int
    token: str
    url: str
    leased_at: datetime
    linked_at: datetime
    etag: str = ""
    last_modified: str = ""
    validated_url: str = ""
    raw_sha256: str = ""
    is_full_due: bool = True
    failures: int = 0
    attempts: int = 1
    looks: int = 0
    changes_seen: int = 0
    interval_s: int = 0
    link_state: LinkState = LinkState.UNCHECKED
    link_state_since_at: datetime | None = None
    run_outcome: Outcome | None = None
    run_first_at: datetime | None = None
    run_last_at: datetime | None = None
    last_read_at: datetime | None = None
    urgency: int = 0


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a source when its page was read: its last text, and the quotes to find."""

    before: PageText | None = None
    quotes: tuple[QuoteToFind, ...] = ()
    is_expected_to_change: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a redirect chain."""

    url: str
    status: int
    peer: str = ""
    location: str = ""
    certificate_sha256: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back for one URL.

    `outcome` is CHANGED where a body was read whole (whether it differs is not the fetcher's to
    say) and UNCHANGED for a 304; `body` holds at most the limit's bytes, decoded; `retry_after_s`
    is clamped, None where the server named none; `detail` is one sentence for people.
    """

    outcome: Outcome
    url: str
    status: int = 0
    body: bytes = b""
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    hops: tuple[Hop, ...] = ()
    retry_after_s: int | None = None
    detail: str = ""
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """The finished result of one look at one source, ready to be recorded.

    `page` is there only where the page was read; `assessment` where it was compared. `raw_sha256`
    (hex) is that of the decoded body, which the archive keeps where it says something new, or could
    not be read. `tool` is what the look was made with. `due_in_s` counts from the recording.
    """

    source_id: int
    token: str
    outcome: Outcome
    status: int = 0
    detail: str = ""
    final_url: str = ""
    is_full: bool = False
    link_state: LinkState = LinkState.LIVE
    link_reason: str = ""
    due_in_s: float = 0.0
    etag: str = ""
    last_modified: str = ""
    raw_sha256: str = ""
    blob_size: int = 0
    media_type: str = ""
    hops: tuple[Hop, ...] = ()
    page: PageText | None = None
    assessment: Assessment | None = None
    retry_after_s: int | None = None
    elapsed_ms: int = 0
    tool: str = ""
