"""A claim and an article as they stood after an entry: the same objects, out of folded entries."""

from collections.abc import Iterable
from typing import Any

from claims.access import visible_to
from claims.api.shapes.entries import moment
from claims.api.shapes.parts import CONFIDENTIAL, Asked
from claims.models import Appearance, Article, Claim, Figure, Proposal
from claims.queries.as_of import ArticleAsOf
from claims.queries.dossier import Dossier

Told = dict[str, Any]


def past_claim(dossier: Dossier, asked: Asked) -> Told:
    """Return a claim as `claim_shape` has it; what makes no entry (looks, revisions) is null."""
    claim = dossier.claim
    live = [row for row in dossier.evidence if row.withdrawn_at is None]
    parts = [link.claim.reference for link in dossier.linked_from if link.is_split_off]
    return {
        "reference": claim.reference,
        "url": f"{asked.base}claims/{claim.reference}/",
        "desk": claim.desk.slug,
        "statement": claim.statement,
        "language": claim.language,
        "kind": claim.kind,
        "topic": claim.topic or None,
        "claimant": _claimant(claim, asked),
        "status": claim.status,
        "status_since_at": moment(claim.status_since_at),
        "ground": claim.ground,
        "basis": {
            "state": claim.basis,
            "since_at": moment(claim.basis_since_at),
            "reason": claim.basis_reason,
            "independent_origins": claim.independent_origins,
            "oldest_last_look_at": None,
        },
        "figures": [_figure(figure) for figure in dossier.figures],
        **{name: _day(claim, name) for name in ("as_of_on", "expected_by_on", "review_by_on")},
        "visibility": claim.visibility,
        "closed": _closed(claim),
        "replaced_by": _replacement(claim, asked),
        "split_into": parts,
        "related": [{"kind": link.kind, "claim": link.other.reference} for link in dossier.links],
        "revision": None,
        "pending_proposal": _proposal(dossier.proposal),
        "open_flags": len(dossier.flags),
        "evidence_count": len(live),
        "opened_at": moment(claim.created_at),
        "links": {
            "history": f"{asked.base}claims/{claim.reference}/history/",
            "evidence": f"{asked.base}evidence/?claim={claim.reference}",
        },
    }


def past_article(found: ArticleAsOf, asked: Asked) -> Told:
    """Return an article as `whole_article_shape` has it."""
    article = found.article
    return {
        **_article(article, asked),
        "claims_count": len({place.claim.reference for place in found.appearances}),
        "added_at": moment(article.created_at),
        "links": {"claims": f"{asked.base}claims/?article={article.reference}"},
        "text": article.text,
        "appearances": list(_places(found.appearances, asked)),
    }


def _article(article: Article, asked: Asked) -> Told:
    return {
        "reference": article.reference,
        "url": f"{asked.base}articles/{article.reference}/",
        "desk": article.desk.slug,
        "title": article.title,
        "language": article.language or None,
        "page_url": article.url or None,
        "external_id": article.external_id or None,
        "is_ours": article.is_ours,
        "published_at": article.published_at and moment(article.published_at),
        "corrected_at": article.corrected_at and moment(article.corrected_at),
    }


def _places(places: Iterable[Appearance], asked: Asked) -> Iterable[Told]:
    for place in places:
        claim = place.claim
        words = ("statement", "kind", "status", "ground", "basis")
        yield {
            **{name: getattr(place, name) for name in ("start", "end", "quote")},
            "cue": place.cue or None,
            "hedges": place.hedges,
            "claim": {
                "reference": claim.reference,
                "url": f"{asked.base}claims/{claim.reference}/",
                **{name: getattr(claim, name) for name in words},
            },
        }


def _claimant(claim: Claim, asked: Asked) -> Told | None:
    origin, words = claim.claimant, claim.claimant_text or None
    if origin is None:
        return {"reference": None, "name": None, "text": words} if words else None
    own = origin.desk is not None and origin.desk.slug in asked.desks
    if origin.is_confidential and not own:
        return {"reference": None, "name": CONFIDENTIAL, "text": None}
    return {"reference": origin.reference, "name": origin.name, "text": words}


def _figure(figure: Figure) -> Told:
    named = ("unit", "qualifier", "scope")
    return {
        "value": f"{figure.value.normalize():f}",
        "value_high": None if figure.value_high is None else f"{figure.value_high.normalize():f}",
        **{name: getattr(figure, name) for name in named},
        "as_of_on": _day(figure, "as_of_on"),
        "text": figure.text,
    }


def _day(row: Claim | Figure, name: str) -> str | None:
    value = getattr(row, name)
    return None if value is None else value.isoformat()


def _closed(claim: Claim) -> Told | None:
    if claim.closed_at is None:
        return None
    return {"at": moment(claim.closed_at), "reason": claim.close_reason}


def _replacement(claim: Claim, asked: Asked) -> str | None:
    """Return what then stood for it, one step on, where its reader may see that now."""
    if claim.replaced_by is None:
        return None
    seen = visible_to(asked.actor).filter(reference=claim.replaced_by.reference)
    return seen.values_list("reference", flat=True).first()


def _proposal(proposal: Proposal | None) -> Told | None:
    if proposal is None:
        return None
    return {
        "reference": proposal.reference,
        "kind": proposal.kind,
        "to_status": proposal.to_status or None,
        "ground": proposal.ground or None,
        "proposed_at": moment(proposal.proposed_at),
    }
