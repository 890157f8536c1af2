"""Corrections due: what we printed on claims that have fallen since, and the editor's answer."""

from datetime import datetime
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from claims.errors import AlreadyExists, InvalidInput, RuleRefused
from claims.models import Use
from claims.present.history import HistoryLine, history_lines
from claims.present.kept import kept_texts
from claims.present.uses import ANSWERS, use_line, use_lines
from claims.queries.ledger import history
from claims.queries.uses import MOST_COUNTED, corrections_due, count_corrections_due, may_answer
from claims.queries.uses import read_use as found_use
from claims.services.corrections import MOST_URL, answer_correction
from claims.services.fields import MOST_NOTE
from claims.states import ClaimKind, CorrectionAnswer, EntryKind
from claims.types import Actor
from claims.web.door import form_page, read_page
from claims.web.forms import PlainForm, told

PAGE_SIZE = 50
MOST_LINES = 20
MOST_ENTRIES = 200
CHANGES = frozenset(
    {
        EntryKind.CLAIM_EDITED,
        EntryKind.CLAIM_CLOSED,
        EntryKind.CLAIM_REOPENED,
        EntryKind.EVIDENCE_ADDED,
        EntryKind.EVIDENCE_WITHDRAWN,
        EntryKind.QUOTE_STATE_CHANGED,
        EntryKind.FLAG_RAISED,
        EntryKind.STATUS_CHANGED,
        EntryKind.GROUND_CHANGED,
        EntryKind.BASIS_CHANGED,
    }
)
"""What may have made a difference to words in print."""


class AnswerForm(PlainForm):
    """What was done about words in print; `seen` is since when a correction was due."""

    answer = forms.ChoiceField(
        label="What was done",
        choices=[
            (CorrectionAnswer.CORRECTED.value, "The article was corrected"),
            (CorrectionAnswer.NOT_NEEDED.value, "No correction is needed"),
        ],
        widget=forms.RadioSelect,
    )
    url = forms.CharField(
        label="Where the correction stands",
        max_length=MOST_URL,
        required=False,
        help_text="The web address of the correction. Needed where the article was corrected.",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Why",
        max_length=MOST_NOTE,
        required=False,
        help_text="Needed where no correction is. Kept for good, shown to other desks.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


@read_page
def corrections(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the corrections due, longest first."""
    wanted = {name: request.GET.get(name, "") for name in ("desk", "topic")}
    after = request.GET.get("after", "")
    rows = corrections_due(actor, **wanted, after=after, limit=PAGE_SIZE)
    number = count_corrections_due(actor, **wanted)
    context = {
        "lines": use_lines(rows),
        "number": number,
        "is_more": number >= MOST_COUNTED,
        "is_filtered": any(wanted.values()),
        "next_url": _next_url(request, rows) if len(rows) == PAGE_SIZE else "",
    }
    return render(request, "web/corrections.html", context)


def _next_url(request: HttpRequest, rows: list[Use]) -> str:
    query = request.GET.copy()
    query["after"] = rows[-1].reference
    return f"?{query.urlencode()}"


@form_page
def correction(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Show words in print against how their claim stands now, and take an editor's answer."""
    use = found_use(actor, reference)
    if request.method != "POST":
        return _show(request, actor, use)
    form = AnswerForm(request.POST)
    if not form.is_valid() and may_answer(actor, use):
        return _show(request, actor, use, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        answered = _answer(actor, use, form)
    except InvalidInput as error:
        form.add_error(error.field, told(error))
        return _show(request, actor, use, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (AlreadyExists, RuleRefused) as error:
        messages.warning(request, str(error))
        now = found_use(actor, reference)
        return _show(request, actor, now, form=form, status=HTTPStatus.CONFLICT)
    messages.success(request, f"Recorded: {ANSWERS[CorrectionAnswer(answered.answer)]}.")
    return redirect("web:corrections")


def _answer(actor: Actor, use: Use, form: AnswerForm) -> Use:
    given = form.cleaned_data
    return answer_correction(
        actor,
        use.reference,
        answer=CorrectionAnswer(given.get("answer", CorrectionAnswer.NOT_NEEDED)),
        url=given.get("url", ""),
        note=given.get("note", ""),
        seen=_moment(given.get("seen", "")),
    )


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _show(
    request: HttpRequest,
    actor: Actor,
    use: Use,
    *,
    form: AnswerForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    line = use_line(use)
    is_asked = line.due_since_at is not None and may_answer(actor, use)
    context = {
        "line": line,
        "changes": _changes(actor, use),
        "form": _form(use, form) if is_asked else None,
        "kept": kept_texts(form.data) if form and not is_asked else [],
    }
    return render(request, "web/correction.html", context, status=status)


def _form(use: Use, refused: AnswerForm | None) -> AnswerForm:
    """Return the form as it is to be filled in now: whoever sends it next has seen this page."""
    seen = use.due_since_at.isoformat() if use.due_since_at else ""
    if refused is None:
        return AnswerForm(initial={"seen": seen})
    said = {name: refused.data.get(name, "") for name in AnswerForm.base_fields}
    form = AnswerForm({**said, "seen": seen})
    form.errors.update(refused.errors)
    return form


def _changes(actor: Actor, use: Use) -> tuple[HistoryLine, ...]:
    """Return what changed on the claim since what was relied on, newest first."""
    entries = history(actor, use.claim.reference, limit=MOST_ENTRIES)
    since = [row for row in entries if row.seq > use.relied_seq and row.kind in CHANGES]
    return history_lines(since[:MOST_LINES], kind=ClaimKind(use.claim.kind))
