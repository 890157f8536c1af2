"""`assess-revision`: what does a new text of a page mean for the quotes that rest on it?"""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from claims.states import QuoteState
from claims.types import PageText, QuoteFinding, QuoteToFind
from verifier.management.steps.rows import Row, RowInvalid, Step, utf8, wanted
from verifier.pages import SharedPages
from verifier.types import AssessedPage, RawPage


def open_step(stack: ExitStack, *, size: int) -> Step:
    """Return the step, with its children."""
    return partial(assess_revision, pages=stack.enter_context(SharedPages(size=size)))


def assess_revision(row: Row, *, pages: SharedPages) -> Row:
    """Say what the second of two looks means; the first finds the quotes, as in the watch."""
    qids = [quote.get("qid") for quote in _quotes(row)]
    first = _look(row, "before", pages=pages, before=None, quotes=_to_find(row, found=()))
    quotes = _to_find(row, found=first.assessment.quotes)
    now = _look(row, "after", pages=pages, before=first.page, quotes=quotes).assessment
    return {
        "changed": now.changed,
        "significant": now.significant,
        "notice": {"kind": now.notice.kind.value, "text": now.notice.text},
        "quotes": [
            {
                "qid": qids[finding.evidence_id],
                "state": finding.state.value,
                "found": finding.found,
                "score": round(finding.score_0_1, 4),
            }
            for finding in now.quotes
        ],
    }


def _look(
    row: Row,
    name: str,
    *,
    pages: SharedPages,
    before: PageText | None,
    quotes: Sequence[QuoteToFind],
) -> AssessedPage:
    url = wanted(row, "url", str, default="")
    page = RawPage(utf8(wanted(row, name, str)), url, charset="utf-8")
    return pages.assess(page, before=before, quotes=quotes)


def _quotes(row: Row) -> Sequence[Row]:
    quotes = wanted(row, "quotes", list, default=[])
    if not all(isinstance(quote, dict) for quote in quotes):
        raise RowInvalid("quotes: a list of objects is wanted")
    return quotes


def _to_find(row: Row, *, found: Sequence[QuoteFinding]) -> Sequence[QuoteToFind]:
    was = {finding.evidence_id: finding.state for finding in found}
    return [
        QuoteToFind(
            place, exact=wanted(quote, "text", str), was=was.get(place, QuoteState.UNCHECKED)
        )
        for place, quote in enumerate(_quotes(row))
    ]
