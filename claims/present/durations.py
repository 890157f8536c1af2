"""How long something took or waits, for people: two units at most."""

from datetime import timedelta

_STEPS = (("d", 86_400), ("h", 3600), ("min", 60))


def duration_words(lasted: timedelta) -> str:
    """Return "2 d 4 h", "3 h 20 min", "45 min", or "under a minute"."""
    left = int(lasted.total_seconds())
    for at, (unit, size) in enumerate(_STEPS):
        if left >= size:
            finer, finer_size = _STEPS[min(at + 1, len(_STEPS) - 1)]
            rest = left % size // finer_size
            return f"{left // size} {unit} {rest} {finer}" if rest else f"{left // size} {unit}"
    return "under a minute"


def age_words(at_least: timedelta, *, below: timedelta | None) -> str:
    """Return "under 1 h", "1–4 h", "4 h–1 d" or "over 7 d"."""
    if below is None:
        return f"over {duration_words(at_least)}"
    high = duration_words(below)
    if not at_least:
        return f"under {high}"
    low = duration_words(at_least)
    number, unit = low.split(" ", 1)
    return f"{number}–{high}" if high.endswith(f" {unit}") else f"{low}–{high}"
