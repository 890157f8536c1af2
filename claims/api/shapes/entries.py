"""A ledger entry: what is hashed, and beside it the texts it commits to."""

from datetime import UTC, datetime

from claims.queries.feed import Told
from claims.queries.ledger import Entry


def entry_shape(entry: Entry) -> dict[str, object]:
    """Return an entry; a withheld one tells seq, time and hashes alone."""
    told: dict[str, object] = {
        "seq": entry.seq,
        "recorded_at": moment(entry.recorded_at),
        "kind": entry.kind,
    }
    if entry.body is not None:
        told |= {
            "claim": entry.body.get("claim"),
            "source": entry.body.get("source"),
            "body": entry.body,
            "texts": entry.texts,
        }
    return told | {"leaf": entry.leaf, "hash": entry.hash}


def told_text(entry: Told) -> str:
    """Return an entry of the feed as JSON text, of the same shape; its body as it was hashed."""
    seen = ""
    if entry.body is not None:
        claim, source = _reference(entry.claim), _reference(entry.source)
        told = ", ".join([f'"{word}": {text}' for word, text in entry.texts.items()])
        seen = f'"claim": {claim}, "source": {source}, "body": {entry.body}, "texts": {{{told}}}, '
    return (
        f'{{"seq": {entry.seq}, "recorded_at": "{entry.recorded_at}", "kind": "{entry.kind}", '
        f'{seen}"leaf": "{entry.leaf}", "hash": "{entry.hash}"}}'
    )


def _reference(reference: str | None) -> str:
    return "null" if reference is None else f'"{reference}"'


def moment(at: datetime) -> str:
    """Return a datetime as RFC 3339 in UTC, with all six digits: they are hashed."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
