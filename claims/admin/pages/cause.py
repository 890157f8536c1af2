"""One event on one page: what changed, read once, and an answer for each claim it flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from claims.access import may
from claims.admin.actors import actor_in
from claims.admin.changes import change_words
from claims.admin.forms.cause import Answer, CauseAnswer
from claims.admin.keys import CAUSE_KEYS
from claims.admin.queue_lines import ClaimRow, Taken, claim_row, taken_words
from claims.admin.site import desk, show
from claims.admin.taking import next_review
from claims.errors import RuleRefused
from claims.models import Flag
from claims.present.history import HistoryLine, history_lines
from claims.present.words import counted, label
from claims.queries.causes import Event, Touched, read_event
from claims.queries.ledger import history
from claims.services.work import release_together, take_together
from claims.states import ClaimKind, FlagAnswer, FlagKind, Verb
from claims.types import Actor

MOST_MEANWHILE = 20
GRAVEST_STATUS = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote of one claim, what the event is to it, and the nearest that stands there now."""

    kinds: tuple[FlagKind, ...]
    evidence: str
    quote: str
    found: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One claim to be answered; without a form where this person decides nothing."""

    claim: ClaimRow
    passages: tuple[Passage, ...]
    others: tuple[str, ...]
    taken: Taken
    proposal: str
    form: CauseAnswer | None
    seq: int
    revision: int
    meanwhile: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """One claim the event flagged that has its answer."""

    claim: ClaimRow
    answer: str
    who: str
    at: datetime | None


@desk.page("cause/<uuid:cause>/", name="claims_cause")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, cause: UUID) -> HttpResponse:
    """Show the event; take the answers and tell what became of each."""
    actor = actor_in(request)
    event = read_event(actor, cause)
    if request.method != "POST":
        return _show(request, event, {})
    forms = _forms(actor, event, request)
    told, status = _carry_out(forms)
    if told:
        messages.success(request, _summary(told))
    if status == HTTPStatus.OK:
        return _onwards(request, cause, is_any=bool(told))
    refused = {form.claim.pk: form for form in forms if form.errors}
    return _show(request, read_event(actor, cause), refused, status=status)


@desk.page("cause/<uuid:cause>/take/", name="claims_cause_take")
@require_POST
def take_all(request: HttpRequest, cause: UUID) -> HttpResponseRedirect:
    """Take what is free of the event's reviews."""
    actor = actor_in(request)
    read_event(actor, cause)
    try:
        number = take_together(actor, cause)
        messages.success(request, f"{counted(number, one='review')} taken.")
    except RuleRefused as error:
        messages.warning(request, str(error))
    return redirect("admin:claims_cause", cause)


@desk.page("cause/<uuid:cause>/release/", name="claims_cause_release")
@require_POST
def release_all(request: HttpRequest, cause: UUID) -> HttpResponseRedirect:
    """Give back what the person has of the event's reviews."""
    actor = actor_in(request)
    read_event(actor, cause)
    number = release_together(actor, cause)
    messages.success(request, f"{counted(number, one='review')} given back.")
    return redirect("admin:claims_cause", cause)


def _forms(actor: Actor, event: Event, request: HttpRequest) -> list[CauseAnswer]:
    return [
        CauseAnswer(request.POST, actor=actor, touched=touched)
        for touched in event.open
        if may(actor, Verb.DECIDE, touched.claim)
    ]


def _carry_out(forms: Sequence[CauseAnswer]) -> tuple[dict[str, str], int]:
    """Answer row by row; return what to say of those done, by claim, and the gravest status.

    A row that cannot be answered keeps nobody else's answer from being written, and says so.
    """
    told: dict[str, str] = {}
    statuses: set[int] = set()
    for form in forms:
        if not form.is_valid():
            statuses.add(HTTPStatus.UNPROCESSABLE_ENTITY)
        elif form.chosen is not Answer.LEAVE:
            said, status = form.answer_claim()
            statuses.add(status)
            if said:
                told[form.claim.reference] = said
    for gravest in (*GRAVEST_STATUS, HTTPStatus.UNPROCESSABLE_ENTITY):
        if gravest in statuses:
            return told, gravest
    return told, HTTPStatus.OK


