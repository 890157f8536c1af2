"""Every closed list of words the record uses, and the one table of status changes.

Members are facts, stored lower-case. The words are those of docs/architecture.md; labels for
people are in `claims.present.words`. Pure: imports nothing of the product.
"""

from collections.abc import Mapping
from enum import StrEnum


class ClaimStatus(StrEnum):
    """What the desk says of a claim; never changed by a machine."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"


class Ground(StrEnum):
    """Why the last decision chose that status; never itself a status."""

    NOT_REVIEWED = "not_reviewed"
    SINGLE_ORIGIN = "single_origin"
    CANNOT_BE_VERIFIED = "cannot_be_verified"
    SUPPORT_LOST = "support_lost"
    OUT_OF_DATE = "out_of_date"
    INDEPENDENT_ORIGINS = "independent_origins"
    PRIMARY_RECORD = "primary_record"
    EDITOR_OVERRIDE = "editor_override"
    CONFLICTING_ACCOUNTS = "conflicting_accounts"
    DENIED_WITH_EVIDENCE = "denied_with_evidence"
    RETRACTED_BY_SOURCE = "retracted_by_source"
    SHOWN_FALSE = "shown_false"
    WRONGLY_ATTRIBUTED = "wrongly_attributed"
    OUT_OF_CONTEXT = "out_of_context"


GROUNDS: Mapping[ClaimStatus, tuple[Ground, ...]] = {
    ClaimStatus.REPORTED: (
        Ground.NOT_REVIEWED,
        Ground.SINGLE_ORIGIN,
        Ground.CANNOT_BE_VERIFIED,
        Ground.SUPPORT_LOST,
        Ground.OUT_OF_DATE,
    ),
    ClaimStatus.CORROBORATED: (
        Ground.INDEPENDENT_ORIGINS,
        Ground.PRIMARY_RECORD,
        Ground.EDITOR_OVERRIDE,
    ),
    ClaimStatus.DISPUTED: (
        Ground.CONFLICTING_ACCOUNTS,
        Ground.DENIED_WITH_EVIDENCE,
        Ground.RETRACTED_BY_SOURCE,
        Ground.SHOWN_FALSE,
        Ground.WRONGLY_ATTRIBUTED,
        Ground.OUT_OF_CONTEXT,
    ),
}


class Procedure(StrEnum):
    """How many people a status change takes."""

    AT_ONCE = "at_once"
    SIGN_OFF = "sign_off"


TRANSITIONS: Mapping[ClaimStatus, Mapping[ClaimStatus, Procedure]] = {
    ClaimStatus.REPORTED: {
        ClaimStatus.CORROBORATED: Procedure.SIGN_OFF,
        ClaimStatus.DISPUTED: Procedure.AT_ONCE,
    },
    ClaimStatus.CORROBORATED: {
        ClaimStatus.REPORTED: Procedure.AT_ONCE,
        ClaimStatus.DISPUTED: Procedure.AT_ONCE,
    },
    ClaimStatus.DISPUTED: {
        ClaimStatus.REPORTED: Procedure.SIGN_OFF,
        ClaimStatus.CORROBORATED: Procedure.SIGN_OFF,
    },
}


class Basis(StrEnum):
    """Whether the status still rests on what it rested on; computed, never set."""

    HOLDS = "holds"
    IN_QUESTION = "in_question"
    LOST = "lost"


class ClaimKind(StrEnum):
    """FACT: it is so. STATEMENT: it was said."""

    FACT = "fact"
    STATEMENT = "statement"


class CloseReason(StrEnum):
    """Why a claim is no longer worked."""

    MISTAKE = "mistake"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    OVERTAKEN = "overtaken"
    NO_LONGER_FOLLOWED = "no_longer_followed"


class ClaimLinkKind(StrEnum):
    """How one claim stands to another."""

    UPDATES = "updates"
    FOLLOWS = "follows"
    DUPLICATES = "duplicates"
    PART_OF = "part_of"


class Visibility(StrEnum):
    """Who sees a claim: everybody signed in, or its desk only."""

    OPEN = "open"
    RESTRICTED = "restricted"
    EMBARGOED = "embargoed"


class FigureQualifier(StrEnum):
    """How a figure is bounded by its words."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    LESS_THAN = "less_than"
    BETWEEN = "between"


class FigureScope(StrEnum):
    """Whether a figure is the whole or comes on top of something."""

    NOT_STATED = "not_stated"
    IN_TOTAL = "in_total"
    ADDITIONAL = "additional"


