"""Cells of a table a spreadsheet may open: written so that none is a formula, and read back."""

import re

_AT = r"(?:\A|(?<=[,;\t\r\n]))"
_FORMULA = r"(?=[=+\-@\t\r])"
_SAFE = re.compile(rf"{_AT}[\"']*{_FORMULA}")
_PLAIN = re.compile(rf"{_AT}([\"']*)'{_FORMULA}")


def safe_cell(text: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would take for the start of a formula.

    Also behind the signs at which another spreadsheet might split the cell. `plain_cell` takes
    exactly these apostrophes away again.

    Source:
        OWASP, CSV Injection; ASVS 5.0, 1.2.10.
    """
    return _SAFE.sub(lambda match: f"{match.group()}'", text)


def plain_cell(text: str) -> str:
    """Return the text a safe cell was made of."""
    return _PLAIN.sub(lambda match: match[1], text)
