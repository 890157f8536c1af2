"""`claim-review`: what was found of a claim, as schema.org markup."""

from contextlib import ExitStack

from claims.errors import InvalidInput
from claims.present.claim_review import Publisher, Rating, Speaker, claim_review, script_html
from verifier.management.steps.rows import Row, RowInvalid, Step, wanted


def open_step(_stack: ExitStack, *, size: int) -> Step:  # noqa: ARG001 - the steps' one signature
    """Return the step."""
    return mark_up


def mark_up(row: Row) -> Row:
    """Return the markup of one review, and a fragment of a page that carries it."""
    speaker, appearance = _text(row, "speaker"), _text(row, "appearance_url")
    rating, publisher = _part(row, "rating"), _part(row, "publisher")
    try:
        document = claim_review(
            wanted(row, "claim", str),
            speaker=Speaker(speaker) if speaker else None,
            claim_date=_text(row, "claim_date"),
            appearance_urls=[appearance] if appearance else [],
            rating=Rating(
                _text(rating, "label"),
                _number(rating, "value"),
                _number(rating, "best"),
                _number(rating, "worst"),
            ),
            review_url=_text(row, "review_url"),
            review_date=_text(row, "review_date"),
            publisher=Publisher(_text(publisher, "name"), _text(publisher, "url")),
        )
    except InvalidInput as wrong:
        raise RowInvalid(str(wrong)) from wrong
    return {"jsonld": document, "html": script_html(document)}


def _text(row: Row, name: str) -> str:
    """Return a text; null is the unknown."""
    return "" if row.get(name) is None else wanted(row, name, str).strip()


def _part(row: Row, name: str) -> Row:
    return {} if row.get(name) is None else wanted(row, name, dict)


def _number(row: Row, name: str) -> float | str | None:
    value = row.get(name)
    if value is None or (isinstance(value, (int, float, str)) and not isinstance(value, bool)):
        return value
    raise RowInvalid(f"{name}: a number is wanted")
