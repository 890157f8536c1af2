"""Make the rows a folded state tells of: models as the pages read them, none of them saved.

Their keys are negative, so that nothing asked of the database through one of them can bring in
what is on record now. What is no part of an entry (a watch, an open run) is not there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import Model

from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimLink,
    Desk,
    Evidence,
    Figure,
    Flag,
    Origin,
    Proposal,
    Source,
    User,
)
from claims.queries.as_of_fields import FIELDS, REDACTED, Field, Form, figures_told, moment
from claims.queries.as_of_fold import Fields, FlagKey, LinkKey, PlaceKey, State
from claims.queries.ledger import COMMITMENT
from claims.states import ProposalState

_Row = TypeVar("_Row", bound=Model)


def commitments(value: object) -> Iterator[str]:
    """Yield the commitments to texts that stand in a value."""
    if isinstance(value, str):
        if value.startswith(COMMITMENT):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from commitments(item)
    elif isinstance(value, list):
        for item in value:
            yield from commitments(item)


@dataclass
class Rows:
    """The rows of one state, each made once.

    `texts` are those behind the commitments; `desks` those that are known by name, by slug.
    """

    state: State
    texts: Mapping[str, str | None]
    desks: dict[str, Desk] = field(default_factory=dict)
    _made: dict[tuple[type[Model], str], Model] = field(default_factory=dict)
    _keys: Iterator[int] = field(default_factory=lambda: count(-1, -1))

    def text(self, word: str | None) -> str:
        """Return the text behind a commitment; `REDACTED` where it was removed."""
        if not word:
            return ""
        text = self.texts.get(word)
        return REDACTED if text is None else text

    def claim(self, reference: str) -> Claim:
        """Return one claim, without what belongs to it."""
        return self._once(Claim, reference)

    def article(self, reference: str) -> Article:
        """Return one article."""
        return self._once(Article, reference)

    def origin(self, reference: str) -> Origin:
        """Return one origin, with all it is part of."""
        return self._once(Origin, reference)

    def evidence(self, reference: str) -> Evidence:
        """Return one piece of evidence with source, origins, what it repeats, and its figures."""
        return self._once(Evidence, reference)

    def evidence_of(self, claim: str) -> list[Evidence]:
        """Return the evidence of a claim: what is live first, then what was withdrawn."""
        rows = [self.evidence(name) for name, _ in self.state.named("EV-", claim=claim)]
        live = [row for row in rows if row.withdrawn_at is None]
        gone = [(row.withdrawn_at, row) for row in rows if row.withdrawn_at is not None]
        return live + [row for _, row in sorted(gone, key=itemgetter(0))]

    def figures_of(self, reference: str) -> list[Figure]:
        """Return the figures of a claim or of evidence."""
        told = self.state.objects.get(reference, {}).get("figures")
        figures = figures_told(self.text(told))
        for figure in figures:
            figure.pk = next(self._keys)
        return figures

    def open_flags_of(self, claim: str) -> list[Flag]:
        """Return the open flags of a claim, newest first."""
        flags = [
            self._flag(key, values)
            for key, values in self.state.flags.items()
            if key.claim == claim and values["answer"] is None
        ]
        return sorted(flags, key=lambda flag: (flag.raised_at, -flag.pk), reverse=True)

    def open_proposal_of(self, claim: str) -> Proposal | None:
        """Return what waits for a second person on a claim."""
        for reference, values in self.state.named("PR-", claim=claim):
            if values.get("state") == ProposalState.OPEN:
                return self._proposal(reference, values)
        return None

    def places(self, wanted: Callable[[PlaceKey], bool]) -> list[Appearance]:
        """Return places of claims in articles, in the order of each article."""
        found = [(key, values) for key, values in self.state.places.items() if wanted(key)]
        articles = {name: at for at, (name, _) in enumerate(self.state.named("AR-"))}
        found.sort(key=lambda item: (articles.get(item[0].article, 0), item[0].start, item[0].end))
        return [self._place(key, values) for key, values in found]

    def links(self, wanted: Callable[[LinkKey], bool]) -> list[ClaimLink]:
        """Return links between claims, oldest first."""
        found = [(key, values) for key, values in self.state.links.items() if wanted(key)]
        found.sort(key=lambda item: item[1]["seq"])
        return [
            ClaimLink(
                pk=next(self._keys),
                claim=self.claim(key.claim),
                other=self.claim(key.other),
                kind=key.kind,
                is_split_off=values["is_split_off"],
            )
            for key, values in found
        ]

    def _once(self, model: type[_Row], reference: str) -> _Row:
        known = self._made.get((model, reference))
        if isinstance(known, model):
            return known
        row = model(pk=next(self._keys), reference=reference)
        self._made[model, reference] = row
        self._fill(row, self.state.objects.get(reference, {}))
        if isinstance(row, Evidence):
            _remember(row, "figures", self.figures_of(reference))
        return row

    def _fill(self, row: Model, values: Fields) -> None:
        for name, into in FIELDS[type(row)].items():
            if name not in values:
                continue
            if into.form is Form.NAMED:
                setattr(row, into.column, self._named(row, into, values))
            else:
                setattr(row, into.column, into.told(values[name], self.text))
        if isinstance(row, Source):
            row.url = row.url or None

    def _named(self, row: Model, into: Field, values: Fields) -> Model | None:
        name = values[into.column]
        if name is None:
            return None
        model = row._meta.get_field(into.column).related_model
        if model is Desk:
            return self.desks.setdefault(name, Desk(slug=name, name=name))
        if model is User:
            return self._person(name, values.get(f"{into.column}_name"))
        assert isinstance(model, type) and model in FIELDS  # noqa: S101, PT018 - for the type checker
        return self._once(model, name)

    def _person(self, reference: str, name: str | None) -> User:
        return User(pk=next(self._keys), reference=reference, username=self.text(name))

    def _flag(self, key: FlagKey, values: Fields) -> Flag:
        return Flag(
            pk=next(self._keys),
            claim=self.claim(key.claim),
            kind=key.kind,
            cause=key.cause,
            source=self._once(Source, values["source"]) if values["source"] else None,
            evidence=self.evidence(key.evidence) if key.evidence else None,
            found=self.text(values["found"]),
            detail=self.text(values["detail"]),
            is_stealth=values["is_stealth"],
            raised_at=moment(values["raised_at"]),
        )

    def _proposal(self, reference: str, values: Fields) -> Proposal:
        row = self._once(Proposal, reference)
        row.proposed_by = self._person(values["proposed_by"], values["proposed_by_name"])
        return row

    def _place(self, key: PlaceKey, values: Fields) -> Appearance:
        return Appearance(
            pk=next(self._keys),
            claim=self.claim(key.claim),
            article=self.article(key.article),
            start=key.start,
            end=key.end,
            quote=self.text(values["quote"]),
            cue=self.text(values["cue"]),
            hedges=[self.text(word) for word in values["hedges"] or ()],
        )


def _remember(row: Model, name: str, related: Iterable[Model]) -> None:
    """Keep what a row's relation would ask the database for, as `prefetch_related` does."""
    manager: Any = getattr(row, name)
    rows = manager.get_queryset()
    rows._result_cache = list(related)  # noqa: SLF001 - the cache Django's own prefetch fills
    rows._prefetch_done = True  # noqa: SLF001 - as above
    cache: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = rows
