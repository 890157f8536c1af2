"""A ledger entry: what is hashed, and beside it the texts it commits to."""

from datetime import UTC, datetime

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


def moment(at: datetime) -> str:
    """Return a datetime as RFC 3339 in UTC, with all six digits: they are hashed."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