class OriginKind(StrEnum):
    """What information comes from."""

    PERSON = "person"
    OUTLET = "outlet"
    AGENCY = "agency"
    INSTITUTION = "institution"
    COLLECTIVE = "collective"


class Reliability(StrEnum):
    """NATO Admiralty grade of an origin; F means unknown, not bad."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Stance(StrEnum):
    """What evidence does to a claim."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    CONTEXT = "context"


class DisputeKind(StrEnum):
    """In what way evidence disputes; a bare denial obliges nobody."""

    DENIAL = "denial"
    CONFLICTING_ACCOUNT = "conflicting_account"
    DISPROOF = "disproof"


class QuoteState(StrEnum):
    """Where the quoted passage stands."""

    UNCHECKED = "unchecked"
    STANDING = "standing"
    ALTERED = "altered"
    MISSING = "missing"
    ATTESTED = "attested"


class SourceKind(StrEnum):
    """A page the watch can fetch, or an offline item."""

    PAGE = "page"
    INTERVIEW = "interview"
    DOCUMENT = "document"
    PHOTO = "photo"
    VIDEO = "video"


class LinkState(StrEnum):
    """How a linked source answers, with hysteresis."""

    UNCHECKED = "unchecked"
    LIVE = "live"
    CHANGED = "changed"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    SUSPECTED_GONE = "suspected_gone"
    GONE = "gone"


class SnapshotKind(StrEnum):
    """Whether the watch fetched it or a person supplied it."""

    FETCHED = "fetched"
    CAPTURE = "capture"


class Outcome(StrEnum):
    """What one look gave; countable, never itself a flag."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    DNS = "dns"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    PROTOCOL = "protocol"
    INCOMPLETE = "incomplete"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    UNSUPPORTED_ENCODING = "unsupported_encoding"
    BAD_URL = "bad_url"
    BLOCKED_ADDRESS = "blocked_address"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_BLOCKED = "redirect_blocked"
    PROXY = "proxy"
    BLOCKED = "blocked"
    THROTTLED = "throttled"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    GONE = "gone"
    SOFT_GONE = "soft_gone"
    EMPTY = "empty"
    TYPE_CHANGED = "type_changed"
    PARSE_TRUNCATED = "parse_truncated"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_FAILED = "extract_failed"
    STORAGE = "storage"
    WORKER_DIED = "worker_died"
    SEEN_STANDING = "seen_standing"
    SEEN_CHANGED = "seen_changed"
    SEEN_GONE = "seen_gone"


ANSWERED: frozenset[Outcome] = frozenset(
    {Outcome.UNCHANGED, Outcome.CHANGED, Outcome.PARSE_TRUNCATED}
)
"""Outcomes in which the page itself was read, be it in part."""


class NoticeKind(StrEnum):
    """What a publisher says about its own page."""

    CORRECTION = "correction"
    RETRACTION = "retraction"
    UPDATE = "update"
    NONE = "none"


class ChangeKind(StrEnum):
    """What a revision of a page amounts to."""

    NONE = "none"
    COSMETIC = "cosmetic"
    EDITORIAL = "editorial"
    UPDATE = "update"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    REPLACED = "replaced"


class FlagKind(StrEnum):
    """Why a claim needs eyes."""

    QUOTE_ALTERED = "quote_altered"
    FIGURE_ALTERED = "figure_altered"
    QUOTE_MISSING = "quote_missing"
    CORRECTION_NOTICE = "correction_notice"
    RETRACTION = "retraction"
    RELAYED_CORRECTED = "relayed_corrected"
    RELAYED_RETRACTED = "relayed_retracted"
    SOURCE_GONE = "source_gone"
    SOURCE_MOVED = "source_moved"
    SOURCE_UNREACHABLE = "source_unreachable"
    CONTRADICTION_ADDED = "contradiction_added"
    REVIEW_DATE_PASSED = "review_date_passed"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    TIP = "tip"


class FlagAnswer(StrEnum):
    """How a flag was answered."""

    STANDS = "stands"
    LOWERED = "lowered"
    DISPUTED = "disputed"
    PROPOSED = "proposed"
    CLOSED = "closed"


class ReviewOutcome(StrEnum):
    """How one round of work on a claim ended."""

    STANDS = "stands"
    LOWERED = "lowered"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    CLOSED = "closed"


class ProposalKind(StrEnum):
    """What a second person is asked to approve."""

    STATUS = "status"
    GROUND = "ground"
    EDIT = "edit"
    STANDS = "stands"


class ProposalState(StrEnum):
    """Where a proposal is; at most one per claim is open."""

    OPEN = "open"
    SIGNED_OFF = "signed_off"
    VOID = "void"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back"


class CorrectionAnswer(StrEnum):
    """What an editor says of words printed on a claim that no longer stands as it did."""

    CORRECTED = "corrected"
    NOT_NEEDED = "not_needed"


class NotificationKind(StrEnum):
    """Why a person is told of something at the desk."""

    ASSIGNED = "assigned"
    AWAITS_SIGN_OFF = "awaits_sign_off"
    SIGNED_OFF = "signed_off"
    SENT_BACK = "sent_back"
    PROPOSAL_VOID = "proposal_void"
    CLAIM_FLAGGED = "claim_flagged"
    OBJECTION_RAISED = "objection_raised"
    FLAG_ANSWERED = "flag_answered"
    COMMENTED = "commented"


class Role(StrEnum):
    """What a person may do at a desk; each includes the ones before it."""

    READER = "reader"
    FACT_CHECKER = "fact_checker"
    EDITOR = "editor"


class Scope(StrEnum):
    """What a token may do for its person and desk."""

    CLAIMS_READ = "claims:read"
    CLAIMS_WRITE = "claims:write"
    REVIEWS_WRITE = "reviews:write"


class ActorKind(StrEnum):
    """Who acts: a person in a session, a token, an import, or the machine."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - the word, not a secret
    IMPORT = "import"
    MACHINE = "machine"


