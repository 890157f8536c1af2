"""Claims: the list, one claim, and its history."""

import json

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from typing_extensions import override

from claims.access import visible_to
from claims.api import filters, parameters
from claims.api.answers import claims as answers
from claims.api.answers.entries import History
from claims.api.answers.envelopes import page_of
from claims.api.description import CURSOR, LIMIT, described, parameter
from claims.api.door import Given
from claims.api.lists import MOST_ROWS, ROWS, Listing, Single
from claims.api.shapes.claims import claim_shape, replacement
from claims.api.shapes.entries import entry_shape
from claims.api.shapes.parts import Asked
from claims.models import Claim, ClaimLink
from claims.queries.ledger import history
from claims.states import Basis, ClaimKind, ClaimStatus, Ground

MOST_SEQ = 2**62


@described(
    "list_claims",
    page_of(answers.Claim),
    parameter("status", "Only this status.", enum=ClaimStatus),
    parameter("ground", "Only this ground of the last decision.", enum=Ground),
    parameter("basis", "Only claims whose basis is so.", enum=Basis),
    parameter("kind", "Facts or statements only.", enum=ClaimKind),
    parameter("desk", "Only this desk's, by its slug."),
    parameter("article", "Only those that appear in this article, by its reference."),
    LIMIT,
    CURSOR,
)
class ClaimList(Listing):
    """Every claim its reader may see, newest first."""

    model = Claim
    rows = visible_to
    shape = claim_shape
    filters = {
        "status": filters.word("status", ClaimStatus),
        "ground": filters.word("ground", Ground),
        "basis": filters.word("basis", Basis),
        "kind": filters.word("kind", ClaimKind),
        "desk": filters.desk("desk_id"),
        "article": filters.of_article,
    }


@described("read_claim", answers.Claim)
class OneClaim(Single):
    """One claim; a merged or split one answers for ever, with what replaced it."""

    prefix = "ST"
    noun = "claim"
    rows = visible_to
    shape = claim_shape

    @override
    def state(self, **names: str) -> str:
        """Return the claim's revision, and what it tells of others without one of its own."""
        links = ClaimLink.objects.filter(claim=OuterRef("pk")).order_by("pk")
        parts = ClaimLink.objects.filter(other=OuterRef("pk"), is_split_off=True).order_by("pk")
        told = self.row(names["reference"]).values_list(
            "reference",
            "revision",
            "claimant__name",
            "claimant__is_confidential",
            replacement(Asked(self.actor, "")),
            ArraySubquery(links.values("other__visibility")),
            ArraySubquery(parts.values("claim__visibility")),
        )
        found = told.first()
        if found is None:
            raise self.missing()
        return json.dumps(found)


@described(
    "read_claim_history",
    History,
    parameter("before", "Only entries below this seq, from next_before.", of=int),
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
