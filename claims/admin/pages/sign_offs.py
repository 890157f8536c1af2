"""Several proposals on one page: a tick a row, one save, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from claims.admin.actors import actor_in
from claims.admin.forms.sign_off import Signed, SignOffMany
from claims.admin.keys import Bindings
from claims.admin.proposed import FieldChange, proposed_edits
from claims.admin.queue_lines import SignOffRow, sign_off_row
from claims.admin.second_step import asks_code, note_code
from claims.admin.site import desk, show
from claims.errors import InvalidInput
from claims.present.evidence import EvidenceCard, card_of, page_names
from claims.present.words import counted
from claims.queries.desks import desks_of
from claims.queries.sign_off import (
    WaitingPage,
    WaitingProposal,
    own_proposals,
    proposals_to_sign,
)
from claims.states import FlagKind
from claims.types import Actor

KEYS: Bindings = (
    (("g",), "tick the proposal"),
    (("j", "k"), "next proposal, proposal before"),
    (("Space",), "tick or untick where you are"),
    (("o",), "read it whole"),
    (("Ctrl", "Enter"), "sign off what is ticked"),
    (("?",), "this list"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal of the list; `value` binds its tick to what is shown."""

    words: SignOffRow
    value: str
    edits: tuple[FieldChange, ...]
    evidence: tuple[EvidenceCard, ...]
    flags: tuple[FlagKind, ...]
    is_ticked: bool


@desk.page("sign-off/", name="claims_sign_offs")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_many(request: HttpRequest) -> HttpResponse:
    """List what this person may sign off, and sign off the ticked rows."""
    actor, asks = actor_in(request), asks_code(request)
    if request.method != "POST":
        return _list(request, SignOffMany(actor=actor, asks_code=asks))
    form = SignOffMany(request.POST, actor=actor, asks_code=asks)
    if not form.is_valid():
        return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        results = form.sign()
    except InvalidInput as error:
        return _list(request, form, status=form.refuse(error))
    if form.gave_code:
        note_code(request)
    fresh = SignOffMany(actor=actor, asks_code=asks_code(request))
    is_any_refused = any(result.refusal for result in results)
    status = HTTPStatus.CONFLICT if is_any_refused else HTTPStatus.OK
    return _list(request, fresh, results=results, status=status)


def _list(
    request: HttpRequest,
    form: SignOffMany,
    *,
    results: Sequence[Signed] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor = actor_in(request)
    page = proposals_to_sign(actor, after=request.GET.get("after", ""))
    signed = [result for result in results if not result.refusal]
    context: dict[str, object] = {
        "title": "Sign off",
        "rows": _rows(actor, page, form),
        "own": [sign_off_row(row, actor) for row in own_proposals(actor)],
        "after": page.after,
        "is_first": not request.GET.get("after"),
        "form": form,
        "results": results,
        "signed": counted(len(signed), one="proposal") if results else "",
        "fell_out": [result for result in results if result.refusal],
        "bindings": KEYS,
    }
    return show(request, "admin/desk/sign_offs.html", context, status=status)


def _rows(actor: Actor, page: WaitingPage, form: SignOffMany) -> list[Row]:
    desks = desks_of(actor)
    shown = [row for item in page.rows for row in item.evidence]
    names = page_names([*shown, *page.relayed], desks=desks)
    edits = proposed_edits([item.proposal for item in page.rows], desks=desks)
    rows = []
    for item in page.rows:
        proposal = item.proposal
        value = f"{proposal.reference}:{proposal.version}:{proposal.claim.revision}"
        row = Row(
            words=sign_off_row(proposal, actor),
            value=value,
            edits=edits.get(proposal.reference, ()),
            evidence=tuple(_cards(item, desks=desks, names=names)),
            flags=tuple(dict.fromkeys(FlagKind(flag.kind) for flag in item.flags)),
            is_ticked=value in form.ticked,
        )
        rows.append(row)
    return rows


def _cards(
    item: WaitingProposal, *, desks: frozenset[str], names: dict[str, str]
) -> list[EvidenceCard]:
    weighed = {found.evidence.reference: found for found in item.opinion.weighed}
    return [
        card_of(row, weighed=weighed.get(row.reference), desks=desks, pages=names)
        for row in item.evidence
    ]
