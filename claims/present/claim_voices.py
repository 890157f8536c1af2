"""Who says what on one claim: its figures by voice, and how the desk's rules say to write it."""

from collections.abc import Collection, Iterator, Mapping

from claims.models import Origin
from claims.present.claim_page import badge_of
from claims.present.evidence import origin_words, source_words
from claims.present.lines import Line, line_for
from claims.present.range_plot import Said
from claims.present.voices import voices_of
from claims.present.words import label
from claims.queries.dossier import Dossier
from claims.queries.resting import figure_value
from claims.states import CloseReason, Ground, Stance

OWN = "this claim"


def said_in(dossier: Dossier, *, desks: Collection[str]) -> Iterator[Said]:
    """Give the claim's own figures, then those of its evidence by who the information comes from.

    Args:
        dossier: of the claim.
        desks: of the reader.
    """
    for own in dossier.figures:
        yield Said(OWN, figure_value(own))
    told = _told(dossier)
    for row in dossier.evidence:
        if row.withdrawn_at is None:
            named = origin_words(told.get(row.reference) or row.source.publisher, desks=desks)
            for figure in row.figures.all():
                if figure.ended_at is None:
                    who = named or source_words(row.source)
                    yield Said(who, figure_value(figure), Stance(row.stance))


def line_of(dossier: Dossier, *, desks: Collection[str]) -> Line:
    """Return how to write the claim, for a reader of these desks."""
    claim = dossier.claim
    live = [row for row in dossier.evidence if row.withdrawn_at is None]
    return line_for(
        badge_of(claim),
        ground=Ground(claim.ground),
        voices=voices_of(claim, live, told=_told(dossier), desks=desks),
        basis_reason=claim.basis_reason,
        closed=label(CloseReason(claim.close_reason)) if claim.close_reason else "",
    )


def _told(dossier: Dossier) -> Mapping[str, Origin]:
    """Return the first origin on the way from each evidence, by its reference."""
    found = {}
    for item in dossier.opinion.weighed:
        origins = [dossier.origins[name] for name in item.chain if name in dossier.origins]
        if origins:
            found[item.evidence.reference] = origins[0]
    return found
