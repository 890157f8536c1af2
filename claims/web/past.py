"""Pages of the past: which entry a reader asks for, by number or by time."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from claims.errors import InvalidInput
from claims.queries.as_of import seq_at

MOST_DIGITS = 18


def whole_number(request: HttpRequest, name: str) -> int:
    """Return a whole number of the address; 0 where it is not given.

    Raises:
        InvalidInput: it is something else.
    """
    given = request.GET.get(name, "0")
    if not (given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS):
        raise InvalidInput(name, "is a whole number.")
    return int(given)


def asked_seq(request: HttpRequest) -> int | None:
    """Return the entry up to which a page is asked for; None for now, 0 for before the first.

    `at` is a time with its zone, or one in the zone of the reader's desk.

    Raises:
        InvalidInput: neither a number nor a time, or the future.
    """
    if "seq" in request.GET:
        return whole_number(request, "seq")
    given = request.GET.get("at", "")
    return seq_at(_time(given)) if given else None


def not_yet(request: HttpRequest, *, what: str, reference: str, seq: int) -> HttpResponse:
    """Answer that something was not on record at a time; the caller knows that it is now."""
    context = {"what": what, "reference": reference, "seq": seq}
    return render(request, "web/not_yet.html", context, status=404)


def _time(given: str) -> datetime:
    try:
        at = parse_datetime(given.strip())
    except ValueError:
        at = None
    if at is None:
        raise InvalidInput("at", "is a time, as 2024-10-18T09:30Z.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
