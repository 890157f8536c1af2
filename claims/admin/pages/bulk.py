"""One act on many claims: chosen in a list, asked for, shown as it would be, then carried out."""

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from claims.access import visible_to
from claims.admin.actors import actor_in, works_at
from claims.admin.claim_lists import claims_listed
from claims.admin.forms.bulk import FORMS, BulkForm
from claims.admin.meanwhile import changes_since, seq_in
from claims.admin.queue_lines import ClaimRow, claim_row
from claims.admin.site import desk, show
from claims.admin.undoing import way_back
from claims.errors import InvalidInput, NotAllowed
from claims.models import Claim, Membership, User
from claims.present.history import HistoryLine
from claims.present.words import counted
from claims.queries.ledger import head_seq
from claims.services.bulk import MOST_AT_ONCE, Act, Chosen, Fate, Result, carry_out, rehearse
from claims.states import ClaimKind, Role
from claims.types import Actor

ROW = re.compile(r"(ST-[0-9A-Z]{6}):([0-9]{1,9})")
EXPORTS = {"export_csv": "csv", "export_json": "json"}
"""What else may be done with chosen claims: take them along as a file."""

STEPS = {
    Act.LOWER: "lower",
    Act.DISPUTE: "dispute",
    Act.CORROBORATE: "corroborate",
    Act.CLOSE: "close",
    Act.SHOW_TO: "visibility",
}
"""The step of a claim's own page that does the same."""

FATE_WORDS = {
    Fate.DONE: "done",
    Fate.DONE_BEFORE: "nothing to do",
    Fate.OVERTAKEN: "changed meanwhile",
    Fate.REFUSED: "not possible",
}


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One chosen claim as it stands now, and what became of it or would."""

    row: str
    claim: ClaimRow
    words: str = ""
    fate: Fate | None = None
    meanwhile: tuple[HistoryLine, ...] = ()
    way_back: str = ""

    @property
    def fate_words(self) -> str:
        """Its fate in a word or two."""
        return FATE_WORDS[self.fate] if self.fate else ""


@desk.page("claims/claim/bulk/", name="claims_bulk")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask for what the act needs, show what it would do to each claim, or do it."""
    actor = actor_in(request)
    try:
        chosen, is_cut = _chosen(request)
    except InvalidInput as error:
        return _back(request, capfirst(error.reason))
    if not chosen:
        return _back(request, "Choose at least one claim first.")
    if is_cut:
        messages.warning(request, f"The first {MOST_AT_ONCE}; the rest when these are done.")
    act = request.POST.get("act", "")
    if act in EXPORTS:
        return _exported(chosen, form=EXPORTS[act])
    if act not in FORMS:
        return _back(request, "Choose what to do with them.")
    if not works_at(actor):
        raise NotAllowed("Only fact-checkers and editors work on claims.")
    return _stage(request, FORMS[act], chosen)


def _stage(request: HttpRequest, form_class: type[BulkForm], chosen: list[Chosen]) -> HttpResponse:
    actor = actor_in(request)
    stage = request.POST.get("stage", "")
    needs_input = bool(form_class.base_fields)
    colleagues = _colleagues(actor, chosen) if needs_input else []
    is_filled = stage in {"look", "do", "change"} or not needs_input
    form = form_class(request.POST if is_filled else None, colleagues=colleagues)
    if stage == "change" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if stage in {"look", "do"} else HTTPStatus.OK
        return _show(request, form, _rows(actor, chosen), stage="ask", status=status)
    if stage != "do":
        results = rehearse(actor, form.order(), chosen)
        return _show(request, form, _rows(actor, chosen, results), stage="look")
    since = _seq(request)
    results = carry_out(actor, form.order(), chosen, since_seq=since)
    done = _rows(actor, chosen, results, act=form.act, since=since)
    return _show(request, form, done, stage="done")


def _chosen(request: HttpRequest) -> tuple[list[Chosen], bool]:
    """Return what was chosen, each claim once, and whether there was more than goes at once."""
    if request.POST.get("across"):
        listed = claims_listed(request, QueryDict(request.POST.get("query", "")[:2000]))
        pairs = listed.values_list("reference", "revision")[: MOST_AT_ONCE + 1]
        found = [Chosen(reference, revision) for reference, revision in pairs]
    else:
        matches = (ROW.fullmatch(text) for text in request.POST.getlist("row"))
        by_reference = {match[1]: int(match[2]) for match in matches if match}
        found = [Chosen(reference, seen) for reference, seen in by_reference.items()]
    return found[:MOST_AT_ONCE], len(found) > MOST_AT_ONCE


