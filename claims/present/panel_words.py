"""How each panel of the board is counted, in plain words, for whoever asks on the page."""

from collections.abc import Mapping

DEFINITIONS: Mapping[str, str] = {
    "correction_due": (
        "Articles of ours that rely on a claim which has fallen since, or lost its basis, and for "
        "which no editor has recorded an answer: corrected, or no correction needed."
    ),
    "disputed_now": (
        "Claims that are disputed and not closed. The change is against 24 whole hours before this "
        "hour began: claims that became disputed or were reopened so, less those that ceased to be "
        "or were closed. Listed: the five disputed last, each with its newest article."
    ),
    "articles_at_risk": (
        "Articles published in the period (put on record in it, where the time of publication is "
        "not known) with at least one claim that is disputed, whose basis is lost or in question, "
        "or that has an open flag. Closed claims do not count, and each claim "
        "counts once, by the gravest. Worst first: 3 for a disputed claim, 2 for a lost basis, 1 "
        "for one in question or flagged; then the newest. The desk and topic are the claim's."
    ),
    "status_now": (
        "Claims that are not closed, by status. Corroborated is two numbers: the basis holds; or "
        "it is in question (an open flag) or lost (the rule is no longer met). Not yet reviewed: "
        "reported, and nobody has decided on it. Overrides: corroborated by an editor's override."
    ),
    "waiting_for_sign_off": (
        "Proposals that another person has neither signed off nor sent back. Listed: the oldest. "
        "You may sign one off as a fact-checker or editor of its desk if you did not propose it."
    ),
    "sources_changed": (
        "Linked sources with a flag nobody has answered, newest flag first. Only the 500 newest "
        "open flags are read: where there are more, the number is “at least”. Beside it: all "
        "claims with an open flag, raised by the watch or by people."
    ),
    "backlog": (
        "Open claims by how long they have been in the queue. A claim is open while a review of it "
        "is open, or while nobody has decided on it and it does not wait for sign-off. New: nobody "
        "has decided on it yet; it waits since it was put on record. Flagged: decided before, with "
        "an open flag. Other: a review somebody asked for, or a proposal that came back. The last "
        "two wait since their review was opened."
    ),
    "late": (
        "Open claims that have been in the queue longer than the target of their priority, among "
        "all open claims of that priority. Named: those longest in the queue, of them all."
    ),
    "in_and_out": (
        "Per day of the desk's time zone: claims that entered the queue (put on record, flagged, "
        "reopened, sent back from sign-off) and claims that left it (decided, found to stand, "
        "proposed for sign-off, closed). Days to clear: open claims divided by how many fewer they "
        "become a day, over the last 7 times 24 hours; growing, where more come than go."
    ),
    "pace": (
        "Over 7 times 24 hours before this hour began and since, against the 7 before. First "
        "decision: from the claim's first entry to its first decision (a status, a ground, or "
        "that it stands), for claims first decided then; read it beside “Late”, since claims still "
        "waiting are not in it. From flag to end: from the first flag raised under a review to the "
        "end of that review, for reviews that ended then. Both are kept in classes that grow by a "
        "quarter: what is shown is the upper edge, at most 25 % above the exact value."
    ),
    "reversals": (
        "Decisions in 7 times 24 hours before this hour began and since that took a claim away "
        "from corroborated or disputed, among all changes of status in that time. A slip of the "
        "hand undone within 15 minutes is no further change. Listed: the newest, one a claim."
    ),
}
