"""One article as its page shows it: the text with its claims marked, and a note for each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.models import Appearance, Article, Evidence
from claims.present.badges import Badge
from claims.present.claim_page import badge_of, claimant_words
from claims.present.evidence import origin_words, source_words, web_url
from claims.present.lines import HANDLINGS, Handling, Line, line_for, warning_for
from claims.present.pending import pending_words
from claims.present.segments import ClaimMark, MarkedText, mark_text
from claims.present.sightings import Sighting, freshest_words, past_sighting_of, sighting_of
from claims.present.voices import told_by, voices_of
from claims.present.words import label
from claims.states import (
    Basis,
    ClaimKind,
    ClaimStatus,
    CloseReason,
    Ground,
    QuoteState,
    Stance,
)
from claims.text.strength import is_flat, strong_words

Tally = tuple[tuple[Badge, int], ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One piece of evidence in a note, and how fresh it is."""

    name: str
    url: str
    stance: Stance
    quote_state: QuoteState
    sighting: Sighting


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the margin for one claim; `warning` where the article says too much."""

    number: int
    reference: str
    badge: Badge
    line: Line
    warning: str
    statement: str
    claimant: str
    cue: str
    hedges: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    freshness: Sighting
    linked: int
    origins: int
    pending: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of the three ways to handle a claim, with the claims it holds for."""

    handling: Handling
    sign: str
    name: str
    meaning: str
    notes: tuple[Note, ...]

    @property
    def warned(self) -> int:
        """How many of them the article puts too strongly."""
        return sum(bool(note.warning) for note in self.notes)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article, its claims, and those whose place in it is lost."""

    reference: str
    title: str
    url: str
    language: str
    published_at: datetime | None
    corrected_at: datetime | None
    claims: int
    tally: Tally
    in_question: int
    ways: tuple[Way, ...]
    marked: MarkedText
    notes: tuple[Note, ...]
    lost: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom a page is made: the desks they work at, and whether they look at the past."""

    desks: Collection[str]
    is_past: bool


def article_page(
    found: Article,
    appearances: Sequence[Appearance],
    *,
    evidence: Mapping[str, Sequence[Evidence]],
    desks: Collection[str],
    is_past: bool = False,
) -> ArticlePage:
    """Return the page of an article.

    Args:
        found: the article.
        appearances: of the claims the reader may see, in the text's order, claims fetched.
        evidence: what is not withdrawn, by claim reference.
        desks: of the reader.
        is_past: how it stood: of looks, which make no entry, nothing is told.
    """
    reader = _Reader(desks, is_past=is_past)
    spans = _spans(found, appearances)
    claims = {row.claim.reference: row for row in reversed(appearances)}
    order = sorted(claims.values(), key=lambda row: (row.start, row.end, row.claim.reference))
    notes = [
        _note(n, row, text=found.text, evidence=evidence.get(row.claim.reference, ()), to=reader)
        for n, row in enumerate(order, start=1)
    ]
    marks = [
        ClaimMark(
            note.number,
            note.reference,
            note.badge,
            spans[note.reference],
            signs=note.line.signs(note.warning),
            hint=f"{note.line.name}: {note.line.why or note.line.how} {note.warning}".strip(),
        )
        for note in notes
    ]
    marked = mark_text(found.text, marks=marks)
    lost = {mark.number for mark in marked.unplaced}
    placed = tuple(note for note in notes if note.number not in lost)
    badges = [note.badge for note in notes]
    return ArticlePage(
        reference=found.reference,
        title=found.title,
        url=web_url(found.url),
        language=found.language,
        published_at=found.published_at,
        corrected_at=found.corrected_at,
        claims=len(notes),
        tally=tally_of({s: sum(badge.status is s for badge in badges) for s in ClaimStatus}),
        in_question=sum(badge.basis is not Basis.HOLDS for badge in badges),
        ways=tuple(_way(handling, placed) for handling in Handling),
        marked=marked,
        notes=placed,
        lost=tuple(note for note in notes if note.number in lost),
    )


def tally_of(numbers: Mapping[ClaimStatus, int]) -> Tally:
    """Return how many claims there are of each status, corroborated first."""
    order = (ClaimStatus.CORROBORATED, ClaimStatus.REPORTED, ClaimStatus.DISPUTED)
    return tuple((Badge(status), numbers.get(status, 0)) for status in order)


def _spans(
    found: Article, appearances: Sequence[Appearance]
) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Return each claim's spans; those whose words the text no longer has are left out."""
    spans: dict[str, tuple[tuple[int, int], ...]]
    spans = {row.claim.reference: () for row in appearances}
    for row in appearances:
        if found.text[row.start : row.end] == row.quote:
            spans[row.claim.reference] += ((row.start, row.end),)
    return spans


def _way(handling: Handling, notes: Sequence[Note]) -> Way:
    sign, name, meaning = HANDLINGS[handling]
    held = tuple(note for note in notes if note.line.handling is handling)
    return Way(handling, sign, name, meaning, held)


def _note(
    number: int,
    row: Appearance,
    *,
    text: str,
    evidence: Sequence[Evidence],
    to: _Reader,
) -> Note:
    claim, desks = row.claim, to.desks
    badge = badge_of(claim)
    voices = voices_of(claim, evidence, told=told_by(evidence), desks=desks)
    sources = tuple(_source_line(item, to=to) for item in evidence)
    replaced_by = claim.replaced_by
    return Note(
        number=number,
        reference=claim.reference,
        badge=badge,
        line=line_for(
            badge,
            ground=Ground(claim.ground),
            voices=voices,
            basis_reason=claim.basis_reason,
            closed=label(CloseReason(claim.close_reason)) if claim.close_reason else "",
        ),
        warning=warning_for(
            badge,
            strong=strong_words(text, start=row.start, end=row.end),
            is_flat=not row.cue and not row.hedges and is_flat(text, start=row.start, end=row.end),
        ),
        statement=claim.statement,
        claimant=claimant_words(claim, desks=desks),
        cue=row.cue,
        hedges=tuple(row.hedges),
        sources=sources,
        freshness=freshest_words([line.sighting for line in sources]),
        linked=len({item.source_id for item in evidence}),
        origins=claim.independent_origins,
        pending=pending_words(getattr(row, "pending", None), kind=ClaimKind(claim.kind)),
        replaced_by=replaced_by.reference if replaced_by else "",
    )


def _source_line(row: Evidence, *, to: _Reader) -> SourceLine:
    publisher = origin_words(row.source.publisher, desks=to.desks)
    return SourceLine(
        name=publisher or source_words(row.source),
        url=web_url(row.source.url),
        stance=Stance(row.stance),
        quote_state=QuoteState(row.quote_state),
        sighting=past_sighting_of(row) if to.is_past else sighting_of(row),
    )