def _seq(request: HttpRequest) -> int:
    return seq_in(request.POST.get("seq", "")) or 0


def _back(request: HttpRequest, words: str) -> HttpResponse:
    """Lead back to the list it came from."""
    messages.warning(request, words)
    if request.POST.get("from") == "queue":
        return redirect("admin:claims_queue")
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return redirect(reverse("admin:claims_claim_changelist") + (f"?{query}" if query else ""))


def _exported(chosen: list[Chosen], *, form: str) -> HttpResponse:
    references = ",".join(one.reference for one in chosen)
    query = urlencode({"form": form, "only": references})
    return redirect(f"{reverse('admin:claims_export')}?{query}")


def _colleagues(actor: Actor, chosen: list[Chosen]) -> list[User]:
    """Return who decides at the desks of the chosen claims, those the person works at."""
    references = [one.reference for one in chosen]
    desks = visible_to(actor).filter(reference__in=references, desk__slug__in=works_at(actor))
    deciding = Membership.objects.filter(
        desk__in=desks.values("desk"),
        ended_at__isnull=True,
        role__in=[Role.FACT_CHECKER, Role.EDITOR],
    )
    people = User.objects.filter(is_active=True, pk__in=deciding.values("user"))
    return list(people.order_by("first_name", "last_name", "username"))


def _rows(
    actor: Actor,
    chosen: list[Chosen],
    results: list[Result] | None = None,
    *,
    act: Act | None = None,
    since: int = 0,
) -> list[BulkRow]:
    """Return the chosen claims in their order; what this person cannot see is left out.

    `act` is what was done to them just now; `since` the last entry they were shown with.
    """
    references = [one.reference for one in chosen]
    found = visible_to(actor).filter(reference__in=references)
    claims = {row.reference: row for row in found.select_related("desk", "claimant__desk")}
    by_reference = {result.reference: result for result in results or ()}
    return [
        _row(actor, one, claims[one.reference], by_reference.get(one.reference), act, since)
        for one in chosen
        if one.reference in claims
    ]


def _row(
    actor: Actor, one: Chosen, claim: Claim, result: Result | None, act: Act | None, since: int
) -> BulkRow:
    row = BulkRow(row=f"{one.reference}:{one.revision}", claim=claim_row(claim, actor))
    if result is None:
        return row
    kind = ClaimKind(claim.kind)
    is_overtaken = result.fate is Fate.OVERTAKEN and since
    is_done = act is not None and result.fate is Fate.DONE
    return replace(
        row,
        words=result.words,
        fate=result.fate,
        meanwhile=changes_since(actor, claim.reference, since, kind=kind) if is_overtaken else (),
        way_back=way_back(actor, claim, step=STEPS.get(act, "")) if act and is_done else "",
    )


def _show(
    request: HttpRequest, form: BulkForm, rows: list[BulkRow], *, stage: str, status: int = 200
) -> HttpResponse:
    able = [row for row in rows if row.fate is Fate.DONE]
    context: dict[str, object] = {
        "title": form.word,
        "form": form,
        "stage": stage,
        "rows": rows,
        "able": able,
        "others": [row for row in rows if row.fate is not Fate.DONE] if stage != "ask" else [],
        "heading": _heading(form, stage, rows=len(rows), able=len(able)),
        "act": form.act.value,
        # What happens after this page was read is somebody else's change.
        "seq": _seq(request) if stage == "done" else head_seq(),
        "from": "queue" if request.POST.get("from") == "queue" else "list",
    }
    return show(request, "admin/desk/bulk.html", context, status=status)


def _heading(form: BulkForm, stage: str, *, rows: int, able: int) -> str:
    if stage == "done":
        return f"{form.word}: {able} of {counted(rows, one='claim')} done"
    if stage == "look":
        return f"{form.word}: what would happen"
    return f"{form.word}: {counted(rows, one='claim')}"
