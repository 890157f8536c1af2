"""The entries of a record at scale, chained beforehand by the documented arithmetic."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from claims.models import Claim, Evidence, Origin, Source
from claims.models.chain import Value, canonical, commitment, hash_of, leaf_of, microseconds
from claims.states import EntryKind

Row = tuple[Any, ...]


@dataclass
class Chain:
    """The chain's head while entries are made, and how their times are spread."""

    seq: int
    head: bytes
    at: datetime
    step: timedelta
    dice: random.Random
    texts: list[Row] = field(default_factory=list)

    def commit(self, text: str) -> str:
        """Return the commitment to a text, which is kept for the text table."""
        salt = self.dice.randbytes(32)
        name = commitment(text, salt=salt)
        self.texts.append((name, salt, text))
        return name

    def entry(self, kind: EntryKind, sets: Mapping[str, Value], **about: str) -> Row:
        """Return the next entry as a row of the ledger.

        Args:
            kind: what happened.
            sets: new values, by reference of the object.
            about: references of the claim and the source it is about.
        """
        body = canonical(
            {
                "v": 1,
                "nonce": self.dice.randbytes(16).hex(),
                "actor": {"kind": "import"},
                **about,
                "sets": dict(sets),
            }
        )
        self.seq, self.at = self.seq + 1, self.at + self.step
        leaf = leaf_of(seq=self.seq, recorded_at=self.at, kind=kind, body=body)
        prev_hash, self.head = self.head, hash_of(prev_hash=self.head, leaf=leaf)
        claim, source = about.get("claim"), about.get("source")
        return (self.seq, self.at, kind.value, body, claim, source, prev_hash, leaf, self.head)


def origins_added(origins: Iterable[Origin], chain: Chain) -> list[Row]:
    """Return the entries that put origins on record."""
    return [
        chain.entry(
            EntryKind.ORIGIN_ADDED,
            {
                row.reference: {
                    "name": chain.commit(row.name),
                    "kind": str(row.kind),
                    "reliability": str(row.reliability),
                    "is_confidential": False,
                }
            },
        )
        for row in origins
    ]


def claim_opened(claim: Claim, chain: Chain) -> Row:
    """Return the entry that opens a claim."""
    state: dict[str, Value] = {
        "statement": chain.commit(claim.statement),
        "kind": str(claim.kind),
        "desk": claim.desk.slug,
        "visibility": str(claim.visibility),
        "status": str(claim.status),
        "ground": str(claim.ground),
        "basis": str(claim.basis),
        "status_since_at": microseconds(claim.status_since_at),
        "basis_since_at": microseconds(claim.basis_since_at),
        "created_at": microseconds(claim.created_at),
    }
    sets: dict[str, Value] = {claim.reference: state}
    return chain.entry(EntryKind.CLAIM_OPENED, sets, claim=claim.reference)


def evidence_added(claim: Claim, row: Evidence, source: Source, chain: Chain) -> Row:
    """Return the entry that puts evidence on record together with the source it links."""
    state: dict[str, Value] = {
        "source": source.reference,
        "stance": str(row.stance),
        "quote": chain.commit(row.quote),
        "quote_state": str(row.quote_state),
        "quote_state_since_at": microseconds(row.quote_state_since_at),
        "origin": row.origin.reference if row.origin else None,
        "created_at": microseconds(row.created_at),
    }
    item: dict[str, Value] = {
        "kind": str(source.kind),
        "url": chain.commit(source.url or ""),
        "title": chain.commit(source.title),
        "link_state": str(source.link_state),
        "link_state_since_at": microseconds(source.link_state_since_at),
        "created_at": microseconds(source.created_at),
    }
    sets: dict[str, Value] = {row.reference: state, source.reference: item}
    about = {"claim": claim.reference, "source": source.reference}
    return chain.entry(EntryKind.EVIDENCE_ADDED, sets, **about)
