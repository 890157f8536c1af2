"""schema.org ClaimReview: what a desk found of one claim, as search engines and archives read it.

Only what is known is said: a value nobody gave makes no node. A speaker who may be a person or an
organisation is a Thing, the one type that says no more than that.

Source:
    https://schema.org/ClaimReview, version 30.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.errors import InvalidInput
from claims.present.words import label, status_words
from claims.states import ClaimKind, ClaimStatus, Ground, OriginKind
from claims.text.addresses import read_url
from claims.text.addresses.faults import UrlRefused

Node = dict[str, Any]

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_ONLY_REPORTED = re.compile(rf"{ClaimStatus.REPORTED}\W*($|:)", re.IGNORECASE)
_KINDS = {OriginKind.PERSON: "Person", None: "Thing"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who made the claim; `kind` is None where nobody knows what they are."""

    name: str
    kind: OriginKind | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What was found: in words, and on a scale where the desk has one."""

    label: str = ""
    value: float | str | None = None
    best: float | str | None = None
    worst: float | str | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation that answers for the review."""

    name: str = ""
    url: str = ""


def claim_review(
    claim: str,
    *,
    rating: Rating,
    speaker: Speaker | None = None,
    claim_date: str = "",
    appearance_urls: Sequence[str] = (),
    review_url: str = "",
    review_date: str = "",
    publisher: Publisher | None = None,
) -> Node:
    """Return a ClaimReview as JSON-LD.

    Args:
        claim: the statement reviewed.
        rating: what was found; its numbers are told as given.
        speaker: who made the claim.
        claim_date: when they did, ISO 8601.
        appearance_urls: where it was made.
        review_url: the page that reviews it.
        review_date: when that was published, ISO 8601.
        publisher: who answers for the review.

    Raises:
        InvalidInput: a value cannot be told, or the claim is merely reported: nobody reviewed it.
    """
    if not claim.strip():
        raise InvalidInput("claim", "is empty.")
    by = _node("Organization", **_publisher(publisher or Publisher()))
    appearances = [_page(url) for url in appearance_urls]
    return {"@context": "https://schema.org"} | _node(
        "ClaimReview",
        claimReviewed=claim,
        itemReviewed=_node(
            "Claim",
            author=speaker and _node(_KINDS.get(speaker.kind, "Organization"), name=speaker.name),
            datePublished=_date("claim_date", claim_date),
            appearance=appearances[0] if len(appearances) == 1 else appearances,
        ),
        reviewRating=_rating(rating),
        url=_address("review_url", review_url),
        datePublished=_date("review_date", review_date),
        author=by,
        publisher=by,
    )


def rating_of(status: ClaimStatus, ground: Ground, *, kind: ClaimKind) -> Rating:
    """Return what a desk's own decision is called: in words, on no scale.

    "False" is said of a fact shown false, and of nothing else.
    """
    if ground is Ground.SHOWN_FALSE and kind is ClaimKind.FACT:
        return Rating("False")
    found = status_words(status, kind=kind).capitalize()
    return Rating(f"{found}: {label(ground)}")


def script_text(document: Node) -> str:
    """Return a document as JSON text that no text in it can break out of a script element.

    `<`, `>` and `&` stand as JSON escapes, and so does everything that is not ASCII.
    """
    return json.dumps(document, allow_nan=False).translate(_ESCAPED)


def script_html(document: Node) -> str:
    """Return the script element that carries a document."""
    return f'<script type="application/ld+json">{script_text(document)}</script>'


def is_web_address(text: str) -> bool:
    """Return whether a text is the address of a web page, which a reader may follow."""
    try:
        read_url(text)
    except UrlRefused:
        return False
    return True


def _node(kind: str, **values: object) -> Node:
    """Return a node with what is known; an empty one, which is then left out, where nothing is."""
    known = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return {"@type": kind} | known if known else {}


def _publisher(publisher: Publisher) -> dict[str, str]:
    return {"name": publisher.name.strip(), "url": _address("publisher.url", publisher.url)}


def _page(url: str) -> Node:
    return _node("CreativeWork", url=_address("appearance_url", url))


def _rating(rating: Rating) -> Node:
    if _ONLY_REPORTED.match(rating.label.strip()):
        raise InvalidInput("rating", "a claim that is merely reported has no review.")
    return _node(
        "Rating",
        ratingValue=_number("rating.value", rating.value),
        bestRating=_number("rating.best", rating.best),
        worstRating=_number("rating.worst", rating.worst),
        alternateName=rating.label.strip(),
    )


def _number(field: str, value: float | str | None) -> float | str | None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInput(field, "is no number.")
    return value.strip() if isinstance(value, str) else value


def _date(field: str, text: str) -> str:
    """Return an ISO 8601 date, time, month or year as it was given."""
    told = text.strip()
    if told and not _YEAR_OR_MONTH.fullmatch(told):
        try:
            datetime.fromisoformat(told)
        except ValueError:
            raise InvalidInput(field, "must be a date like 2024-10-18.") from None
    return told


def _address(field: str, url: str) -> str:
    """Return the address of a web page as it was given."""
    told = url.strip()
    if told and not is_web_address(told):
        raise InvalidInput(field, "must be a web address, http or https.")
    return told
