"""One claim: what it says, on what it rests, and all that happened to it; now or in the past."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from claims.errors import NotFound
from claims.present.as_of import banner_of
from claims.present.claim_page import claim_page
from claims.present.claim_voices import line_of, said_in
from claims.present.evidence import page_names
from claims.present.range_plot import range_plots
from claims.present.strips import Strips, strips_of
from claims.present.timeline import timeline_of
from claims.present.uses import use_lines
from claims.queries.as_of import moment_of, read_dossier_as_of
from claims.queries.desks import desks_of
from claims.queries.dossier import Dossier, read_claim, read_dossier
from claims.queries.source_runs import newest_runs
from claims.queries.status_steps import status_steps
from claims.queries.uses import uses_of_claim
from claims.states import ClaimKind
from claims.types import Actor
from claims.web.door import read_page
from claims.web.past import asked_seq, not_yet, whole_number

PAGE_OF_HISTORY = 50


@read_page
def claim(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show one claim with evidence, origin chain, figures, status timeline and history."""
    before, seq = whole_number(request, "before"), asked_seq(request)
    if seq is None:
        dossier = read_dossier(actor, reference, before=before, entries=PAGE_OF_HISTORY)
        shown = {**_shown(actor, dossier), "looks": _looks(actor, dossier)}
        shown["uses"] = use_lines(uses_of_claim(actor, dossier.claim))
        return render(request, "web/claim.html", shown)
    try:
        dossier = read_dossier_as_of(
            actor, reference, seq=seq, before=before, entries=PAGE_OF_HISTORY
        )
    except NotFound:
        found = read_claim(actor, reference)
        return not_yet(request, what="claim", reference=found.reference, seq=seq)
    # rows of the past have no watch; asked once here, it is not asked for each of them
    prefetch_related_objects([row.source for row in dossier.evidence], "watch")
    return render(request, "web/claim.html", _shown(actor, dossier, seq=seq))


def _shown(actor: Actor, dossier: Dossier, *, seq: int = 0) -> Mapping[str, object]:
    """Return what the page shows; after entry `seq`, or now."""
    claim, desks = dossier.claim, desks_of(actor)
    moment = moment_of(actor, seq=seq, claims=[claim.reference]) if seq else None
    page = claim_page(dossier, desks=desks)
    return {
        "page": replace(page, basis=replace(page.basis, is_past=True)) if moment else page,
        "as_of": banner_of(moment, about=[claim.reference]) if moment else None,
        "line": line_of(dossier, desks=desks),
        "here": reverse("web:claim", args=[claim.reference]),
        "timeline": timeline_of(
            status_steps(claim.reference, upto=seq),
            kind=ClaimKind(claim.kind),
            desks=desks,
            until_at=moment.at if moment else timezone.now(),
        ),
        "plots": range_plots(said_in(dossier, desks=desks)),
        "older_history_url": _older(dossier, seq=seq),
    }


def _looks(actor: Actor, dossier: Dossier) -> Strips:
    names = page_names(dossier.evidence, desks=desks_of(actor))
    runs = newest_runs(row.source_id for row in dossier.evidence if row.withdrawn_at is None)
    return strips_of(dossier.evidence, runs=runs, names=names)


def _older(dossier: Dossier, *, seq: int) -> str:
    entries = dossier.history
    if len(entries) < PAGE_OF_HISTORY:
        return ""
    kept = f"seq={seq}&" if seq else ""
    return f"?{kept}before={entries[-1].seq}#history-head"
