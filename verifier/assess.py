"""What a new text of a page means for the quotes that rest on it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from rapidfuzz import fuzz

from claims.states import ChangeKind, NoticeKind, QuoteState
from claims.text.dates import DateSpan, find_dates
from claims.text.figures import find_figures
from claims.text.regions import settled_lines
from claims.types import Assessment, FigureValue, Notice, PageText, QuoteFinding, QuoteToFind
from verifier import notices
from verifier.compare import find_quotes, find_unmoved, stands, wording_differs
from verifier.notices import Account

_TOUCHED = frozenset({QuoteState.ALTERED, QuoteState.MISSING})
_GRAVE = {
    NoticeKind.RETRACTION: ChangeKind.RETRACTION,
    NoticeKind.CORRECTION: ChangeKind.CORRECTION,
}
_LABEL = re.compile(r"(?!.*\d)(?=.{1,40}$)\S+(?:\s+\S+){0,3}(?<![.!?;,。])")
_EDITED_PERCENT = 80
_MAX_LABELS = 200
_GRAM_CHARS = 12
_MAX_CHARS = 50_000
_REPLACED_BELOW = 0.1


def assess(
    *,
    before: PageText | None,
    after: PageText,
    quotes: Sequence[QuoteToFind],
    is_expected_to_change: bool = False,
) -> Assessment:
    """Compare what a page says now with what it said at the last look.

    Args:
        before: The page at the last look; None on the first, when nothing is significant.
        after: The page now.
        quotes: The passages that evidence quotes from it, each with its last known state.
        is_expected_to_change: The source is a live page: significant only where a quoted figure
            is contradicted for the day it was given for.

    Returns:
        Assessment; its findings are in the order of `quotes`, offsets into `after.text`.
    """
    unmoved = find_unmoved(after.text, quotes=quotes, before=before.text if before else None)
    standing = tuple(filter(None, unmoved))
    if before and len(standing) == len(quotes) and _said(before) == _said(after):
        return Assessment(changed=False, significant=False, kind=ChangeKind.NONE, quotes=standing)
    findings, now, then = _find(quotes, unmoved, before=before, after=after)
    notice = notices.newest(now, before=then)
    if before is None or then is None:
        return Assessment(
            changed=False, significant=False, kind=ChangeKind.NONE, notice=notice, quotes=findings
        )
    changed = _is_reworded(then.body, now.body) or wording_differs(before.title, after.title)
    is_touched = any(finding.state in _TOUCHED for finding in findings)
    significant = is_touched or notice.kind in _GRAVE
    if is_expected_to_change:
        significant = any(map(_is_contradicted, quotes, findings))
    return Assessment(
        changed=changed,
        significant=significant,
        kind=_kind(before, after, changed=changed, notice=notice),
        notice=notice,
        quotes=findings,
        is_stealth=is_touched and significant and notice.kind is NoticeKind.NONE,
    )


def _said(page: PageText) -> tuple[str, str, str]:
    return page.text, page.title, page.correction


def _find(
    quotes: Sequence[QuoteToFind],
    unmoved: Sequence[QuoteFinding | None],
    *,
    before: PageText | None,
    after: PageText,
) -> tuple[tuple[QuoteFinding, ...], Account, Account | None]:
    """Find the quotes, and read both pages for what they say of themselves as far as that needs.

    Most quotes stand where they stood; the rest are sought without the page's own notices.
    """
    rest = [quote for quote, finding in zip(quotes, unmoved, strict=True) if finding is None]
    exacts = [quote.exact for quote in rest]
    known: frozenset[str] = frozenset()
    if before:
        known = settled_lines(before.text, after.text, quotes=exacts)
        known |= {before.title} & {after.title}
    now = notices.read(after, known=known)
    then = notices.read(before, known=known) if before else None
    found = iter(_find_moved(rest, before=before, after=after, now=now, then=then))
    return tuple(finding or next(found) for finding in unmoved), now, then


def _find_moved(
    quotes: Sequence[QuoteToFind],
    *,
    before: PageText | None,
    after: PageText,
    now: Account,
    then: Account | None,
) -> Sequence[QuoteFinding]:
    """Look in the body; where the quoted words were never there, look in the whole text.

    A notice that repeats the words it corrects must not pass for the passage itself.
    """
    said = before.text if before else None
    body = then.body if then else None
    findings = find_quotes(now.body, quotes=quotes, before=body)
    if (now.body, body) == (after.text, said):
        return findings
    elsewhere = [
        quote
        for quote, finding in zip(quotes, findings, strict=True)
        if finding.state is not QuoteState.STANDING
        and not (body is not None and stands(body, quote.exact))
    ]
    if not elsewhere:
        return findings
    whole = find_quotes(after.text, quotes=elsewhere, before=said)
    found = {finding.evidence_id: finding for finding in whole}
    return [found.get(finding.evidence_id, finding) for finding in findings]


def _is_reworded(before: str, after: str) -> bool:
    """Say whether wording came, went or was edited; labels that only come or go are the frame's."""
    gone, come = Counter(before.split("\n")), Counter(after.split("\n"))
    gone, come = gone - come, come - gone
    return wording_differs(_without_labels(gone, beside=come), _without_labels(come, beside=gone))


