"""`as_of_seq` and `as_of`: an object as it stood after an entry, or at a time."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from claims.api import parameters
from claims.api.door import Given
from claims.api.parameters import MOST_SEQ
from claims.errors import InvalidInput
from claims.queries.as_of import seq_at

NAMES = ("as_of_seq", "as_of")


@contextmanager
def as_asked() -> Iterator[None]:
    """Name a refused seq by the parameter that gave it."""
    try:
        yield
    except InvalidInput as wrong:
        name = "as_of_seq" if wrong.field == "seq" else wrong.field
        raise InvalidInput(name, wrong.reason) from wrong


def text(told: Mapping[str, object], given: Given, *, known: Collection[str]) -> str:
    """Return a past object as JSON text, of its fields those asked for."""
    if "fields" in given:
        wanted = parameters.names("fields", given["fields"], known=known)
        told = {name: value for name, value in told.items() if name in wanted}
    return json.dumps(told, ensure_ascii=False)


def asked_seq(given: Given) -> int | None:
    """Return the seq of the last entry counted; None where the present is asked for.

    Raises:
        InvalidInput: both are given, one is ill-formed, or it lies in the future.
    """
    if all(name in given for name in NAMES):
        raise InvalidInput("as_of", "give as_of or as_of_seq, not both.")
    if "as_of_seq" in given:
        return parameters.whole("as_of_seq", given["as_of_seq"], least=1, most=MOST_SEQ)
    if "as_of" not in given:
        return None
    try:
        return seq_at(parameters.moment("as_of", given["as_of"]))
    except InvalidInput as wrong:
        raise InvalidInput("as_of", wrong.reason) from wrong
