"""A claim on one sheet of plain text, to paste into a message, a document or a table.

Every line begins with a word of ours, and what people and pages wrote stands behind it on one line:
pasted into a spreadsheet nothing of it becomes a formula or another cell.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils.formats import date_format

from claims.present.claim_page import ClaimPage, FlagWords
from claims.present.evidence import EvidenceCard
from claims.present.figures import figure_words
from claims.present.times import moment_words
from claims.present.words import label, status_words


def sheet_text(page: ClaimPage, *, address: str, at: datetime) -> str:
    """Return the sheet.

    Args:
        page: the claim as its reader may see it.
        address: where the claim stands, for everybody who may see it.
        at: when the sheet is made; shown in the active zone, like every time on it.
    """
    live = [card for card in page.evidence if card.withdrawn_at is None]
    parts = [
        _lines(_claim(page)),
        _lines(_status(page)),
        *(_lines(_evidence(card, number)) for number, card in enumerate(live, 1)),
        _lines([("On record at", address), ("Sheet made", moment_words(at))]),
    ]
    return "\n\n".join(parts) + "\n"


def _lines(facts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {' '.join(said.split())}" for name, said in facts if said.strip())


def _claim(page: ClaimPage) -> Iterator[tuple[str, str]]:
    yield "Claim", page.reference
    yield "Seen by", page.visibility_words
    yield "Statement", page.statement
    yield "Kind", page.kind_words
    yield "Said by", page.claimant
    for value in page.figures:
        yield "Figure", figure_words(value)
    yield "As of", _day(page.as_of_on)
    yield "Expected by", _day(page.expected_by_on)


def _status(page: ClaimPage) -> Iterator[tuple[str, str]]:
    badge, basis = page.badge, page.basis
    since = moment_words(page.status_since_at)
    yield "Status", f"{status_words(badge.status, kind=badge.kind)}, since {since}"
    yield "That is", page.status_line
    yield "Ground", page.ground
    why = f": {basis.why}" if basis.why else ""
    yield "Basis", f"{label(basis.basis)}{why}"
    yield "Independent origins", str(basis.origins)
    yield "Rests on", page.opinion
    yield "Oldest look", moment_words(basis.oldest_look_at) if basis.oldest_look_at else "not yet"
    if page.decision:
        decided = page.decision
        yield "Decided", f"{decided.rationale} ({decided.who}, {moment_words(decided.at)})"
        yield "Signed off by", decided.signed_by
    for flag in page.open_flags:
        yield "Open flag", _flag(flag)
    if not page.open_flags:
        yield "Open flags", "none"
    if page.proposal:
        asked = label(page.proposal.badge.status) if page.proposal.badge else page.proposal.what
        yield "Proposed", f"{asked}, by {page.proposal.who}; waits for another person"
    if page.closed_at:
        yield "Closed", f"{moment_words(page.closed_at)}, {page.close_reason}"
    yield "Replaced by", page.replaced_by


def _flag(flag: FlagWords) -> str:
    about = f", {flag.source}" if flag.source else ""
    now = f"; the page now says “{flag.found}”" if flag.found else ""
    return f"{label(flag.kind)}{about}, {moment_words(flag.raised_at)}{now}"


def _evidence(card: EvidenceCard, number: int) -> Iterator[tuple[str, str]]:
    primary = ", primary record" if card.is_primary_record else ""
    counts = "counts" if card.counts else card.discount
    yield f"Evidence {number}", f"{card.stance_words}{primary} ({card.reference})"
    yield "Weight", counts
    yield "Quote", f"“{card.quote}”" if card.quote else ""
    yield "Translation", f"“{card.translation}”" if card.translation else ""
    since = moment_words(card.quote_state_since_at)
    yield "Quote is", f"{label(card.quote_state)}, since {since}"
    yield "Page now says", f"“{card.found}”" if card.found else ""
    yield "Published by", card.publisher
    yield "Title", card.title
    yield "Address", card.url
    yield "Where", card.locator
    yield "Information comes from", _origin(card)
    yield "Credibility", card.credibility
    looked = f", last looked at {moment_words(card.last_looked_at)}" if card.last_looked_at else ""
    yield "Linked source", f"{label(card.link_state)}{looked}"


def _origin(card: EvidenceCard) -> str:
    name = card.origin or "unknown"
    if card.repeats and card.repeats != card.origin:
        name = (
            f"{card.origin}, repeats {card.repeats}" if card.origin else f"repeats {card.repeats}"
        )
    return f"{name} ({card.reliability})" if card.reliability else name


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
