"""What the panels on time return: what waits, what comes and goes, how long it takes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from claims.models import Claim
from claims.states import ClaimStatus

WEEK = timedelta(days=7)


class Reason(StrEnum):
    """Why a claim is in the queue: never decided, flagged, or for another reason."""

    NEW = "new"
    FLAGGED = "flagged"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BacklogAge:
    """Open claims of one age: `at_least` to below `below` (None: no end), by reason."""

    at_least: timedelta
    below: timedelta | None
    new: int
    flagged: int
    other: int

    @property
    def total(self) -> int:
        """All of that age."""
        return self.new + self.flagged + self.other


@dataclass(frozen=True, slots=True)
class Backlog:
    """Open claims by how long they have been in the queue, youngest first."""

    ages: tuple[BacklogAge, ...]

    @property
    def total(self) -> int:
        """All open claims."""
        return sum(age.total for age in self.ages)


@dataclass(frozen=True, slots=True)
class LatePriority:
    """Open claims of one priority (1 to 3): all, and those older than `target`."""

    priority: int
    target: timedelta
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class LateClaim:
    """An open claim over its target, in the queue since `since_at`."""

    claim: Claim
    since_at: datetime
    target: timedelta


@dataclass(frozen=True, slots=True)
class Late:
    """Open claims over the target of their priority; the oldest named."""

    priorities: tuple[LatePriority, ...]
    oldest: tuple[LateClaim, ...]

    @property
    def late(self) -> int:
        """All over their target."""
        return sum(row.late for row in self.priorities)

    @property
    def open(self) -> int:
        """All open claims."""
        return sum(row.open for row in self.priorities)


@dataclass(frozen=True, slots=True)
class FlowDay:
    """Claims that entered and left the queue on one day of the reader's zone."""

    day: date
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Flow:
    """In and out by day, oldest first, every day of the period.

    `week_entered`, `week_left` are of the last 7 x 24 hours, to the quarter of an hour.
    """

    days: tuple[FlowDay, ...]
    open: int
    week_entered: int
    week_left: int

    @property
    def is_growing(self) -> bool:
        """Whether more came than went in the last week."""
        return self.week_entered > self.week_left

    @property
    def days_to_clear(self) -> float | None:
        """Days until nothing is left at last week's pace; None where it does not shrink."""
        if self.open == 0:
            return 0.0
        shrinks_by = self.week_left - self.week_entered
        return self.open * WEEK.days / shrinks_by if shrinks_by > 0 else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it took, over `count` of them; None where there were none.

    Both are upper edges of classes that grow by a quarter: at most 25 % above the exact value, and
    never below it.
    """

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it took in the last 7 days, and in the 7 days before."""

    now: Spread
    before: Spread


@dataclass(frozen=True, slots=True)
class Reversal:
    """A claim whose decided status was changed, by its newest such decision."""

    claim: Claim
    seq: int
    at: datetime
    was: ClaimStatus
    to: ClaimStatus
    rationale: str
    who: str


@dataclass(frozen=True, slots=True)
class Reversals:
    """Decisions of 7 days that changed an earlier decision's status, among all status changes."""

    count: int
    changes: int
    newest: tuple[Reversal, ...]

    @property
    def share(self) -> float | None:
        """Reversals among status changes, 0 to 1; None where nothing changed."""
        return self.count / self.changes if self.changes else None
