"""The tables of the record, one subject a module."""

from claims.models.article import Appearance, Article
from claims.models.claim import Claim, ClaimLink, Figure
from claims.models.desk import ApiToken, Desk, Membership, User
from claims.models.evidence import Evidence
from claims.models.kept_answer import KeptAnswer
from claims.models.ledger import LedgerAnchor, LedgerCheck, LedgerEntry, LedgerText
from claims.models.note import Note
from claims.models.notification import Notification
from claims.models.origin import Origin
from claims.models.review import Flag, Proposal, Review, SavedView, SignOff
from claims.models.source import Host, Observation, Snapshot, Source, Watch
from claims.models.tally import Counted, Tally
from claims.models.use import Use

__all__ = [
    "ApiToken",
    "Appearance",
    "Article",
    "Claim",
    "ClaimLink",
    "Counted",
    "Desk",
    "Evidence",
    "Figure",
    "Flag",
    "Host",
    "KeptAnswer",
    "LedgerAnchor",
    "LedgerCheck",
    "LedgerEntry",
    "LedgerText",
    "Membership",
    "Note",
    "Notification",
    "Observation",
    "Origin",
    "Proposal",
    "Review",
    "SavedView",
    "SignOff",
    "Snapshot",
    "Source",
    "Tally",
    "Use",
    "User",
    "Watch",
]
