"""Compare the record with what its ledger says: the tables are what folding the entries gives.

Read in parts, each with the entries on its objects, so in bounded memory whatever the size. Of what
was put on record by entries that told less than they do now, only what they told is compared.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from claims.errors import LedgerBroken
from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimLink,
    Evidence,
    Figure,
    Flag,
    LedgerText,
    Origin,
    Proposal,
    Review,
    Source,
    Use,
)
from claims.models.chain import commitment
from claims.queries import as_of_entries as entries_of
from claims.queries.as_of_fields import FIELDS, Field, Form, figures_told
from claims.queries.as_of_fold import Fields, FlagKey, LinkKey, PlaceKey, State, fold
from claims.queries.as_of_rows import commitments
from claims.queries.resting import figure_value
from claims.states import QuoteState

TOGETHER = 200
LARGE_TOGETHER = 10
TEXTS_TOGETHER = 5_000
TOLD_FIRST = frozenset({"status", "ground", "basis", "visibility", "kind"})
"""What entries told of a claim from the first."""
WENT = frozenset({QuoteState.ALTERED, QuoteState.MISSING})

Texts = Mapping[str, str | None]


def verify_claims() -> int:
    """Fold all entries and compare the tables with the result; return how many claims agreed.

    Claims with their figures, evidence, flags, reviews, proposals, places, links and uses; then
    sources, origins and articles.

    Raises:
        LedgerBroken: the last entry that set a field says something else, or a row is there that
            no entry made, or missing.
    """
    count = 0
    for references in _parts(Claim, TOGETHER):
        _verify_claims(references)
        count += len(references)
    for references in _parts(Source, TOGETHER):
        _verify_own(Source, references, fold(_streamed(entries_of.of_sources(references))))
    for model, size in ((Origin, TOGETHER), (Article, LARGE_TOGETHER)):
        for references in _parts(model, size):
            entries = entries_of.of_origins_and_articles(references)
            _verify_own(model, references, fold(entries))
    return count


def _parts(model: type[Model], size: int) -> Iterator[list[str]]:
    """Yield the references of all rows in parts, by key."""
    last = 0
    rows = _rows(model).order_by("pk").values_list("pk", "reference")
    while part := list(rows.filter(pk__gt=last)[:size]):
        yield [reference for _, reference in part]
        last = part[-1][0]


def _rows(model: type[Model]) -> QuerySet[Any]:
    return QuerySet(model)


def _streamed(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=2_000)


def _verify_claims(references: Sequence[str]) -> None:
    state = fold(_streamed(entries_of.of_claims(references)))
    texts = _texts(state)
    _compare(Claim, Claim.objects.filter(reference__in=references), state, texts)
    full = [name for name in references if (name, "created_at") in state.set_at]
    for model, prefix in ((Evidence, "EV-"), (Review, "RE-"), (Proposal, "PR-"), (Use, "US-")):
        rows = _rows(model).filter(claim__reference__in=full)
        seen = _compare(model, rows, state, texts)
        for reference, fields in state.named(prefix):
            if fields["claim"] in full and reference not in seen:
                raise LedgerBroken(0, f"{reference} is in no table, though entries tell of it")
    _compare_figures(full, state, texts)
    _compare_told(_flags(full), state.flags, full, texts, _flag_told)
    _compare_told(_places(full), state.places, full, texts, _place_told)
    _compare_told(_links(full), state.links, full, texts, _link_told)


def _verify_own(model: type[Model], references: Sequence[str], state: State) -> None:
    rows = _rows(model).filter(reference__in=references)
    _compare(model, rows, state, _texts(state))


def _compare(model: type[Model], rows: QuerySet[Any], state: State, texts: Texts) -> set[str]:
    """Compare rows with what entries set; return their references."""
    fields = FIELDS[model]
    seen = set()
    for row in rows.values("reference", *{into.path for into in fields.values()}):
        reference = row["reference"]
        told = state.objects.get(reference)
        if told is None:
            raise LedgerBroken(0, f"{reference} was put on record by no entry")
        seen.add(reference)
        for name in _compared(model, reference, told, state):
            _compare_one(
                reference, fields[name], row, told[name], texts, _seq(state, reference, name)
            )
    return seen


def _seq(state: State, reference: str, name: str) -> int:
    return state.set_at.get((reference, name), 0)


def _compared(model: type[Model], reference: str, told: Fields, state: State) -> Iterator[str]:
    """Yield the fields of a row that entries told, and that they always tell."""
    is_full = model not in {Claim, Source} or (reference, "created_at") in state.set_at
    for name in FIELDS[model]:
        is_told = (reference, name) in state.set_at
        if not is_told or not (is_full or name in TOLD_FIRST):
            continue
        # what stands in place of a passage is a finding only where that went
        if name != "found" or told.get("quote_state") in WENT:
            yield name


def _compare_one(
    reference: str, into: Field, row: Mapping[str, Any], value: Any, texts: Texts, seq: int
) -> None:
    has = into.entered(row[into.path])
    if into.form is not Form.TEXT:
        if has != (None if value == "" else value):
            raise LedgerBroken(seq, f"{reference} has {into.column} {has}, the entry {value}")
    elif _is_other(has, value, texts):
        _verify_texts(LedgerText.objects.filter(commitment=value))
        raise LedgerBroken(seq, f"{reference} has another {into.column} than the entry")


def _is_other(text: str | None, word: str | None, texts: Texts) -> bool:
    """Whether a text is not the one an entry commits to; one that was removed cannot be told."""
    told = texts.get(word) if word else ""
    return told is not None and told != (text or "")


def _texts(state: State) -> Texts:
    words = sorted({word for kept in _kept(state) for word in commitments(kept)})
    found: dict[str, str | None] = {}
    for at in range(0, len(words), TEXTS_TOGETHER):
        found |= entries_of.texts_of(words[at : at + TEXTS_TOGETHER])
    return found


def _kept(state: State) -> Iterator[Fields]:
    yield from state.objects.values()
    yield from state.flags.values()
    yield from state.places.values()


def _compare_figures(claims: Sequence[str], state: State, texts: Texts) -> None:
    rows = Figure.objects.filter(ended_at__isnull=True).order_by("pk")
    own = rows.filter(claim__reference__in=claims).select_related("claim")
    quoted = rows.filter(evidence__claim__reference__in=claims).select_related("evidence")
    has: dict[str, list[object]] = {}
    for row in [*own, *quoted]:
        of = row.claim or row.evidence
        has.setdefault(of.reference if of else "", []).append(figure_value(row))
    for reference, fields in state.objects.items():
        word, seq = fields.get("figures"), _seq(state, reference, "figures")
        if (reference in claims or fields.get("claim") in claims) and (
            not word or texts.get(word) is not None
        ):
            told = [figure_value(row) for row in figures_told(texts.get(word or "") or "")]
            if has.pop(reference, []) != told:
                raise LedgerBroken(seq, f"{reference} has other figures than the entry")
    redacted = {name for name in has if state.objects.get(name, {}).get("figures")}
    for reference in has.keys() - redacted:
        raise LedgerBroken(0, f"{reference} has figures that no entry told of")


def _compare_told(
    rows: Iterable[tuple[Any, Fields]],
    told: Mapping[Any, Fields],
    claims: Sequence[str],
    texts: Texts,
    is_same: Callable[[Fields, Fields, Texts], bool],
) -> None:
    """Compare what has no reference of its own: flags, places, links."""
    has = dict(rows)
    for key, fields in told.items():
        if key.claim in claims and (key not in has or not is_same(has.pop(key), fields, texts)):
            raise LedgerBroken(fields["seq"], f"{_words(key)} is not what the entry says")
    for key in has:
        raise LedgerBroken(0, f"{_words(key)} was put on record by no entry")


def _words(key: tuple[object, ...]) -> str:
    return f"the {type(key).__name__.removesuffix('Key').lower()} {' '.join(map(str, key))}"


def _flags(claims: Sequence[str]) -> Iterator[tuple[FlagKey, Fields]]:
    rows = Flag.objects.filter(claim__reference__in=claims)
    columns = ("kind", "cause", "found", "detail", "is_stealth", "answer")
    for row in rows.values(
        *columns, "claim__reference", "evidence__reference", "source__reference"
    ):
        key = FlagKey(
            row["claim__reference"],
            row["kind"],
            str(row["cause"]),
            row["evidence__reference"] or "",
        )
        yield key, row


def _flag_told(has: Fields, told: Fields, texts: Texts) -> bool:
    words = all(not _is_other(has[name], told[name], texts) for name in ("found", "detail"))
    facts = (told["source"], told["is_stealth"], told["answer"] or "")
    return words and facts == (has["source__reference"], has["is_stealth"], has["answer"])


def _places(claims: Sequence[str]) -> Iterator[tuple[PlaceKey, Fields]]:
    rows = Appearance.objects.filter(claim__reference__in=claims)
    for row in rows.values(
        "claim__reference", "article__reference", "start", "end", "quote", "cue", "hedges"
    ):
        claim, article = row["claim__reference"], row["article__reference"]
        yield PlaceKey(claim, article, row["start"], row["end"]), {**row}


def _place_told(has: Fields, told: Fields, texts: Texts) -> bool:
    pairs = [(has[name], told[name]) for name in ("quote", "cue")]
    hedges = told["hedges"] or []
    return len(hedges) == len(has["hedges"]) and not any(
        _is_other(text, word, texts)
        for text, word in [*pairs, *zip(has["hedges"], hedges, strict=True)]
    )


def _links(claims: Sequence[str]) -> Iterator[tuple[LinkKey, Fields]]:
    rows = ClaimLink.objects.filter(claim__reference__in=claims, ended_at__isnull=True)
    for row in rows.values("claim__reference", "other__reference", "kind", "is_split_off"):
        yield LinkKey(row["claim__reference"], row["other__reference"], row["kind"]), {**row}


def _link_told(has: Fields, told: Fields, _: Texts) -> bool:
    return bool(has["is_split_off"] == told["is_split_off"])


def verify_texts() -> int:
    """Check every text against its commitment; return how many are whole.

    Raises:
        LedgerBroken: a text was altered; seq 0, the message names the commitment.
    """
    rows = LedgerText.objects.filter(text__isnull=False).order_by("commitment")
    return _verify_texts(rows)


def _verify_texts(rows: QuerySet[LedgerText]) -> int:
    count = 0
    for row in rows.iterator(chunk_size=500):
        if row.commitment != commitment(row.text or "", salt=bytes(row.salt or b"")):
            message = f"the text of {row.commitment} is not what was committed to"
            raise LedgerBroken(0, message)
        count += 1
    return count
