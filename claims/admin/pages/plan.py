"""One open review's own page: whose it is, by when it is to be done, how urgent it is."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.access import may, reviews_visible_to
from claims.admin.actors import actor_in
from claims.admin.forms.queue import PLAN, PlanForm
from claims.admin.meanwhile import last_seq, meanwhile_of
from claims.admin.queue_lines import claim_row, review_words
from claims.admin.site import desk, show
from claims.errors import NotFound, RecordError
from claims.models import Review
from claims.models.fields import read_reference
from claims.queries.desk import colleagues_at
from claims.states import Verb
from claims.types import Actor


@desk.page("queue/review/<str:reference>/", name="claims_review_page")
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one review; an ended one leads to its claim."""
    review = _read(actor_in(request), reference)
    if review.ended_at is not None:
        return redirect("admin:claims_claim_page", review.claim.reference)
    return _answer(request, review)


@desk.page("queue/review/<str:reference>/<slug:step>/", name="claims_review_step")
@require_POST
def take_step(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Carry out one form of the page, or show the page again with the refusal in it."""
    if step not in PLAN:
        raise Http404("There is no such step.")
    actor = actor_in(request)
    review = _read(actor, reference)
    form = PLAN[step](
        request.POST, actor=actor, review=review, colleagues=colleagues_at(review.claim)
    )
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            messages.success(request, form.carry_out())
            return redirect("admin:claims_review_page", review.reference)
        except RecordError as error:
            status = form.refuse(error)
    review = _read(actor, reference)
    form.shown_again(review)
    return _answer(request, review, refused=form, status=status)


def _read(actor: Actor, reference: str) -> Review:
    rows = reviews_visible_to(actor).select_related(
        "claim__desk", "claim__claimant__desk", "assignee", "taken_by"
    )
    found = rows.filter(reference=read_reference(reference, "RE") or "").first()
    if found is None:
        raise NotFound("There is no such review.")
    return found


def _answer(
    request: HttpRequest, review: Review, *, refused: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_in(request)
    words = review_words(review, actor, urgency=None, now=timezone.now())
    may_plan = may(actor, Verb.DECIDE, review.claim)
    context: dict[str, object] = {
        "title": f"Plan the review of {review.claim.reference}",
        "review": review,
        "row": claim_row(review.claim, actor, review=words),
        "forms": _forms(actor, review, refused) if may_plan else [],
        "seq": last_seq(actor, review.claim),
        "meanwhile": meanwhile_of(actor, review.claim, refused=refused, status=status),
    }
    return show(request, "admin/desk/plan.html", context, status=status)


def _forms(actor: Actor, review: Review, refused: PlanForm | None) -> list[PlanForm]:
    colleagues = list(colleagues_at(review.claim))
    return [
        refused
        if refused is not None and refused.slug == slug
        else form(actor=actor, review=review, colleagues=colleagues)
        for slug, form in PLAN.items()
    ]
