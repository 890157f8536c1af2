"""Points in time for people: in the desk's zone, with the zone named and UTC in the markup."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString

_DAY = timedelta(days=1)
_UNITS = ((_DAY, "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))
_MONTH = timedelta(days=30)


def moment_words(at: datetime) -> str:
    """Return "23 Nov 2026, 09:04 UTC" in the active zone."""
    return format_date(timezone.localtime(at), "j M Y, H:i T")


def moment_html(at: datetime | None) -> SafeString:
    """Return a `time` element whose machine value is UTC; a dash where there is no moment."""
    if at is None:
        return format_html("{}", "–")
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}">{}</time>', stamp, moment_words(at))


def ago_words(at: datetime, *, now: datetime) -> str:
    """Return how long ago in one unit ("2 h ago"); a date once that is over a month."""
    age = now - at
    if age > _MONTH:
        return format_date(timezone.localtime(at), "j M Y")
    for unit, word in _UNITS:
        if age >= unit:
            return f"{age // unit} {word} ago"
    return "just now"


def ago_html(at: datetime | None, *, now: datetime) -> SafeString:
    """Return a `time` element saying how long ago, with the exact moment as its title."""
    if at is None:
        return format_html("{}", "never")
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', stamp, moment_words(at), ago_words(at, now=now)
    )