def _summary(told: Mapping[str, str]) -> str:
    rows = "; ".join(f"{reference} {said}" for reference, said in told.items())
    return f"{counted(len(told), one='claim')} answered: {rows}."


def _onwards(request: HttpRequest, cause: UUID, *, is_any: bool) -> HttpResponseRedirect:
    if not is_any:
        messages.warning(request, "Nothing was answered: every row says to leave it for now.")
    elif "next" in request.POST:
        return next_review(request)
    return redirect("admin:claims_cause", cause)


def _show(
    request: HttpRequest,
    event: Event,
    refused: Mapping[int, CauseAnswer],
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor, now = actor_in(request), timezone.now()
    rows = [
        _row(actor, touched, refused.get(touched.claim.pk), request=request, now=now)
        for touched in event.open
    ]
    context: dict[str, object] = {
        "title": "One change, and the claims it touches",
        "cause": event.cause,
        "change": change_words(event.change),
        "rows": rows,
        "answered": [_answered(actor, flag) for flag in event.answered],
        "more": event.more,
        "why": request.POST.get(CauseAnswer.WHY_ALL, ""),
        "refused": [row for row in rows if row.form is not None and row.form.errors],
        "counts_open": len(rows) + event.more,
        "may_answer": any(row.form is not None for row in rows),
        "is_taken": any(row.taken.is_own for row in rows),
        "bindings": CAUSE_KEYS,
    }
    return show(request, "admin/desk/cause.html", context, status=status)


def _row(
    actor: Actor,
    touched: Touched,
    refused: CauseAnswer | None,
    *,
    request: HttpRequest,
    now: datetime,
) -> AnswerRow:
    claim, proposal = touched.claim, touched.proposal
    form = refused
    if form is None and may(actor, Verb.DECIDE, claim):
        form = CauseAnswer(actor=actor, touched=touched)
    return AnswerRow(
        claim=claim_row(claim, actor),
        passages=_passages(touched.flags),
        others=tuple(dict.fromkeys(label(FlagKind(flag.kind)) for flag in touched.others)),
        taken=taken_words(touched.review, actor, now=now) if touched.review else Taken(),
        proposal=str(proposal.proposed_by) if proposal else "",
        form=form,
        seq=touched.last_seq,
        revision=claim.revision,
        meanwhile=_meanwhile(actor, touched, refused, request=request),
    )


def _passages(flags: Sequence[Flag]) -> tuple[Passage, ...]:
    """Return each quote once, with all that flagged it."""
    by_quote: dict[int, list[Flag]] = {}
    for flag in flags:
        if flag.evidence_id is not None:
            by_quote.setdefault(flag.evidence_id, []).append(flag)
    return tuple(_passage(group) for group in by_quote.values())


def _passage(flags: Sequence[Flag]) -> Passage:
    row = flags[0].evidence
    return Passage(
        kinds=tuple(dict.fromkeys(FlagKind(flag.kind) for flag in flags)),
        evidence=row.reference if row else "",
        quote=row.quote if row else "",
        found=next((flag.found for flag in flags if flag.found), ""),
    )


def _meanwhile(
    actor: Actor, touched: Touched, refused: CauseAnswer | None, *, request: HttpRequest
) -> tuple[HistoryLine, ...]:
    """Return what happened to a refused row's claim since its reader saw it."""
    claim = touched.claim
    seen = request.POST.get(f"{claim.reference}-seq", "")
    if refused is None or not (seen.isascii() and seen.isdigit() and len(seen) <= 18):  # noqa: PLR2004 - digits of a bigint
        return ()
    entries = history(actor, claim.reference, limit=MOST_MEANWHILE)
    newer = [entry for entry in entries if entry.seq > int(seen)]
    return history_lines(newer, kind=ClaimKind(claim.kind))


def _answered(actor: Actor, flag: Flag) -> Answered:
    return Answered(
        claim=claim_row(flag.claim, actor),
        answer=label(FlagAnswer(flag.answer)) if flag.answer else "answered",
        who=str(flag.answered_by) if flag.answered_by else "",
        at=flag.answered_at,
    )
