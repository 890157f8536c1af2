"""What each key does, as the pages' help tells it; the elements themselves say what it presses."""

from collections.abc import Iterable

Bindings = tuple[tuple[tuple[str, ...], str], ...]

_ROWS: Bindings = ((("j", "k"), "next line, line before"),)
_HELP: Bindings = ((("?",), "this list"),)

QUEUE_KEYS: Bindings = (
    (("n",), "take next"),
    *_ROWS,
    (("Enter",), "open the line"),
    (("x",), "choose its claim"),
    *_HELP,
)
SHEET_KEYS: Bindings = ((("c",), "copy the sheet as text"), (("u",), "back to the claim"), *_HELP)
CAUSE_KEYS: Bindings = (
    *_ROWS,
    (("s",), "it stands"),
    (("l",), "lower to reported"),
    (("d",), "dispute"),
    (("x",), "leave it for now"),
    (("r",), "write why"),
    (("w",), "write why for all rows"),
    (("Esc",), "leave the field"),
    (("Ctrl", "Enter"), "save the answers"),
    (("Ctrl", "Shift", "Enter"), "save, and take next"),
    (("t",), "take them"),
    (("u",), "back to the queue"),
    *_HELP,
)

_IN_A_STEP: Bindings = (
    (("1–9",), "choose by number"),
    (("r",), "write why"),
    (("Esc",), "leave the field"),
    (("Ctrl", "Enter"), "save"),
    (("Ctrl", "Shift", "Enter"), "save, and take next"),
)
_AROUND_A_CLAIM: Bindings = (
    (("j", "k"), "next part of the page, part before"),
    (("e",), "add evidence"),
    (("v",), "claim sheet, to copy or print"),
    (("n",), "take next"),
    (("u",), "back to the queue"),
)


def claim_keys(steps: Iterable[tuple[str, str]]) -> Bindings:
    """Return the keys of a claim's page: those of its steps, by key and title, then the rest."""
    own = (((key,), title) for key, title in steps if key)
    return (*own, *_IN_A_STEP, *_AROUND_A_CLAIM, *_HELP)
