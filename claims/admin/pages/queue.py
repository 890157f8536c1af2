"""The queue: what waits for the person's desks, most urgent first, and who takes what."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.admin.actors import actor_in, sees_the_record, works_at
from claims.admin.forms.bulk import FORMS
from claims.admin.forms.queue import Filters, NameView
from claims.admin.keys import QUEUE_KEYS
from claims.admin.queue_lines import claim_row, line_of, order_words, sign_off_row
from claims.admin.site import desk, show
from claims.admin.taking import clock_words, next_review, queue_address
from claims.errors import RecordError, RuleRefused
from claims.models import Desk
from claims.queries.desk import (
    MOST_COUNTED,
    QueuePage,
    Tally,
    new_claims_of,
    proposals_of,
    queue_of,
    saved_views_of,
    tally_of,
)
from claims.queries.desks import desks_of
from claims.queries.queue import Part, Wanted, Whose
from claims.services.saved_views import remove_view
from claims.services.work import reckon_places, release, take
from claims.types import Actor

MOST_BESIDE = 3
"""Proposals and new claims shown beside the reviews; each has a view of its own."""


@dataclass(frozen=True, slots=True)
class View:
    """One named set of filters, as a link over the queue; `name` where it may be removed."""

    words: str
    query: str
    count: str = ""
    is_current: bool = False
    name: str = ""


@desk.page("queue/", name="claims_queue")
@require_safe
def queue(request: HttpRequest) -> TemplateResponse:
    """Show what waits."""
    return _answer(request, _wanted(actor_in(request), request.GET))


@desk.page("queue/next/", name="claims_queue_next")
@require_POST
def take_the_next(request: HttpRequest) -> HttpResponseRedirect:
    """Give the person the next review of what they were looking at."""
    return next_review(request, wanted=_wanted_back(request))


@desk.page("queue/take/", name="claims_queue_take")
@require_POST
def take_one(request: HttpRequest) -> HttpResponseRedirect:
    """Take one review by its reference."""
    try:
        review = take(actor_in(request), request.POST.get("review", ""))
    except RuleRefused as error:
        messages.warning(request, str(error))
        return redirect(queue_address(_wanted_back(request)))
    messages.success(request, f"Yours until {clock_words(review)}.")
    return redirect("admin:claims_claim_page", review.claim.reference)


@desk.page("queue/release/", name="claims_queue_release")
@require_POST
def release_one(request: HttpRequest) -> HttpResponseRedirect:
    """Give one review back."""
    try:
        release(actor_in(request), request.POST.get("review", ""))
        messages.success(request, "Given back: anybody may take it.")
    except RuleRefused as error:
        messages.warning(request, str(error))
    return redirect(queue_address(_wanted_back(request)))


@desk.page("queue/view/", name="claims_queue_view")
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters under a name."""
    actor, wanted = actor_in(request), _wanted_back(request)
    form = NameView(request.POST, actor=actor, wanted=wanted)
    if form.is_valid():
        try:
            messages.success(request, form.carry_out())
            return redirect(queue_address(wanted))
        except RecordError as error:
            return _answer(request, wanted, naming=form, status=form.refuse(error))
    return _answer(request, wanted, naming=form, status=422)


@desk.page("queue/view/remove/", name="claims_queue_view_remove")
@require_POST
def forget_view(request: HttpRequest) -> HttpResponseRedirect:
    """Remove one of the person's own views."""
    name = request.POST.get("name", "")
    remove_view(actor_in(request), name=name)
    messages.success(request, f"“{name}” is removed.")
    return redirect(queue_address(_wanted_back(request)))


def _wanted(actor: Actor, given: QueryDict) -> Wanted:
    return Wanted.read(given.dict(), desks=desks_of(actor))  # type: ignore[arg-type]  # one value a name


def _wanted_back(request: HttpRequest) -> Wanted:
    """Return what the list showed from which a button was pressed."""
    given = QueryDict(request.POST.get("back", "")[:1000])
    return _wanted(actor_in(request), given)


def _answer(
    request: HttpRequest, wanted: Wanted, *, naming: NameView | None = None, status: int = 200
) -> TemplateResponse:
    actor = actor_in(request)
    reckon_places()
    tally = tally_of(actor)
    lines = _page(request, actor, wanted)
    now = timezone.now()
    context: dict[str, object] = {
        "title": "Queue",
        "wanted": wanted,
        "is_filtered": bool(wanted.query),
        "is_first": not request.GET.get("after"),
        "views": _views(actor, wanted, tally),
        "tally": tally,
        "filters": Filters(wanted, desks=_desks(actor)),
        "naming": naming or NameView(actor=actor, wanted=wanted),
        "lines": [line_of(line, actor, now=now) for line in lines.lines],
        "after": lines.after,
        "order": order_words(),
        "bindings": QUEUE_KEYS,
        "is_known": sees_the_record(actor),
        "is_at_a_desk": bool(actor.roles),
        "may_work": bool(works_at(actor)),
        "may_choose": bool(works_at(actor)),
        "acts": {act: form.word for act, form in FORMS.items()},
        **_beside(request, actor, wanted),
    }
    return show(request, "admin/desk/queue.html", context, status=status)


def _page(request: HttpRequest, actor: Actor, wanted: Wanted) -> QueuePage:
    if wanted.part is not Part.ALL:
        return QueuePage(())
    return queue_of(actor, wanted, after=request.GET.get("after", ""))


def _beside(request: HttpRequest, actor: Actor, wanted: Wanted) -> dict[str, object]:
    """Return proposals and new claims: all of them in their own views, a few on the first page."""
    is_first = wanted.query == "" and not request.GET.get("after")
    found: dict[str, object] = {}
    if is_first or wanted.part is Part.SIGN_OFF:
        rows = proposals_of(actor, wanted)
        shown = rows[:MOST_BESIDE] if is_first else rows
        found["proposals"] = [sign_off_row(row, actor) for row in shown]
    if is_first or wanted.part is Part.NEW:
        claims = new_claims_of(actor, wanted)
        found["new_claims"] = [
            claim_row(claim, actor) for claim in (claims[:MOST_BESIDE] if is_first else claims)
        ]
    return found


def _views(actor: Actor, wanted: Wanted, tally: Tally) -> list[View]:
    given = (
        ("All reviews", Wanted(), tally.waiting),
        ("Mine", Wanted(whose=Whose.MINE), tally.mine),
        ("Awaiting sign-off", Wanted(part=Part.SIGN_OFF), tally.sign_offs),
        ("Overdue", Wanted(is_overdue=True), tally.overdue),
        ("New claims", Wanted(part=Part.NEW), tally.new),
    )
    built_in = [
        View(words, at.query, _capped(count), is_current=at == wanted) for words, at, count in given
    ]
    own = [
        View(row.name, row.query, is_current=row.query == wanted.query, name=row.name)
        for row in saved_views_of(actor)
    ]
    return built_in + own


def _capped(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _desks(actor: Actor) -> list[tuple[str, str]]:
    rows = Desk.objects.filter(slug__in=desks_of(actor)).order_by("name")
    return list(rows.values_list("slug", "name"))
