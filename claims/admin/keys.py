"""What each key does, as the pages' help tells it; the elements themselves say what it presses."""

Bindings = tuple[tuple[tuple[str, ...], str], ...]

_ROWS: Bindings = ((("j", "k"), "next line, line before"),)
_HELP: Bindings = ((("?",), "this list"),)

QUEUE_KEYS: Bindings = (
    (("n",), "take next"),
    *_ROWS,
    (("Enter",), "open the line"),
    *_HELP,
)
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
    (("t",), "take them"),
    (("u",), "back to the queue"),
    *_HELP,
)
