"""Plain words on screen for every closed list a person can see.

A member's own value, with spaces, is its label unless `OWN_WORDS` gives a plainer one. Labels are
lower-case, so that they read inside a sentence; templates capitalise where a line begins.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format

from claims.states import (
    Basis,
    ClaimKind,
    ClaimLinkKind,
    ClaimStatus,
    DisputeKind,
    EntryKind,
    FigureQualifier,
    FigureScope,
    FlagAnswer,
    FlagKind,
    Ground,
    LinkState,
    NotificationKind,
    Outcome,
    ProposalKind,
    QuoteState,
    Role,
    SourceKind,
    Verb,
    Visibility,
)

OWN_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    Ground: {
        Ground.NOT_REVIEWED: "not yet reviewed",
        Ground.EDITOR_OVERRIDE: "editor's override",
        Ground.RETRACTED_BY_SOURCE: "retracted by its source",
        Ground.OUT_OF_CONTEXT: "out of context or manipulated",
    },
    Basis: {
        Basis.HOLDS: "basis holds",
        Basis.IN_QUESTION: "basis in question",
        Basis.LOST: "basis lost",
    },
    ClaimLinkKind: {ClaimLinkKind.PART_OF: "is part of"},
    Visibility: {
        Visibility.OPEN: "everybody signed in",
        Visibility.RESTRICTED: "this desk only",
        Visibility.EMBARGOED: "this desk only, until published",
    },
    FigureQualifier: {FigureQualifier.EXACT: ""},
    FigureScope: {FigureScope.NOT_STATED: ""},
    DisputeKind: {DisputeKind.DENIAL: "bare denial"},
    QuoteState: {
        QuoteState.UNCHECKED: "not yet found",
        QuoteState.STANDING: "still there",
        QuoteState.MISSING: "no longer there",
        QuoteState.ATTESTED: "attested by a person",
    },
    SourceKind: {SourceKind.PAGE: "web page"},
    LinkState: {
        LinkState.UNCHECKED: "not yet looked at",
        LinkState.BLOCKED: "behind a wall",
        LinkState.SUSPECTED_GONE: "perhaps gone",
    },
    Outcome: {
        Outcome.UNCHANGED: "read, the same words",
        Outcome.CHANGED: "read, new words",
        Outcome.GONE: "not there",
        Outcome.DNS: "name not found",
        Outcome.TIMEOUT: "no answer in time",
        Outcome.CONNECTION: "no connection",
        Outcome.TLS: "certificate not accepted",
        Outcome.PROTOCOL: "not a valid answer",
        Outcome.INCOMPLETE: "answer cut short",
        Outcome.BAD_ENCODING: "compression damaged",
        Outcome.UNSUPPORTED_ENCODING: "compression not supported",
        Outcome.BAD_URL: "not a usable address",
        Outcome.BLOCKED_ADDRESS: "address not public",
        Outcome.REDIRECT_BLOCKED: "led to an address that is not public",
        Outcome.REDIRECT_LOOP: "redirects in a circle",
        Outcome.PROXY: "outgoing proxy failed",
        Outcome.BLOCKED: "behind a wall",
        Outcome.THROTTLED: "asked to come back later",
        Outcome.CLIENT_ERROR: "refused the request",
        Outcome.SERVER_ERROR: "failed on its side",
        Outcome.SOFT_GONE: "answers, but the page is not there",
        Outcome.EMPTY: "no text",
        Outcome.TYPE_CHANGED: "another kind of file",
        Outcome.PARSE_TRUNCATED: "text read in part",
        Outcome.EXTRACT_TIMEOUT: "text took too long to read",
        Outcome.EXTRACT_FAILED: "text could not be read",
        Outcome.STORAGE: "could not be stored",
        Outcome.WORKER_DIED: "look broke off",
        Outcome.SEEN_STANDING: "seen by a person: still there",
        Outcome.SEEN_CHANGED: "seen by a person: changed",
        Outcome.SEEN_GONE: "seen by a person: gone",
    },
    FlagKind: {
        FlagKind.RELAYED_CORRECTED: "relayed source corrected",
        FlagKind.RELAYED_RETRACTED: "relayed source retracted",
    },
    NotificationKind: {
        NotificationKind.ASSIGNED: "a review was assigned to you",
        NotificationKind.AWAITS_SIGN_OFF: "a proposal waits for another person",
        NotificationKind.SIGNED_OFF: "your proposal was signed off",
        NotificationKind.SENT_BACK: "your proposal was sent back",
        NotificationKind.PROPOSAL_VOID: "your proposal is void",
        NotificationKind.CLAIM_FLAGGED: "a claim you decided on was flagged",
        NotificationKind.OBJECTION_RAISED: "another desk objects",
        NotificationKind.FLAG_ANSWERED: "what you raised was answered",
        NotificationKind.COMMENTED: "somebody commented",
    },
    FlagAnswer: {
        FlagAnswer.STANDS: "the status stands",
        FlagAnswer.LOWERED: "lowered to reported",
        FlagAnswer.PROPOSED: "a change was proposed",
        FlagAnswer.CLOSED: "the claim was closed",
    },
    ProposalKind: {
        ProposalKind.STATUS: "another status",
        ProposalKind.GROUND: "another ground",
        ProposalKind.EDIT: "another wording",
        ProposalKind.STANDS: "that the status stands",
    },
    Role: {Role.FACT_CHECKER: "fact-checker"},
    Verb: {Verb.SIGN_OFF: "sign off"},
    EntryKind: {
        EntryKind.CLAIM_OPENED: "claim put on record",
        EntryKind.CLAIM_LINKED: "linked to another claim",
        EntryKind.CLAIM_UNLINKED: "link to another claim taken back",
        EntryKind.COMMENTED: "comment",
        EntryKind.PROPOSAL_SENT_BACK: "proposal sent back",
        EntryKind.SOURCE_MERGED: "linked sources merged",
        EntryKind.CLAIM_MADE_VISIBLE: "opened to readers",
        EntryKind.CLAIM_HIDDEN: "hidden from readers",
        EntryKind.APPEARANCE_ADDED: "found in an article",
        EntryKind.ARTICLE_ADDED: "article put on record",
        EntryKind.ORIGIN_ADDED: "origin put on record",
        EntryKind.SOURCE_ADDED: "source linked",
        EntryKind.EVIDENCE_ATTESTED: "evidence attested by a person",
        EntryKind.LINK_STATE_CHANGED: "linked source answers otherwise",
        EntryKind.SNAPSHOT_TAKEN: "snapshot kept",
        EntryKind.LOOKED_BY_HAND: "looked at by a person",
        EntryKind.REVIEW_STANDS: "reviewed: the status stands",
        EntryKind.PROPOSED: "change proposed",
        EntryKind.REDACTED: "text removed",
        EntryKind.PERSON_ENDED: "person left",
        EntryKind.SECOND_FACTOR_SET: "two-step sign-in changed",
    },
}

STATUS_LINES: Mapping[ClaimStatus, str] = {
    ClaimStatus.REPORTED: "Someone says so; we have not established it.",
    ClaimStatus.CORROBORATED: "Independent origins agree.",
    ClaimStatus.DISPUTED: "Contradicted: see why.",
}

BASIS_LINES: Mapping[Basis, str] = {
    Basis.HOLDS: "What the status rests on is still there.",
    Basis.IN_QUESTION: "A flag is open: until it is answered, do not rely on the status.",
    Basis.LOST: "The rule for this status is no longer met: treat as reported.",
}


def label(member: StrEnum) -> str:
    """Return the word people read for `member`, lower-case; empty where silence says it best."""
    own = OWN_WORDS.get(type(member), {})
    return own.get(member, member.value.replace("_", " "))


def status_line(
    status: ClaimStatus, *, as_of_on: date | None = None, ground: Ground | None = None
) -> str:
    """Return the one line that stands under a status.

    A corroboration by primary record or by an editor's override says so, since nobody agreed.
    """
    if status is not ClaimStatus.CORROBORATED:
        return STATUS_LINES[status]
    agreed = {
        Ground.PRIMARY_RECORD: "A primary record of the act shows it",
        Ground.EDITOR_OVERRIDE: "An editor let it stand without two independent origins",
    }.get(ground or Ground.INDEPENDENT_ORIGINS, "Independent origins agree")
    return f"{agreed}, as of {date_format(as_of_on, 'j M Y')}." if as_of_on else f"{agreed}."


def said_words(kind: ClaimKind) -> str:
    """Return what completes a status word: a statement is only ever shown *to have been said*."""
    return "that it was said" if kind is ClaimKind.STATEMENT else ""


def status_words(status: ClaimStatus, *, kind: ClaimKind) -> str:
    """Return status and kind in words, as "corroborated that it was said"."""
    return f"{label(status)} {said_words(kind)}".strip()


def counted(number: int, *, one: str, many: str = "") -> str:
    """Return a number with its noun, as "1 origin" or "1,204 origins"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