class EntryKind(StrEnum):
    """Every kind of ledger entry."""

    CLAIM_OPENED = "claim_opened"
    CLAIM_EDITED = "claim_edited"
    CLAIM_CLOSED = "claim_closed"
    CLAIM_REOPENED = "claim_reopened"
    CLAIM_LINKED = "claim_linked"
    CLAIM_UNLINKED = "claim_unlinked"
    COMMENTED = "commented"
    CLAIM_MADE_VISIBLE = "opened"
    CLAIM_HIDDEN = "hidden"
    APPEARANCE_ADDED = "appearance_added"
    ARTICLE_ADDED = "article_added"
    USE_RECORDED = "use_recorded"
    USE_ENDED = "use_ended"
    CORRECTION_DUE = "correction_due"
    CORRECTION_ANSWERED = "correction_answered"
    ORIGIN_ADDED = "origin_added"
    ORIGIN_EDITED = "origin_edited"
    SOURCE_ADDED = "source_added"
    SOURCE_EDITED = "source_edited"
    SOURCE_MERGED = "source_merged"
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_EDITED = "evidence_edited"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    EVIDENCE_ATTESTED = "evidence_attested"
    QUOTE_STATE_CHANGED = "quote_state_changed"
    LINK_STATE_CHANGED = "link_state_changed"
    SNAPSHOT_TAKEN = "snapshot_taken"
    LOOKED_BY_HAND = "looked_by_hand"
    FLAG_RAISED = "flag_raised"
    REVIEW_OPENED = "review_opened"
    REVIEW_ASSIGNED = "review_assigned"
    REVIEW_DUE_SET = "review_due_set"
    REVIEW_STANDS = "review_stands"
    REVIEW_ENDED = "review_ended"
    STATUS_CHANGED = "status_changed"
    GROUND_CHANGED = "ground_changed"
    BASIS_CHANGED = "basis_changed"
    PROPOSED = "proposed"
    PROPOSAL_VOIDED = "proposal_voided"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    PROPOSAL_SENT_BACK = "proposal_sent_back"
    SIGNED_OFF = "signed_off"
    REDACTED = "redacted"
    DESK_ADDED = "desk_added"
    PERSON_ADDED = "person_added"
    PERSON_ENDED = "person_ended"
    MEMBERSHIP_SET = "membership_set"
    SECOND_FACTOR_SET = "second_factor_set"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - the word, not a secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the word, not a secret


class Verb(StrEnum):
    """What `access.may` is asked about."""

    SEE = "see"
    WRITE = "write"
    DECIDE = "decide"
    PROPOSE = "propose"
    SIGN_OFF = "sign_off"
    OVERRIDE = "override"
    RESTRICT = "restrict"
    ADMINISTER = "administer"
