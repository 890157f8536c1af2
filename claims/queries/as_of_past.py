"""Read all that some claims rested on as of a seq, in a bounded number of queries."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.access import visible_to
from claims.models import Desk, Evidence, LedgerEntry
from claims.queries import as_of_entries as entries_of
from claims.queries.as_of_fold import Folding, State, fold
from claims.queries.as_of_rows import Rows, commitments
from claims.queries.opinion import RETRACTING, opinion_of, origin_fact
from claims.rules import Opinion, OriginFact
from claims.states import FlagAnswer
from claims.types import Actor

Told = Callable[[Sequence[LedgerEntry]], Iterable[LedgerEntry]]


@dataclass(frozen=True, slots=True)
class Past:
    """Some claims as of a seq: their own entries, and the rows of what these say.

    `repeated` are references of evidence of other claims that theirs repeats, to the end of each
    chain; `seen` those of other claims that exist for the reader.
    """

    entries: Sequence[LedgerEntry]
    rows: Rows
    repeated: frozenset[str]
    seen: frozenset[str]

    @property
    def state(self) -> State:
        """What the entries say."""
        return self.rows.state

    def opinion_on(self, claim: str) -> Opinion:
        """Ask the rules about the evidence of one claim as it stood."""
        rows = [row for row in self.rows.evidence_of(claim) if row.withdrawn_at is None]
        return opinion_of(
            rows,
            repeated=list(self._repeated_by(rows)),
            origins=self._origin_facts(),
            retracted=self._retracted(rows),
        )

    def _repeated_by(self, rows: Iterable[Evidence]) -> Iterator[Evidence]:
        """Yield what rows repeat, to the end of each chain or to what was withdrawn."""
        seen: set[str] = set()
        todo = list(rows)
        while todo:
            above = todo.pop().relays_evidence
            if above is None or above.withdrawn_at is not None or above.reference in seen:
                continue
            seen.add(above.reference)
            todo.append(above)
            yield above

    def _origin_facts(self) -> dict[str, OriginFact]:
        made = (self.rows.origin(name) for name, _ in self.state.named("OR-"))
        return {
            row.reference: origin_fact(row, row.part_of.reference if row.part_of else "")
            for row in made
        }

    def _retracted(self, rows: Iterable[Evidence]) -> set[int]:
        named = {
            key.evidence
            for key, flag in self.state.flags.items()
            if key.kind in RETRACTING and flag["answer"] != FlagAnswer.STANDS
        }
        return {row.pk for row in rows if row.reference in named}


def read_past(
    actor: Actor,
    own: Collection[str],
    *,
    seq: int,
    desks: Mapping[str, Desk],
    articles: Collection[str] = (),
    told: Told | None = None,
) -> Past:
    """Read claims as of a seq; seven queries at most.

    Args:
        actor: who reads.
        own: references of claims that exist for them.
        seq: of the last entry counted.
        desks: those to be told by name, by slug.
        articles: references of articles wanted whole; of others that a claim appears in, the title.
        told: picks the entries whose texts are wanted, out of those on the claims; then the claims
            linked with them are read, too.
    """
    entries = list(entries_of.of_claims(own, seq=seq))
    state = fold(entries)
    around = _Around.read(actor, state, own if told else (), seq=seq)
    around.add_to(state, seq=seq)
    sources = _named(state, "EV-", "source")
    _add(state, entries_of.of_sources(sources, seq=seq), "SO-")
    origins = {
        *_named(state, "EV-", "origin", "relays_origin"),
        *_named(state, "ST-", "claimant"),
        *_named(state, "SO-", "publisher"),
    }
    wanted = {*origins, *articles, *(key.article for key in state.places)}
    _add(state, entries_of.of_origins_and_articles(wanted, seq=seq), "OR-", "AR-")
    for reference, fields in state.named("AR-"):
        if reference not in articles:
            fields.pop("text", None)
    words = {*_words(state), *_words_of(told(entries) if told else ())}
    rows = Rows(state, entries_of.texts_of(words), dict(desks))
    return Past(entries, rows, frozenset(around.repeated) & state.objects.keys(), around.seen)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read of other claims: evidence that is repeated, by reference, and linked claims.

    `seen` are those of these claims that exist for the reader.
    """

    repeated: Mapping[str, str]
    linked: frozenset[str]
    seen: frozenset[str]

    @classmethod
    def read(cls, actor: Actor, state: State, linked_to: Collection[str], *, seq: int) -> "_Around":
        above = _named(state, "EV-", "relays_evidence") - state.objects.keys()
        if not above and not linked_to:
            return cls({}, frozenset(), frozenset())
        repeated, linked = entries_of.neighbours(above, linked_to=linked_to, seq=seq)
        further = {name: claim for name, claim in repeated.items() if name not in state.objects}
        if linked_to:
            linked |= {key.other for key in state.links}
        wanted = {*linked, *further.values()}
        seen = visible_to(actor).filter(reference__in=wanted).values_list("reference", flat=True)
        return cls(further, frozenset(linked), frozenset(seen) if wanted else frozenset())

    def add_to(self, state: State, *, seq: int) -> None:
        """Add the evidence that is repeated, and the linked claims the reader may see."""
        linked = self.linked & self.seen
        claims = {*linked, *self.repeated.values()} - state.objects.keys()
        if not claims:
            return
        others = fold(entries_of.of_claims(claims, seq=seq))
        for reference in {*linked, *self.repeated} & others.objects.keys():
            state.objects[reference] = others.objects[reference]
        state.links |= {key: link for key, link in others.links.items() if key.claim in linked}


def _named(state: State, prefix: str, *names: str) -> set[str]:
    """Return the references that stand in fields of some objects."""
    values = (fields.get(name) for _, fields in state.named(prefix) for name in names)
    return {value for value in values if value}


def _add(state: State, rows: Iterable[Folding], *prefixes: str) -> None:
    """Add objects that have entries of their own: of others these entries do not tell the last."""
    for reference, fields in fold(rows).objects.items():
        if reference.startswith(prefixes):
            state.objects[reference] = fields


def _words(state: State) -> Iterator[str]:
    for kept in (state.objects, state.flags, state.places):
        for fields in kept.values():
            yield from commitments(fields)


def _words_of(rows: Iterable[LedgerEntry]) -> Iterator[str]:
    return (word for row in rows for word in commitments(json.loads(row.body)))
