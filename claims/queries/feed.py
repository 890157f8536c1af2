"""The change feed: pages of the ledger as other systems follow it, none skipped.

One statement reads a page, one its texts: whether each entry may be seen is judged in it, by the
door's own conditions, and bodies go through as the text that was hashed.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.lookups import In, IsNull

from claims.access import sources_visible_to, visible_to
from claims.errors import InvalidInput
from claims.models import LedgerEntry
from claims.queries.ledger import COMMITMENT, OF_PEOPLE
from claims.queries.statements import Slot, Statement, Statements, statement_of
from claims.states import EntryKind, Visibility
from claims.types import Actor

_STATEMENTS = Statements()

_COMMITMENT = re.compile(f'"({COMMITMENT}[0-9a-f]{{64}})"')
_WAS_OPEN = f'"was":"{Visibility.OPEN}"'
_TOLD = """
SELECT e.seq, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       CASE WHEN e.is_seen THEN e.kind ELSE 'withheld' END,
       CASE WHEN e.is_seen THEN e.claim_ref END, CASE WHEN e.is_seen THEN e.source_ref END,
       CASE WHEN e.is_seen THEN e.body END, encode(e.leaf, 'hex'), encode(e.hash, 'hex')
FROM (PAGE) AS e ORDER BY e.seq
"""
_TEXTS = Statement(
    """
    SELECT commitment, to_json(text)::text FROM claims_ledgertext
    WHERE commitment = ANY(string_to_array($1, ',')) AND text IS NOT NULL
    """,
    {"words": "text"},
)


class Told(NamedTuple):
    """One entry as its reader may see it; `body` is JSON, as it was hashed.

    Of a withheld one seq, time and hashes alone are told. `texts` are those the body commits to, by
    commitment and as JSON; redacted ones are left out.
    """

    seq: int
    recorded_at: str
    kind: str
    claim: str | None
    source: str | None
    body: str | None
    leaf: str
    hash: str
    texts: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The entries behind one seq, and where the reader then stands.

    `next_after` is what to ask for next; `head` the last seq when the page was read.
    """

    entries: tuple[Told, ...]
    next_after: int
    head: int

    @property
    def is_caught_up(self) -> bool:
        """Whether nothing followed when the page was read."""
        return self.next_after >= self.head


def feed_page(
    actor: Actor, *, after: int, limit: int, head: int, kinds: Collection[EntryKind] = ()
) -> FeedPage:
    """Return the next page of the ledger behind seq `after`.

    Args:
        actor: a person or a token; what they may not see is withheld, never skipped.
        after: the last seq the caller has; 0 for none.
        limit: how many entries are looked at.
        head: the ledger's last seq, as read before.
        kinds: tell these kinds only. What is withheld has no kind that may be told: it is left
            out, and a page may be empty before the reader has caught up.

    Raises:
        InvalidInput: `after` lies beyond the ledger's end, so it is of another ledger.
    """
    if after > head:
        raise InvalidInput(
            "after", f"lies beyond the end of this ledger, {head}; begin again at 0."
        )
    desks = tuple(desk for desk, _ in actor.roles)
    key = (actor.kind, desks, actor.is_administrator, actor.scopes, limit)
    statement = _STATEMENTS.get(key, lambda: _statement(actor, desks, limit))
    entries = [Told(*row) for row in statement.rows(after=after)]
    last = entries[-1].seq if entries else after
    told = [entry for entry in entries if not kinds or entry.kind in kinds]
    return FeedPage(tuple(_resolved(told)), next_after=last, head=max(head, last))


def _resolved(entries: Collection[Told]) -> Iterator[Told]:
    """Yield the entries, each with the texts its body commits to."""
    named = [_COMMITMENT.findall(entry.body or "") for entry in entries]
    words = set(chain.from_iterable(named))
    texts = dict(_TEXTS.rows(words=",".join(words))) if words else {}
    for entry, own in zip(entries, named, strict=True):
        yield entry._replace(texts={word: texts[word] for word in own if word in texts})


def _statement(actor: Actor, desks: Collection[str], limit: int) -> Statement:
    rows = LedgerEntry.objects.filter(seq__gt=Slot("after", of=int)).order_by("seq")
    page = statement_of(
        rows.annotate(is_seen=_is_seen(actor, desks)).values(
            *("seq", "recorded_at", "kind", "body", "claim_ref", "source_ref"),
            *("leaf", "hash", "is_seen"),
        )[:limit]
    )
    return Statement(_TOLD.replace("PAGE", page.text), page.kinds)


class DeskOnly(Func):
    """The desk that alone may read an entry about neither a claim nor a source; null for all."""

    template = "(%(expressions)s)::json ->> 'desk_only'"
    output_field = TextField()


def _is_seen(actor: Actor, desks: Collection[str]) -> Combinable:
    """Return whether an entry's body may be read now: as `queries.ledger` judges a history."""
    if not desks and not actor.is_administrator:
        return Value(value=False)
    claim = _is_there(visible_to(actor).filter(reference=OuterRef("claim_ref")))
    source = _is_there(sources_visible_to(actor).filter(reference=OuterRef("source_ref")))
    for_all = Q(IsNull(DeskOnly("body"), rhs=True))
    return Case(
        When(kind__in=sorted(OF_PEOPLE), then=Value(actor.is_administrator)),
        When(
            claim_ref__isnull=False,
            kind=EntryKind.CLAIM_HIDDEN,
            body__contains=_WAS_OPEN,  # no text stands in a body, so nothing else reads so
            then=Value(value=True),
        ),
        When(claim_ref__isnull=False, then=claim),
        When(source_ref__isnull=False, then=source),
        default=for_all | Q(In(DeskOnly("body"), list(desks))) if desks else for_all,
        output_field=BooleanField(),
    )


def _is_there(rows: QuerySet[Any]) -> Subquery:
    """Return whether there is such a row, null for none: looked up by its key, entry by entry.

    EXISTS the planner may answer by reading all rows there are first.
    """
    found: QuerySet[Any, Any] = rows.values(found=Value(value=True))
    return Subquery(found[:1], output_field=BooleanField())
