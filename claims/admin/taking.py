"""Where a person goes once a review is theirs: to its claim, or to the event that flagged many."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_time

from claims.admin.actors import actor_in
from claims.models import Review
from claims.queries.desk import shared_cause
from claims.queries.queue import EVERYTHING, Wanted
from claims.services.work import take_next

NOTHING = "Nothing waits that nobody has taken."


def next_review(request: HttpRequest, *, wanted: Wanted = EVERYTHING) -> HttpResponseRedirect:
    """Take the next review of what the person wants to see, and lead them to it."""
    actor = actor_in(request)
    review = take_next(actor, wanted=wanted)
    if review is None:
        messages.info(request, NOTHING)
        return redirect(queue_address(wanted))
    messages.success(request, f"Yours until {clock_words(review)}.")
    cause = shared_cause(actor, review)
    if cause is not None:
        return redirect("admin:claims_cause", cause)
    return redirect("admin:claims_claim_page", review.claim.reference)


def clock_words(review: Review) -> str:
    """Return until when it is taken, as the desk's clock shows it."""
    until = review.taken_until_at
    return format_time(timezone.localtime(until), "H:i") if until else ""


def queue_address(wanted: Wanted) -> str:
    """Return the queue's address with what a person wants to see of it."""
    query = wanted.query
    return reverse("admin:claims_queue") + (f"?{query}" if query else "")
