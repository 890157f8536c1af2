"""What each panel of the board returns, and what may narrow it.

The panels read figures kept in the entry's own transaction (`claims.models.tally`,
docs/decisions/0010-figures-are-kept-by-the-ledger.md) and short lists by an index: at most three
queries each, none of them a scan that grows with the record.

| panel | function |
|---|---|
| disputed now | `panels_now.disputed_now` |
| published articles at risk | `panels_articles.articles_at_risk` |
| sources changed, not yet rechecked | `panels_sources.sources_changed` |
| backlog by age | `panels_waiting.backlog` |
| late | `panels_waiting.late` |
| in and out | `panels_flow.in_and_out` |
| time to first decision | `panels_flow.time_to_first_decision` |
| time from flag to its review's end | `panels_flow.time_from_flag_to_end` |
| status now | `panels_now.status_now` |
| reversals | `panels_flow.reversals` |
| waiting for sign-off | `panels_now.waiting_for_sign_off` |
| source health | `claims.queries.trust` |

Every function is `panel(actor, *, filters, now=None)`; what has to do with time is in
`claims.queries.panel_times`. What a reader may not see is in no count.
"""

from dataclasses import dataclass
from datetime import datetime

from claims.models import Article, Claim, Proposal, Source
from claims.states import FlagKind

PERIODS = (7, 14, 30, 90)
"""Days a reader may choose."""


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What narrows the board: a claim's topic, a desk's slug, and how far back; empty: all.

    `days` is one of `PERIODS`; a panel that looks back further or less by default says so itself.
    """

    topic: str = ""
    desk: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class DisputedClaim:
    """A disputed claim and the newest article it appears in."""

    claim: Claim
    article: Article | None


@dataclass(frozen=True, slots=True)
class Disputed:
    """Claims disputed now; `change` since `since_at`, 24 whole hours before this hour began."""

    count: int
    change: int
    since_at: datetime
    newest: tuple[DisputedClaim, ...]


@dataclass(frozen=True, slots=True)
class StatusNow:
    """Claims that are not closed, by status; corroborated by its basis.

    `not_yet_reviewed` are among `reported`, `overrides` among the corroborated.
    """

    reported: int
    not_yet_reviewed: int
    corroborated_holding: int
    corroborated_in_question: int
    corroborated_lost: int
    disputed: int
    overrides: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.reported + self.corroborated_holding + self.corroborated_shaken + self.disputed

    @property
    def corroborated_shaken(self) -> int:
        """Corroborated, but the basis is in question or lost."""
        return self.corroborated_in_question + self.corroborated_lost


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A proposal nobody signed off yet; whether this reader may."""

    proposal: Proposal
    claim: Claim
    may_sign: bool


@dataclass(frozen=True, slots=True)
class SignOffs:
    """Open proposals: how many, and the oldest first."""

    count: int
    oldest: tuple[WaitingProposal, ...]


@dataclass(frozen=True, slots=True)
class ArticleAtRisk:
    """A published article with the number of its claims that no longer stand firm.

    A claim counts once: as disputed, else as lost, else as in question.
    """

    article: Article
    disputed: int
    lost: int
    in_question: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Articles published in the last `days` that rest on something that moved, worst first.

    `count` is of all of them; `is_cut`: more were published than are looked at, so the oldest of
    the period are left out.
    """

    count: int
    published: int
    days: int
    is_cut: bool
    articles: tuple[ArticleAtRisk, ...]


@dataclass(frozen=True, slots=True)
class ChangedSource:
    """A linked source with open flags: which, since when, and the claims they are on."""

    source: Source
    kinds: tuple[FlagKind, ...]
    is_stealth: bool
    since_at: datetime
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedSources:
    """Linked sources behind open flags, the newest flag first.

    `flagged_claims` have an open flag of any kind. `is_cut`: more flags are open than are read, so
    `count` is "at least".
    """

    count: int
    flagged_claims: int
    is_cut: bool
    sources: tuple[ChangedSource, ...]
