"""Claims: the list, one claim, and its history."""

import json
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from typing_extensions import override

from claims.access import visible_to
from claims.api import filters, json_schema, parameters, past
from claims.api.answers import claims as answers
from claims.api.answers.entries import History
from claims.api.answers.envelopes import page_of
from claims.api.answers.fields import names_of
from claims.api.description import (
    AS_OF,
    CURSOR,
    FIELDS,
    LIMIT,
    described,
    parameter,
)
from claims.api.door import Given
from claims.api.lists import ROWS, Listing, Single
from claims.api.matching import NO_REVISION
from claims.api.parameters import MOST_ROWS, MOST_SEQ
from claims.api.shapes.claims import claim_expansions, claim_shape, replacement
from claims.api.shapes.entries import entry_shape
from claims.api.shapes.past import past_claim
from claims.errors import InvalidInput
from claims.models import Claim, ClaimLink
from claims.queries.as_of import read_dossier_as_of
from claims.queries.ledger import history
from claims.states import Basis, ClaimKind, ClaimStatus, Ground

EXPAND = parameter(
    "expand",
    "Comma-separated: evidence, reviews (open ones), articles; told in whole.",
    shape=json_schema.names(claim_expansions),
    example="evidence,reviews",
)


class ClaimRows(Listing):
    """Claims, whichever way they are asked for."""

    model = Claim
    rows = visible_to
    shape = claim_shape
    expansions = claim_expansions
    field_names = names_of(answers.Claim)


@described(
    "list_claims",
    page_of(answers.Claim),
    parameter(
        "references",
        "Only these, comma-separated, at most 200; the limit is then 200.",
        shape=json_schema.references("ST", most=parameters.MOST_REFERENCES),
        example="ST-7K2M9Q,ST-1B3C5D",
    ),
    parameter("status", "Only this status.", enum=ClaimStatus),
    parameter("ground", "Only this ground of the last decision.", enum=Ground),
    parameter("basis", "Only claims whose basis is so.", enum=Basis),
    parameter("kind", "Facts or statements only.", enum=ClaimKind),
    parameter(
        "topic", "Only claims about this, by the desk's word for it.", shape=json_schema.SLUG
    ),
    parameter("desk", "Only this desk's, by its slug.", shape=json_schema.SLUG),
    parameter(
        "article",
        "Only those that appear in this article, by its reference.",
        shape=json_schema.reference("AR"),
    ),
    FIELDS,
    EXPAND,
    LIMIT,
    CURSOR,
)
class ClaimList(ClaimRows):
    """Every claim its reader may see, newest first."""

    filters = {
        "references": filters.references("ST"),
        "status": filters.word("status", ClaimStatus),
        "ground": filters.word("ground", Ground),
        "basis": filters.word("basis", Basis),
        "kind": filters.word("kind", ClaimKind),
        "topic": filters.slug("topic"),
        "desk": filters.desk("desk_id"),
        "article": filters.IN_ARTICLE,
    }


@described("read_claim", answers.Claim, FIELDS, EXPAND, *AS_OF)
class OneClaim(Single):
    """One claim; a merged or split one answers for ever, with what replaced it."""

    prefix = "ST"
    noun = "claim"
    also_known = frozenset(past.NAMES)
    rows = visible_to
    shape = claim_shape
    expansions = claim_expansions
    field_names = names_of(answers.Claim)

    @override
    def state(self, **names: str) -> str:
        """Return the claim's revision, and what it tells of others without one of its own."""
        told = list(self.told("state", names["reference"], self._state))
        asked = self.request.query_params
        if any(name in asked for name in past.NAMES):
            told[1] = NO_REVISION  # what was read is not what a write would change
        if len(asked):
            told.append(self.read_head().seq)
        return json.dumps(told)

    @override
    def body(self, given: Given, **names: str) -> str:
        seq = past.asked_seq(given)
        if seq is None:
            return super().body(given, **names)
        if "expand" in given:
            raise InvalidInput("expand", "tells the present; leave it out with as_of.")
        with past.as_asked():
            found = read_dossier_as_of(self.actor, names["reference"], seq=seq)
        return past.text(past_claim(found, self.asked), given, known=self.field_names)

    def _state(self) -> QuerySet[Claim, Any]:
        live = ClaimLink.objects.filter(ended_at__isnull=True).order_by("pk")
        parts = live.filter(other=OuterRef("pk"), is_split_off=True)
        return self.named().values_list(
            "reference",
            "revision",
            "claimant__name",
            "claimant__is_confidential",
            replacement(self.asked),
            ArraySubquery(live.filter(claim=OuterRef("pk")).values("other__visibility")),
            ArraySubquery(parts.values("claim__visibility")),
        )


@described(
    "read_claim_history",
    History,
    parameter(
        "before",
        "Only entries below this seq, from next_before.",
        shape=json_schema.whole(least=1, most=MOST_SEQ),
    ),
    LIMIT,
)
class ClaimHistory(Single):
    """The entries on one claim, newest first."""

    prefix = "ST"
    noun = "claim"
    rows = visible_to
    known = ("limit", "before")

    @override
    def body(self, given: Given, **names: str) -> str:
        limit = parameters.whole("limit", given.get("limit", str(ROWS)), least=1, most=MOST_ROWS)
        before = given.get("before")
        seq = 0 if before is None else parameters.whole("before", before, least=1, most=MOST_SEQ)
        reference = self.row(names["reference"]).values_list("reference", flat=True).first()
        if reference is None:
            raise self.missing()
        entries = history(self.actor, reference, before=seq, limit=limit + 1)
        page = [entry_shape(entry) for entry in entries[:limit]]
        next_before = entries[limit - 1].seq if len(entries) > limit else None
        told = {"claim": reference, "entries": page, "next_before": next_before}
        return json.dumps(told, ensure_ascii=False)
