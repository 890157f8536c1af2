"""Lists on their way to the database, written so that a batch of thousands costs little.

The driver looks at each element's type and quotes each text by itself; these do not.
"""

import json
from collections.abc import Iterable, Sequence


def array_of(values: Iterable[object]) -> str:
    """Write numbers, truth values, hexadecimal or words of closed lists as an array literal.

    Args:
        values: none may hold a comma, brace, quote, backslash or white space; None is NULL.
    """
    words = ("NULL" if value is None else str(value) for value in values)
    return f"{{{','.join(words)}}}"


def texts_of(texts: Sequence[str]) -> str:
    """Write texts of any kind as JSON, for `json_array_elements_text`."""
    return json.dumps(texts, ensure_ascii=False)
