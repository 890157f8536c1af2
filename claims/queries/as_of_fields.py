"""Which column each field of an entry's `sets` stands for, and how its value is written there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Model

from claims.models import Article, Claim, Evidence, Figure, Origin, Proposal, Review, Source, Use
from claims.models.chain import microseconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REDACTED = "[redacted]"
"""What stands in place of a text that was removed."""


class Form(StrEnum):
    """How a value stands in an entry."""

    PLAIN = "plain"
    WORD = "word"  # null where the column is empty
    TEXT = "text"
    TIME = "time"
    DAY = "day"
    NAMED = "named"  # the row another column points to, by what names it


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry: the column it stands for, and in what form.

    `by` is what names the row a column points to.
    """

    column: str
    form: Form = Form.PLAIN
    by: str = "reference"

    @property
    def path(self) -> str:
        """How the value is asked of the table."""
        return f"{self.column}__{self.by}" if self.form is Form.NAMED else self.column

    def entered(self, value: Any) -> Any:
        """Return a value of the table as an entry would have it; of a text, the text."""
        match value:
            case datetime():
                return microseconds(value)
            case date():
                return value.isoformat()
            case "" | None:
                return None
            case _:
                return value

    def told(self, value: Any, text: Callable[[str], str]) -> Any:
        """Return an entry's value as the column has it, texts by their commitments."""
        match self.form:
            case Form.TEXT:
                return text(value) if value else ""
            case Form.TIME:
                return None if value is None else moment(value)
            case Form.DAY:
                return None if value is None else date.fromisoformat(value)
            case Form.WORD:
                return value or ""
            case _:
                return value


def moment(microseconds_since: int) -> datetime:
    """Return the time an entry gives as microseconds."""
    return _EPOCH + timedelta(microseconds=microseconds_since)


def _plain(*names: str) -> dict[str, Field]:
    return {name: Field(name) for name in names}


def _of(form: Form, *names: str) -> dict[str, Field]:
    return {name: Field(name, form) for name in names}


CLAIM: Mapping[str, Field] = {
    **_plain("kind", "language", "topic", "priority", "visibility", "status", "ground", "basis"),
    **_plain("independent_origins", "open_flags"),
    **_of(Form.TEXT, "statement", "claimant_text", "basis_reason"),
    **_of(Form.TIME, "status_since_at", "basis_since_at", "decided_at", "closed_at", "created_at"),
    **_of(Form.DAY, "as_of_on", "expected_by_on", "review_by_on"),
    **_of(Form.WORD, "close_reason"),
    **_of(Form.NAMED, "claimant", "replaced_by"),
    "desk": Field("desk", Form.NAMED, by="slug"),
}
EVIDENCE: Mapping[str, Field] = {
    **_plain("stance", "language", "credibility", "is_primary_record", "quote_state"),
    **_of(Form.TEXT, "quote", "prefix", "suffix", "translation", "locator", "attested_note"),
    **_of(Form.TIME, "quote_state_since_at", "withdrawn_at", "created_at"),
    **_of(Form.DAY, "attested_on"),
    **_of(Form.WORD, "dispute_kind"),
    **_of(Form.NAMED, "claim", "source", "origin", "relays_origin", "relays_evidence"),
    **_of(Form.NAMED, "attested_by"),
    "found": Field("quote_found", Form.TEXT),
    "reason": Field("withdrawn_reason", Form.TEXT),
}
SOURCE: Mapping[str, Field] = {
    **_plain("kind", "is_fetched", "is_expected_to_change", "link_state"),
    **_of(Form.TEXT, "url", "given_url", "title", "link_reason"),
    **_of(Form.TIME, "link_state_since_at", "created_at"),
    **_of(Form.NAMED, "publisher", "merged_into"),
}
ORIGIN: Mapping[str, Field] = {
    **_plain("kind", "reliability", "is_confidential"),
    **_of(Form.TEXT, "name", "note"),
    **_of(Form.TIME, "identity_confirmed_at"),
    **_of(Form.NAMED, "part_of"),
    "desk": Field("desk", Form.NAMED, by="slug"),
}
REVIEW: Mapping[str, Field] = {
    **_of(Form.TEXT, "reason"),
    **_of(Form.TIME, "opened_at", "due_at", "ended_at"),
    **_of(Form.WORD, "outcome"),
    **_of(Form.NAMED, "claim", "assignee"),
}
PROPOSAL: Mapping[str, Field] = {
    **_plain("kind", "state", "version"),
    **_of(Form.TEXT, "rationale"),
    **_of(Form.TIME, "proposed_at", "ended_at"),
    **_of(Form.WORD, "ground"),
    **_of(Form.NAMED, "claim", "proposed_by"),
    "to": Field("to_status", Form.WORD),
    "reason": Field("void_reason", Form.TEXT),
}
ARTICLE: Mapping[str, Field] = {
    **_plain("language", "is_ours"),
    **_of(Form.TEXT, "title", "text", "url", "external_id"),
    **_of(Form.TIME, "published_at", "corrected_at", "created_at"),
    "desk": Field("desk", Form.NAMED, by="slug"),
}
USE: Mapping[str, Field] = {
    **_plain("relied_seq", "relied_status", "relied_basis"),
    **_of(Form.TEXT, "words", "due_reason", "answer_url", "answer_note"),
    **_of(Form.TIME, "recorded_at", "ended_at", "due_since_at", "answered_at"),
    **_of(Form.WORD, "answer"),
    **_of(Form.NAMED, "article", "claim"),
}

FIELDS: Mapping[type[Model], Mapping[str, Field]] = {
    Claim: CLAIM,
    Evidence: EVIDENCE,
    Source: SOURCE,
    Origin: ORIGIN,
    Review: REVIEW,
    Proposal: PROPOSAL,
    Article: ARTICLE,
    Use: USE,
}


def figures_told(text: str) -> list[Figure]:
    """Return the figures of the text an entry commits to, as rows that are not saved.

    None where the text is empty, or was removed.
    """
    if not text or text == REDACTED:
        return []
    return [_figure(values) for values in json.loads(text)]


def _figure(values: Mapping[str, Any]) -> Figure:
    figure = Figure(**values)
    figure.clean_fields(exclude=["claim", "evidence"])
    return figure
