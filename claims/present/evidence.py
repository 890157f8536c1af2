"""One piece of evidence as its card shows it, from the row and the rules' weighing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from claims.models import Evidence, Origin, Source
from claims.present.grades import CREDIBILITY, RELIABILITY
from claims.present.words import label
from claims.queries.resting import figure_value
from claims.rules import Discount, Weighed
from claims.states import (
    DisputeKind,
    LinkState,
    OriginKind,
    QuoteState,
    SourceKind,
    Stance,
)
from claims.types import FigureValue

CONFIDENTIAL = "a confidential source"
ELSEWHERE = "evidence on a claim you may not see"

_MOST_OF_A_URL = 90

_DISCOUNTS: Mapping[Discount, str] = {
    Discount.NOT_STANDING: "does not count: the quote is not standing",
    Discount.RETRACTED: "does not count: what it rests on was taken back",
    Discount.ORIGIN_UNKNOWN: "does not count: nobody knows who it comes from",
    Discount.COLLECTIVE: "does not count: a collective name is not an origin",
    Discount.CIRCULAR: "does not count: the sources repeat each other in a circle",
    Discount.UNCONFIRMED: "does not count: a confidential source nobody confirmed",
    Discount.UNRELIABLE: "does not count: its origin is graded D or E",
    Discount.IMPROBABLE: "does not count: graded improbable",
}

_GRADES = {grade.sign: f"{grade.sign}, {grade.name}" for grade in (*RELIABILITY, *CREDIBILITY)}


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """What a reader is shown of one piece of evidence; `url` is empty unless http or https."""

    reference: str
    stance: Stance
    stance_words: str
    title: str
    url: str
    address: str
    source_reference: str
    source_kind: SourceKind
    publisher: str
    language: str
    quote: str
    translation: str
    locator: str
    quote_state: QuoteState
    quote_state_since_at: datetime
    found: str
    link_state: LinkState
    link_reason: str
    last_looked_at: datetime | None
    origin: str
    repeats: str
    reliability: str
    credibility: str
    is_primary_record: bool
    counts: bool
    discount: str
    figures: tuple[FigureValue, ...]
    withdrawn_at: datetime | None
    withdrawn_reason: str


def origin_words(origin: Origin | None, *, desks: Collection[str]) -> str:
    """Name an origin to a reader of these desks; a confidential one is unnamed outside its own."""
    if origin is None:
        return ""
    if origin.is_confidential and (origin.desk is None or origin.desk.slug not in desks):
        return CONFIDENTIAL
    return origin.name


def source_words(source: Source) -> str:
    """Name a linked source: its title, else its address, else what it is."""
    return source.title or shown_address(source.url) or label(SourceKind(source.kind))


def page_names(rows: Sequence[Evidence], *, desks: Collection[str]) -> dict[str, str]:
    """Name the linked source of each evidence, by reference: its publisher where that is enough."""
    publishers = {row.reference: origin_words(row.source.publisher, desks=desks) for row in rows}
    sources = {(publishers[row.reference], row.source_id) for row in rows}
    of_publisher = Counter(publisher for publisher, _ in sources)
    return {
        row.reference: _page_name(row, publisher, is_enough=of_publisher[publisher] == 1)
        for row, publisher in zip(rows, publishers.values(), strict=True)
    }


def _page_name(row: Evidence, publisher: str, *, is_enough: bool) -> str:
    title = source_words(row.source)
    if not publisher:
        return title
    return publisher if is_enough else f"{publisher}: {title}"


def web_url(address: str | None) -> str:
    """Return the address where a link to it is safe (http or https), else nothing."""
    return address if address and urlsplit(address).scheme in {"http", "https"} else ""


def shown_address(address: str | None) -> str:
    """Return an address to read: host and path, cut in the middle of nowhere but at its end."""
    if not address:
        return ""
    parts = urlsplit(address)
    words = f"{parts.netloc}{parts.path}{'?' + parts.query if parts.query else ''}".rstrip("/")
    return words if len(words) <= _MOST_OF_A_URL else words[: _MOST_OF_A_URL - 1] + "…"


def card_of(
    row: Evidence,
    *,
    weighed: Weighed | None,
    desks: Collection[str],
    pages: Mapping[str, str],
) -> EvidenceCard:
    """Return the card of one piece of evidence.

    Args:
        row: with source, its watch and publisher, origins, relayed evidence and figures fetched.
        weighed: what the rules made of it; None where it was withdrawn.
        desks: of the reader.
        pages: names of the evidence the reader may see, by reference.
    """
    source, watch = row.source, getattr(row.source, "watch", None)
    state = QuoteState(row.quote_state)
    return EvidenceCard(
        reference=row.reference,
        stance=Stance(row.stance),
        stance_words=_stance_words(row),
        title=source_words(source),
        url=web_url(source.url),
        address=shown_address(source.url),
        source_reference=source.reference,
        source_kind=SourceKind(source.kind),
        publisher=origin_words(source.publisher, desks=desks),
        language=row.language,
        quote=row.quote,
        translation=row.translation,
        locator=row.locator,
        quote_state=state,
        quote_state_since_at=row.quote_state_since_at,
        found=row.quote_found if state in {QuoteState.ALTERED, QuoteState.MISSING} else "",
        link_state=LinkState(source.link_state),
        link_reason=source.link_reason,
        last_looked_at=watch.last_looked_at if watch else None,
        origin=origin_words(row.origin, desks=desks),
        repeats=_repeats(row, desks=desks, pages=pages),
        reliability=_reliability(row.origin),
        credibility=_GRADES[str(row.credibility)],
        is_primary_record=row.is_primary_record,
        counts=bool(weighed and weighed.counts),
        discount=_DISCOUNTS.get(weighed.discount, "") if weighed and weighed.discount else "",
        figures=tuple(figure_value(figure) for figure in row.figures.all() if not figure.ended_at),
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


def _stance_words(row: Evidence) -> str:
    words = label(Stance(row.stance))
    return f"{words}: {label(DisputeKind(row.dispute_kind))}" if row.dispute_kind else words


def _repeats(row: Evidence, *, desks: Collection[str], pages: Mapping[str, str]) -> str:
    if row.relays_evidence is not None:
        return pages.get(row.relays_evidence.reference, ELSEWHERE)
    return origin_words(row.relays_origin, desks=desks)


def _reliability(origin: Origin | None) -> str:
    if origin is None:
        return ""
    kind = OriginKind(origin.kind)
    collective = f"{label(kind)}, " if kind is OriginKind.COLLECTIVE else ""
    return f"{collective}reliability {_GRADES[origin.reliability]}"