def _without_labels(lines: Counter[str], *, beside: Counter[str]) -> str:
    others = [line for line in beside if _LABEL.fullmatch(line)][:_MAX_LABELS]
    return "\n".join(
        line for line in lines if not _LABEL.fullmatch(line) or _is_edited(line, others)
    )


def _is_edited(label: str, others: Sequence[str]) -> bool:
    return any(fuzz.ratio(label, other) >= _EDITED_PERCENT for other in others)


def _is_contradicted(quote: QuoteToFind, finding: QuoteFinding) -> bool:
    """Say whether the passage now gives another figure for the same day."""
    if finding.state is not QuoteState.ALTERED or not finding.figure_altered:
        return False
    days = {figure.as_of_on for figure in quote.figures if figure.as_of_on}
    days |= {span.on for span in find_dates(quote.exact) if span.on}
    if not any(_is_day(span, day) for span in find_dates(finding.found) for day in days):
        return False
    given = quote.figures or [span.value for span in find_figures(quote.exact)]
    told = [span.value for span in find_figures(finding.found)]
    return any(_is_denied(figure, told) for figure in given)


def _is_denied(figure: FigureValue, told: Sequence[FigureValue]) -> bool:
    """Say whether figures of the same kind are told, none of them this one."""
    same_kind = [
        other for other in told if other.unit == figure.unit or "" in {other.unit, figure.unit}
    ]
    values = {(other.value, other.value_high) for other in same_kind}
    return bool(values) and (figure.value, figure.value_high) not in values


def _is_day(span: DateSpan, day: date) -> bool:
    return (span.month, span.day) == (day.month, day.day) and span.year in {None, day.year}


def _kind(before: PageText, after: PageText, *, changed: bool, notice: Notice) -> ChangeKind:
    if notice.kind in _GRAVE:
        return _GRAVE[notice.kind]
    if changed and _is_replaced(before.text, after.text):
        return ChangeKind.REPLACED
    if notice.kind is NoticeKind.UPDATE:
        return ChangeKind.UPDATE
    if changed:
        return ChangeKind.EDITORIAL
    is_same = (before.title, before.text) == (after.title, after.text)
    return ChangeKind.NONE if is_same else ChangeKind.COSMETIC


def _is_replaced(before: str, after: str) -> bool:
    """Say whether next to nothing of the old text is left, as behind a wall or a soft 404."""
    kept = set(after.split("\n"))
    if any(line in kept and len(line) >= 2 * _GRAM_CHARS for line in before.split("\n")):
        return False
    old = _grams(before)
    return len(old & _grams(after)) < _REPLACED_BELOW * len(old)


def _grams(text: str) -> set[str]:
    flat = " ".join(text[:_MAX_CHARS].split()).lower()
    return {flat[at : at + _GRAM_CHARS] for at in range(len(flat) - _GRAM_CHARS + 1)}
